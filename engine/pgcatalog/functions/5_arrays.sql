-- Functions over the catalog's arrays.
information_schema._pg_expandarray(a_list) AS unnest(list_transform(generate_series(1, len(a_list)), lambda i: {'x': a_list[i], 'n': CAST(i AS INTEGER)}));
information_schema._pg_truetypid(a_att, a_type) AS a_type;
pg_options_to_table(a_options) AS unnest(list_transform(a_options, lambda o: {'option_name': split_part(o, '=', 1), 'option_value': split_part(o, '=', 2)}));
pg_partition_root(a_table) AS CAST(NULL AS regclass);
array_upper(a_list, a_dim) AS CASE WHEN a_dim = 1 AND len(a_list) > 0 THEN CAST(len(a_list) AS INTEGER) END;
array_lower(a_list, a_dim) AS CASE WHEN a_dim = 1 AND len(a_list) > 0 THEN CAST(1 AS INTEGER) END;
array_ndims(a_list) AS CASE WHEN len(a_list) > 0 THEN CAST(1 AS INTEGER) END;
array_remove(a_list, a_value) AS list_filter(a_list, lambda e: e IS DISTINCT FROM a_value);
cardinality(a_list) AS CAST(CASE WHEN json_type(to_json(a_list)) = 'OBJECT' THEN len(json_keys(to_json(a_list))) ELSE json_array_length(to_json(a_list)) END AS INTEGER);
