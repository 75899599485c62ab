-- In the order of the columns, in which PostgreSQL gives them without being asked: tools show them as they come.
-- null: interval_precision character_set_catalog character_set_schema character_set_name collation_catalog collation_schema collation_name
-- null: domain_catalog domain_schema domain_name scope_catalog scope_schema scope_name maximum_cardinality
-- null: identity_generation identity_start identity_increment identity_maximum identity_minimum generation_expression
SELECT current_database() AS table_catalog, n.nspname AS table_schema, c.relname AS table_name, a.attname AS column_name, a.attnum AS ordinal_position,
	NULL AS column_default, CASE WHEN a.attnotnull THEN 'NO' ELSE 'YES' END AS is_nullable,
	CASE WHEN t.typelem <> 0 AND t.typlen = -1 THEN 'ARRAY' WHEN tn.nspname = 'pg_catalog' THEN format_type(a.atttypid, NULL) ELSE 'USER-DEFINED' END AS data_type,
	CASE WHEN a.atttypid IN (1042, 1043) AND a.atttypmod <> -1 THEN a.atttypmod - 4 WHEN a.atttypid IN (1560, 1562) AND a.atttypmod <> -1 THEN a.atttypmod END AS character_maximum_length,
	CASE WHEN a.atttypid IN (25, 1042, 1043) THEN CASE WHEN a.atttypmod = -1 THEN 1073741824 ELSE 4 * (a.atttypmod - 4) END END AS character_octet_length,
	CASE a.atttypid WHEN 21 THEN 16 WHEN 23 THEN 32 WHEN 20 THEN 64 WHEN 1700 THEN CASE WHEN a.atttypmod <> -1 THEN ((a.atttypmod - 4) >> 16) & 65535 END
		WHEN 700 THEN 24 WHEN 701 THEN 53 END AS numeric_precision,
	CASE WHEN a.atttypid IN (20, 21, 23, 700, 701) THEN 2 WHEN a.atttypid = 1700 THEN 10 END AS numeric_precision_radix,
	CASE WHEN a.atttypid IN (20, 21, 23) THEN 0 WHEN a.atttypid = 1700 AND a.atttypmod <> -1 THEN (a.atttypmod - 4) & 65535 END AS numeric_scale,
	CASE WHEN a.atttypid = 1082 THEN 0 WHEN a.atttypid IN (1083, 1114, 1184, 1266, 1186) THEN CASE WHEN a.atttypmod < 0 THEN 6 ELSE a.atttypmod & 65535 END END AS datetime_precision,
	CASE WHEN a.atttypid = 1186 THEN NULL END AS interval_type,
	current_database() AS udt_catalog, tn.nspname AS udt_schema, t.typname AS udt_name, CAST(a.attnum AS VARCHAR) AS dtd_identifier,
	'NO' AS is_self_referencing, 'NO' AS is_identity, 'NO' AS identity_cycle, 'NEVER' AS is_generated,
	CASE WHEN c.relpersistence = 't' AND c.relkind = 'r' THEN 'YES' ELSE 'NO' END AS is_updatable
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
	JOIN pg_type t ON t.oid = a.atttypid JOIN pg_namespace tn ON tn.oid = t.typnamespace
WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'v', 'f', 'p')
ORDER BY n.nspname, c.relname, a.attnum
