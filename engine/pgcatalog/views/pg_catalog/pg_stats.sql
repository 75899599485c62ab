-- null: most_common_vals most_common_freqs correlation most_common_elems most_common_elem_freqs elem_count_histogram
-- From the catalog's statistics: the bounds are the least and the greatest value.
SELECT s.table_schema AS schemaname, s.table_name AS tablename, s.column_name AS attname, false AS inherited,
	CASE WHEN t.row_count > 0 THEN s.null_count / CAST(t.row_count AS DOUBLE) ELSE 0 END AS null_frac, 8 AS avg_width,
	CASE WHEN s.distinct_estimate IS NULL THEN 0 WHEN s.distinct_estimate * 10 > t.row_count THEN -least(1, s.distinct_estimate / CAST(t.row_count AS DOUBLE))
		ELSE s.distinct_estimate END AS n_distinct,
	CASE WHEN s.min IS NOT NULL THEN '{' || to_json(s.min) || ',' || to_json(s.max) || '}' END AS histogram_bounds
FROM tarndb.tarn.columns s JOIN tarndb.tarn.tables t ON t.table_schema = s.table_schema AND t.table_name = s.table_name
