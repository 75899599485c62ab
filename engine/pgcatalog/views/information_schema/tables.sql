-- null: self_referencing_column_name reference_generation user_defined_type_catalog user_defined_type_schema user_defined_type_name commit_action
SELECT current_database() AS table_catalog, n.nspname AS table_schema, c.relname AS table_name,
	CASE WHEN c.relpersistence = 't' THEN 'LOCAL TEMPORARY' WHEN c.relkind IN ('r', 'p') THEN 'BASE TABLE' WHEN c.relkind = 'v' THEN 'VIEW'
		WHEN c.relkind = 'f' THEN 'FOREIGN' END AS table_type,
	CASE WHEN c.relpersistence = 't' AND c.relkind = 'r' THEN 'YES' ELSE 'NO' END AS is_insertable_into, 'NO' AS is_typed
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'v', 'f', 'p')
