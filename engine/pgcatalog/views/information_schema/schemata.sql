-- null: default_character_set_catalog default_character_set_schema default_character_set_name sql_path
SELECT current_database() AS catalog_name, nspname AS schema_name, pg_get_userbyid(nspowner) AS schema_owner FROM pg_namespace
