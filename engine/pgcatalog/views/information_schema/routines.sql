-- null: module_catalog module_schema module_name udt_catalog udt_schema udt_name character_maximum_length character_octet_length character_set_catalog
-- null: character_set_schema character_set_name collation_catalog collation_schema collation_name numeric_precision numeric_precision_radix numeric_scale
-- null: datetime_precision interval_type interval_precision scope_catalog scope_schema scope_name maximum_cardinality routine_definition
-- null: sql_path to_sql_specific_catalog to_sql_specific_schema to_sql_specific_name as_locator created last_altered new_savepoint_level
-- null: result_cast_from_data_type result_cast_as_locator result_cast_char_max_length result_cast_char_octet_length result_cast_char_set_catalog
-- null: result_cast_char_set_schema result_cast_char_set_name result_cast_collation_catalog result_cast_collation_schema result_cast_collation_name
-- null: result_cast_numeric_precision result_cast_numeric_precision_radix result_cast_numeric_scale result_cast_datetime_precision result_cast_interval_type
-- null: result_cast_interval_precision result_cast_type_udt_catalog result_cast_type_udt_schema result_cast_type_udt_name result_cast_scope_catalog
-- null: result_cast_scope_schema result_cast_scope_name result_cast_maximum_cardinality result_cast_dtd_identifier
SELECT current_database() AS specific_catalog, n.nspname AS specific_schema, p.proname || '_' || CAST(p.oid AS VARCHAR) AS specific_name,
	current_database() AS routine_catalog, n.nspname AS routine_schema, p.proname AS routine_name,
	CASE p.prokind WHEN 'f' THEN 'FUNCTION' WHEN 'p' THEN 'PROCEDURE' END AS routine_type,
	CASE WHEN t.typelem <> 0 AND t.typlen = -1 THEN 'ARRAY' ELSE format_type(t.oid, NULL) END AS data_type, current_database() AS type_udt_catalog,
	nt.nspname AS type_udt_schema, t.typname AS type_udt_name, '0' AS dtd_identifier, CASE WHEN l.lanname = 'sql' THEN 'SQL' ELSE 'EXTERNAL' END AS routine_body,
	CASE WHEN l.lanname = 'c' THEN p.prosrc END AS external_name, upper(l.lanname) AS external_language, 'GENERAL' AS parameter_style,
	CASE WHEN p.provolatile = 'i' THEN 'YES' ELSE 'NO' END AS is_deterministic, 'MODIFIES' AS sql_data_access,
	CASE WHEN p.prokind <> 'p' THEN CASE WHEN p.proisstrict THEN 'YES' ELSE 'NO' END END AS is_null_call, 'YES' AS schema_level_routine,
	0 AS max_dynamic_result_sets, 'NO' AS is_user_defined_cast, 'NO' AS is_implicitly_invocable,
	CASE WHEN p.prosecdef THEN 'DEFINER' ELSE 'INVOKER' END AS security_type, 'NO' AS is_udt_dependent
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
	LEFT JOIN pg_type t ON t.oid = p.prorettype AND p.prokind <> 'p' LEFT JOIN pg_namespace nt ON nt.oid = t.typnamespace
WHERE p.prokind IN ('f', 'p')
