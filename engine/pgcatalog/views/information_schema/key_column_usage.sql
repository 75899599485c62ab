-- null: position_in_unique_constraint
SELECT current_database() AS constraint_catalog, k.nspname AS constraint_schema, k.conname AS constraint_name, current_database() AS table_catalog,
	k.tspname AS table_schema, k.relname AS table_name, a.attname AS column_name, k.n AS ordinal_position
FROM (SELECT nc.nspname, c.conname, nr.nspname AS tspname, r.relname, c.conrelid, unnest(c.conkey) AS attnum, generate_subscripts(c.conkey, 1) AS n
	FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid JOIN pg_namespace nr ON nr.oid = r.relnamespace JOIN pg_namespace nc ON nc.oid = c.connamespace
	WHERE c.contype IN ('p', 'u', 'f') AND r.relkind IN ('r', 'p')) AS k
JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.attnum
