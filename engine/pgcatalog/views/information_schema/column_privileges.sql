SELECT 'tarn' AS grantor, 'PUBLIC' AS grantee, table_catalog, table_schema, table_name, column_name, 'SELECT' AS privilege_type, 'NO' AS is_grantable
FROM information_schema.columns
