SELECT current_database() AS constraint_catalog, nc.nspname AS constraint_schema, c.conname AS constraint_name, current_database() AS table_catalog,
	nr.nspname AS table_schema, r.relname AS table_name,
	CASE c.contype WHEN 'c' THEN 'CHECK' WHEN 'f' THEN 'FOREIGN KEY' WHEN 'p' THEN 'PRIMARY KEY' WHEN 'u' THEN 'UNIQUE' END AS constraint_type,
	CASE WHEN c.condeferrable THEN 'YES' ELSE 'NO' END AS is_deferrable, CASE WHEN c.condeferred THEN 'YES' ELSE 'NO' END AS initially_deferred,
	'YES' AS enforced, CASE WHEN c.contype = 'u' THEN 'YES' END AS nulls_distinct
FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid JOIN pg_namespace nr ON nr.oid = r.relnamespace JOIN pg_namespace nc ON nc.oid = c.connamespace
WHERE c.contype NOT IN ('t', 'x') AND r.relkind IN ('r', 'p')
