-- Functions over the catalog's arrays.
information_schema._pg_expandarray(a_list) AS unnest(list_transform(generate_series(1, len(a_list)), lambda i: {'x': a_list[i], 'n': CAST(i AS INTEGER)}));
information_schema._pg_truetypid(a_att, a_type) AS a_type;
pg_options_to_table(a_options) AS unnest(list_transform(a_options, lambda o: {'option_name': split_part(o, '=', 1), 'option_value': split_part(o, '=', 2)}));
pg_partition_root(a_table) AS CAST(NULL AS regclass);
