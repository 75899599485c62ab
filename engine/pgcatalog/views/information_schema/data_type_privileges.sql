SELECT table_catalog AS object_catalog, table_schema AS object_schema, table_name AS object_name, 'TABLE' AS object_type, dtd_identifier FROM information_schema.columns
