-- Functions that return rows.
pg_get_keywords() AS TABLE SELECT word, catcode, barelabel, catdesc, CASE WHEN barelabel THEN 'can be bare label' ELSE 'requires AS' END AS baredesc FROM tarn_pg.pgb.keywords;
pg_partition_ancestors(a_table) AS TABLE SELECT CAST(a_table AS regclass) AS relid WHERE false;
pg_partition_tree(a_table) AS TABLE SELECT CAST(a_table AS regclass) AS relid, CAST(NULL AS regclass) AS parentrelid, true AS isleaf, 0 AS level WHERE false;
pg_timezone_abbrevs() AS TABLE SELECT * FROM tarn_pg.pgb.timezone_abbrevs;
pg_available_extensions() AS TABLE SELECT * FROM tarn_pg.pgb.extensions;
pg_get_publication_tables(a_name) AS TABLE SELECT CAST(NULL AS pgoid) AS relid WHERE false;
pg_options_to_table(a_options) AS TABLE SELECT split_part(o, '=', 1) AS option_name, substr(o, strpos(o, '=') + 1) AS option_value FROM (SELECT unnest(CAST(a_options AS VARCHAR[])) AS o);
aclexplode(a_acl) AS TABLE SELECT unnest(tarn_acl(a_acl), max_depth := 2);
