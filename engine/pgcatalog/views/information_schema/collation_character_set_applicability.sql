-- null: character_set_catalog character_set_schema
SELECT current_database() AS collation_catalog, n.nspname AS collation_schema, c.collname AS collation_name, 'UTF8' AS character_set_name
FROM pg_collation c JOIN pg_namespace n ON n.oid = c.collnamespace
