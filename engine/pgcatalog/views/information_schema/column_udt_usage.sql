SELECT current_database() AS udt_catalog, udt_schema, udt_name, table_catalog, table_schema, table_name, column_name FROM information_schema.columns
