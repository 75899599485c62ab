-- null: character_maximum_length character_octet_length character_set_catalog character_set_schema character_set_name collation_catalog collation_schema
-- null: collation_name numeric_precision numeric_precision_radix numeric_scale datetime_precision interval_type interval_precision domain_default
-- null: scope_catalog scope_schema scope_name maximum_cardinality
SELECT current_database() AS object_catalog, n.nspname AS object_schema, c.relname AS object_name, CASE WHEN c.relkind = 'v' THEN 'VIEW' ELSE 'TABLE' END AS object_type,
	CAST(a.attnum AS VARCHAR) AS collection_type_identifier, format_type(e.oid, NULL) AS data_type, current_database() AS udt_catalog,
	en.nspname AS udt_schema, e.typname AS udt_name, 'a' || CAST(a.attnum AS VARCHAR) AS dtd_identifier
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
	JOIN pg_type t ON t.oid = a.atttypid JOIN pg_type e ON e.oid = t.typelem JOIN pg_namespace en ON en.oid = e.typnamespace
WHERE a.attnum > 0 AND NOT a.attisdropped AND t.typlen = -1 AND c.relkind IN ('r', 'v', 'f', 'p')
