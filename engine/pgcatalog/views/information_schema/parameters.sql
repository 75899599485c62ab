-- null: character_maximum_length character_octet_length character_set_catalog character_set_schema character_set_name collation_catalog collation_schema
-- null: collation_name numeric_precision numeric_precision_radix numeric_scale datetime_precision interval_type interval_precision scope_catalog
-- null: scope_schema scope_name maximum_cardinality parameter_default
SELECT current_database() AS specific_catalog, n.nspname AS specific_schema, p.proname || '_' || CAST(p.oid AS VARCHAR) AS specific_name,
	p.pos AS ordinal_position, CASE coalesce(p.mode, 'i') WHEN 'o' THEN 'OUT' WHEN 't' THEN 'OUT' WHEN 'b' THEN 'INOUT' ELSE 'IN' END AS parameter_mode,
	'NO' AS is_result, 'NO' AS as_locator, nullif(p.name, '') AS parameter_name,
	CASE WHEN t.typelem <> 0 AND t.typlen = -1 THEN 'ARRAY' WHEN nt.nspname = 'pg_catalog' THEN format_type(t.oid, NULL) ELSE 'USER-DEFINED' END AS data_type,
	current_database() AS udt_catalog, nt.nspname AS udt_schema, t.typname AS udt_name, CAST(p.pos AS VARCHAR) AS dtd_identifier
FROM (SELECT oid, proname, pronamespace, typ, pos, proargmodes[pos] AS mode, proargnames[pos] AS name
		FROM (SELECT oid, proname, pronamespace, proargmodes, proargnames, unnest(types) AS typ, unnest(range(1, len(types) + 1)) AS pos
			FROM (SELECT *, coalesce(CAST(proallargtypes AS UBIGINT[]), CAST(proargtypes AS UBIGINT[])) AS types FROM pg_proc WHERE prokind IN ('f', 'p', 'a', 'w')))) p
	JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_type t ON t.oid = p.typ JOIN pg_namespace nt ON nt.oid = t.typnamespace
