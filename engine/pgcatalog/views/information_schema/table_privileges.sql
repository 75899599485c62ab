SELECT 'tarn' AS grantor, 'PUBLIC' AS grantee, table_catalog, table_schema, table_name, 'SELECT' AS privilege_type, 'NO' AS is_grantable, 'YES' AS with_hierarchy
FROM information_schema.tables
