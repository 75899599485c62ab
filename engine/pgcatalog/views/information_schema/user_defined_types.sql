-- null: ordering_form ordering_category ordering_routine_catalog ordering_routine_schema ordering_routine_name reference_type data_type
-- null: character_maximum_length character_octet_length character_set_catalog character_set_schema character_set_name collation_catalog collation_schema
-- null: collation_name numeric_precision numeric_precision_radix numeric_scale datetime_precision interval_type interval_precision
-- null: source_dtd_identifier ref_dtd_identifier
SELECT current_database() AS user_defined_type_catalog, n.nspname AS user_defined_type_schema, c.relname AS user_defined_type_name,
	'STRUCTURED' AS user_defined_type_category, 'YES' AS is_instantiable, 'YES' AS is_final
FROM pg_namespace n JOIN pg_class c ON n.oid = c.relnamespace WHERE c.relkind = 'c'
