-- Functions of PostgreSQL that DuckDB lacks or does otherwise. A call of one gets the name of its macro.

CREATE MACRO nonzero(x) AS CASE WHEN x = 0 THEN error('division by zero') ELSE x END;

-- texts
CREATE MACRO overlay(s, new, start) AS substring(s, 1, start - 1) || new || substring(s, start + length(new)),
	(s, new, start, count) AS substring(s, 1, start - 1) || new || substring(s, start + count);
CREATE MACRO substring_match(s, pattern) AS CASE WHEN regexp_matches(s, pattern) THEN regexp_extract(s, pattern) END;
CREATE MACRO substring_group(s, pattern) AS CASE WHEN regexp_matches(s, pattern) THEN regexp_extract(s, pattern, 1) END;
CREATE MACRO lpad(s, n) AS CASE WHEN length(s) >= n THEN left(s, greatest(n, 0)) ELSE repeat(' ', n - length(s)) || s END,
	(s, n, fill) AS system.main.lpad(s, CAST(n AS INTEGER), fill);
CREATE MACRO rpad(s, n) AS CASE WHEN length(s) >= n THEN left(s, greatest(n, 0)) ELSE s || repeat(' ', n - length(s)) END,
	(s, n, fill) AS system.main.rpad(s, CAST(n AS INTEGER), fill);
CREATE MACRO initcap(s) AS array_to_string([upper(left(w, 1)) || lower(substring(w, 2)) for w in regexp_extract_all(s, '[[:alnum:]]+|[^[:alnum:]]+')], '');
CREATE MACRO quote_nullable(s) AS coalesce('''' || replace(CAST(s AS VARCHAR), '''', '''''') || '''', 'NULL');
CREATE MACRO split_part(s, sep, n) AS CASE WHEN n = 0 THEN error('field position must not be zero') ELSE system.main.split_part(s, sep, n) END;
CREATE MACRO to_hex(n) AS CASE WHEN n < 0 AND typeof(n) = 'INTEGER' THEN lower(system.main.to_hex(CAST(CAST(n AS BIGINT) + 4294967296 AS BIGINT))) ELSE lower(system.main.to_hex(n)) END;
CREATE MACRO regexp_substr(s, pattern) AS CASE WHEN regexp_matches(s, pattern) THEN regexp_extract(s, pattern) END;
CREATE MACRO decode(x) AS system.main.decode(x), (s, format) AS CASE lower(format) WHEN 'hex' THEN unhex(s) WHEN 'base64' THEN from_base64(s) ELSE error('unrecognized encoding: "' || format || '"') END;
-- A BLOB as text is \x and digits.
CREATE MACRO octet_length(x) AS CASE WHEN typeof(x) = 'BLOB' THEN (strlen(CAST(x AS VARCHAR)) - 2) // 2 ELSE strlen(CAST(x AS VARCHAR)) END;
CREATE MACRO convert_from(b, encoding) AS CASE WHEN lower(encoding) IN ('utf8', 'utf-8', 'unicode') THEN system.main.decode(b) ELSE error('conversion from encoding "' || encoding || '" is not supported') END;
CREATE MACRO convert_to(s, encoding) AS CASE WHEN lower(encoding) IN ('utf8', 'utf-8', 'unicode') THEN system.main.encode(s) ELSE error('conversion to encoding "' || encoding || '" is not supported') END;
CREATE MACRO concat_all(list) AS CASE WHEN list IS NOT NULL THEN coalesce(array_to_string(list, ''), '') END;
CREATE MACRO concat_list(sep, list) AS CASE WHEN sep IS NOT NULL AND list IS NOT NULL THEN coalesce(array_to_string(list, sep), '') END;

-- numbers
-- With room for digits behind the point: what DuckDB combines with a DECIMAL(38,0) it rounds, as in UNION and coalesce.
CREATE MACRO div(a, b) AS CAST(trunc(a / CASE WHEN b = 0 THEN error('division by zero') ELSE b END) AS DECIMAL(28,0));
CREATE MACRO mod(a, b) AS a % CASE WHEN b = 0 THEN error('division by zero') ELSE b END;
CREATE MACRO width_bucket(x, low, high, n) AS CASE WHEN x < low THEN 0 WHEN x >= high THEN n + 1 ELSE CAST(floor((x - low) / ((high - low) / CAST(n AS DOUBLE))) AS INTEGER) + 1 END;
CREATE MACRO num_nulls(a) AS CAST(a IS NULL AS INTEGER), (a, b) AS CAST(a IS NULL AS INTEGER) + CAST(b IS NULL AS INTEGER),
	(a, b, c) AS CAST(a IS NULL AS INTEGER) + CAST(b IS NULL AS INTEGER) + CAST(c IS NULL AS INTEGER);
CREATE MACRO num_nonnulls(a) AS CAST(a IS NOT NULL AS INTEGER), (a, b) AS CAST(a IS NOT NULL AS INTEGER) + CAST(b IS NOT NULL AS INTEGER),
	(a, b, c) AS CAST(a IS NOT NULL AS INTEGER) + CAST(b IS NOT NULL AS INTEGER) + CAST(c IS NOT NULL AS INTEGER);

-- arrays
-- x OPERATOR ANY (list), of which hit is whether one of its elements is found: NULL if an element that is NULL might be the one.
CREATE MACRO any_is(hit, x, list) AS CASE WHEN hit THEN true WHEN len(list) = 0 THEN false WHEN x IS NULL OR list IS NULL OR len(list) > list_count(list) THEN NULL ELSE false END;
CREATE MACRO any_eq(x, list) AS tarndb.tarn_pgsql.any_is(list_contains(list, x), x, list);
CREATE MACRO any_ne(x, list) AS tarndb.tarn_pgsql.any_is(x <> list_min(list) OR x <> list_max(list), x, list);
CREATE MACRO any_lt(x, list) AS tarndb.tarn_pgsql.any_is(x < list_max(list), x, list);
CREATE MACRO any_le(x, list) AS tarndb.tarn_pgsql.any_is(x <= list_max(list), x, list);
CREATE MACRO any_gt(x, list) AS tarndb.tarn_pgsql.any_is(x > list_min(list), x, list);
CREATE MACRO any_ge(x, list) AS tarndb.tarn_pgsql.any_is(x >= list_min(list), x, list);
-- rows, column by column
CREATE MACRO row_eq(a1, a2, b1, b2) AS a1 = b1 AND a2 = b2,
	(a1, a2, a3, b1, b2, b3) AS a1 = b1 AND a2 = b2 AND a3 = b3,
	(a1, a2, a3, a4, b1, b2, b3, b4) AS a1 = b1 AND a2 = b2 AND a3 = b3 AND a4 = b4,
	(a1, a2, a3, a4, a5, b1, b2, b3, b4, b5) AS a1 = b1 AND a2 = b2 AND a3 = b3 AND a4 = b4 AND a5 = b5,
	(a1, a2, a3, a4, a5, a6, b1, b2, b3, b4, b5, b6) AS a1 = b1 AND a2 = b2 AND a3 = b3 AND a4 = b4 AND a5 = b5 AND a6 = b6;
CREATE MACRO row_ne(a1, a2, b1, b2) AS a1 <> b1 OR a2 <> b2,
	(a1, a2, a3, b1, b2, b3) AS a1 <> b1 OR a2 <> b2 OR a3 <> b3,
	(a1, a2, a3, a4, b1, b2, b3, b4) AS a1 <> b1 OR a2 <> b2 OR a3 <> b3 OR a4 <> b4,
	(a1, a2, a3, a4, a5, b1, b2, b3, b4, b5) AS a1 <> b1 OR a2 <> b2 OR a3 <> b3 OR a4 <> b4 OR a5 <> b5,
	(a1, a2, a3, a4, a5, a6, b1, b2, b3, b4, b5, b6) AS a1 <> b1 OR a2 <> b2 OR a3 <> b3 OR a4 <> b4 OR a5 <> b5 OR a6 <> b6;
CREATE MACRO row_lt(a1, a2, b1, b2) AS a1 < b1 OR a1 = b1 AND (a2 < b2),
	(a1, a2, a3, b1, b2, b3) AS a1 < b1 OR a1 = b1 AND (a2 < b2 OR a2 = b2 AND (a3 < b3)),
	(a1, a2, a3, a4, b1, b2, b3, b4) AS a1 < b1 OR a1 = b1 AND (a2 < b2 OR a2 = b2 AND (a3 < b3 OR a3 = b3 AND (a4 < b4))),
	(a1, a2, a3, a4, a5, b1, b2, b3, b4, b5) AS a1 < b1 OR a1 = b1 AND (a2 < b2 OR a2 = b2 AND (a3 < b3 OR a3 = b3 AND (a4 < b4 OR a4 = b4 AND (a5 < b5)))),
	(a1, a2, a3, a4, a5, a6, b1, b2, b3, b4, b5, b6) AS a1 < b1 OR a1 = b1 AND (a2 < b2 OR a2 = b2 AND (a3 < b3 OR a3 = b3 AND (a4 < b4 OR a4 = b4 AND (a5 < b5 OR a5 = b5 AND (a6 < b6)))));
CREATE MACRO row_le(a1, a2, b1, b2) AS a1 < b1 OR a1 = b1 AND (a2 <= b2),
	(a1, a2, a3, b1, b2, b3) AS a1 < b1 OR a1 = b1 AND (a2 < b2 OR a2 = b2 AND (a3 <= b3)),
	(a1, a2, a3, a4, b1, b2, b3, b4) AS a1 < b1 OR a1 = b1 AND (a2 < b2 OR a2 = b2 AND (a3 < b3 OR a3 = b3 AND (a4 <= b4))),
	(a1, a2, a3, a4, a5, b1, b2, b3, b4, b5) AS a1 < b1 OR a1 = b1 AND (a2 < b2 OR a2 = b2 AND (a3 < b3 OR a3 = b3 AND (a4 < b4 OR a4 = b4 AND (a5 <= b5)))),
	(a1, a2, a3, a4, a5, a6, b1, b2, b3, b4, b5, b6) AS a1 < b1 OR a1 = b1 AND (a2 < b2 OR a2 = b2 AND (a3 < b3 OR a3 = b3 AND (a4 < b4 OR a4 = b4 AND (a5 < b5 OR a5 = b5 AND (a6 <= b6)))));
CREATE MACRO row_gt(a1, a2, b1, b2) AS a1 > b1 OR a1 = b1 AND (a2 > b2),
	(a1, a2, a3, b1, b2, b3) AS a1 > b1 OR a1 = b1 AND (a2 > b2 OR a2 = b2 AND (a3 > b3)),
	(a1, a2, a3, a4, b1, b2, b3, b4) AS a1 > b1 OR a1 = b1 AND (a2 > b2 OR a2 = b2 AND (a3 > b3 OR a3 = b3 AND (a4 > b4))),
	(a1, a2, a3, a4, a5, b1, b2, b3, b4, b5) AS a1 > b1 OR a1 = b1 AND (a2 > b2 OR a2 = b2 AND (a3 > b3 OR a3 = b3 AND (a4 > b4 OR a4 = b4 AND (a5 > b5)))),
	(a1, a2, a3, a4, a5, a6, b1, b2, b3, b4, b5, b6) AS a1 > b1 OR a1 = b1 AND (a2 > b2 OR a2 = b2 AND (a3 > b3 OR a3 = b3 AND (a4 > b4 OR a4 = b4 AND (a5 > b5 OR a5 = b5 AND (a6 > b6)))));
CREATE MACRO row_ge(a1, a2, b1, b2) AS a1 > b1 OR a1 = b1 AND (a2 >= b2),
	(a1, a2, a3, b1, b2, b3) AS a1 > b1 OR a1 = b1 AND (a2 > b2 OR a2 = b2 AND (a3 >= b3)),
	(a1, a2, a3, a4, b1, b2, b3, b4) AS a1 > b1 OR a1 = b1 AND (a2 > b2 OR a2 = b2 AND (a3 > b3 OR a3 = b3 AND (a4 >= b4))),
	(a1, a2, a3, a4, a5, b1, b2, b3, b4, b5) AS a1 > b1 OR a1 = b1 AND (a2 > b2 OR a2 = b2 AND (a3 > b3 OR a3 = b3 AND (a4 > b4 OR a4 = b4 AND (a5 >= b5)))),
	(a1, a2, a3, a4, a5, a6, b1, b2, b3, b4, b5, b6) AS a1 > b1 OR a1 = b1 AND (a2 > b2 OR a2 = b2 AND (a3 > b3 OR a3 = b3 AND (a4 > b4 OR a4 = b4 AND (a5 > b5 OR a5 = b5 AND (a6 >= b6)))));
-- An element that is NULL is in no list.
CREATE MACRO contains_all(a, b) AS CASE WHEN len(b) = list_count(b) THEN list_has_all(a, b) WHEN a IS NULL OR b IS NULL THEN NULL ELSE false END;
CREATE MACRO contained_in(a, b) AS tarndb.tarn_pgsql.contains_all(b, a);
-- A list of lists is an array of several dimensions; the type says of how many, the first elements how long they are.
CREATE MACRO depth_of(a) AS CAST(len(regexp_extract_all(regexp_extract(typeof(a), '(\[\d*\])+$'), '\[')) AS INTEGER);
CREATE MACRO length_in(a, d) AS CAST(json_array_length(to_json(a[1:1]), '$' || repeat('[0]', CAST(d - 1 AS BIGINT))) AS BIGINT);
CREATE MACRO array_upper(a, d) AS CASE WHEN d = 1 THEN nullif(len(a), 0) WHEN d > 1 AND d <= tarndb.tarn_pgsql.depth_of(a) THEN nullif(tarndb.tarn_pgsql.length_in(a, d), 0) END;
CREATE MACRO array_lower(a, d) AS CASE WHEN tarndb.tarn_pgsql.array_upper(a, d) > 0 THEN 1 END;
CREATE MACRO array_length(a, d) AS tarndb.tarn_pgsql.array_upper(a, d), (a) AS len(a);
CREATE MACRO array_ndims(a) AS CASE WHEN len(a) > 0 THEN tarndb.tarn_pgsql.depth_of(a) END;
CREATE MACRO cardinality_of(a) AS CASE WHEN tarndb.tarn_pgsql.depth_of(a) > 1 THEN list_product(list_transform(range(1, tarndb.tarn_pgsql.depth_of(a) + 1), lambda d: CASE WHEN d = 1 THEN len(a) ELSE tarndb.tarn_pgsql.length_in(a, d) END)) ELSE len(a) END;
CREATE MACRO array_cat(a, b) AS CASE WHEN a IS NULL THEN b WHEN b IS NULL THEN a ELSE list_concat(a, b) END;
CREATE MACRO array_remove(a, x) AS list_filter(a, lambda e: e IS DISTINCT FROM x);
CREATE MACRO array_replace(a, x, y) AS list_transform(a, lambda e: CASE WHEN e IS NOT DISTINCT FROM x THEN y ELSE e END);
CREATE MACRO array_fill(x, n) AS [x for i in range(n[1])];
CREATE MACRO array_to_string(a, sep) AS system.main.array_to_string(list_transform(list_filter(a, lambda e: e IS NOT NULL), lambda e: CAST(e AS VARCHAR)), sep),
	(a, sep, nothing) AS system.main.array_to_string(list_transform(a, lambda e: coalesce(CAST(e AS VARCHAR), nothing)), sep);

-- dates and times
CREATE MACRO date_bin(stride, t, origin) AS time_bucket(CAST(stride AS INTERVAL), t, origin);
-- What is over a day, or a month, goes over; parts of one sign (interval_justify_hours and _days in PostgreSQL's timestamp.c).
CREATE MACRO time_of(i) AS CAST(datepart('hour', CAST(i AS INTERVAL)) AS BIGINT) * 3600000000 + CAST(datepart('minute', CAST(i AS INTERVAL)) AS BIGINT) * 60000000 + CAST(datepart('microseconds', CAST(i AS INTERVAL)) AS BIGINT);
CREATE MACRO months_of(i) AS CAST(datepart('year', CAST(i AS INTERVAL)) * 12 + datepart('month', CAST(i AS INTERVAL)) AS INTEGER);
CREATE MACRO day_time_of(i) AS CAST(datepart('day', CAST(i AS INTERVAL)) AS BIGINT) * 86400000000 + tarndb.tarn_pgsql.time_of(i);
CREATE MACRO justify_hours(i) AS to_months(tarndb.tarn_pgsql.months_of(i)) + to_days(CAST(tarndb.tarn_pgsql.day_time_of(i) // 86400000000 AS INTEGER)) + to_microseconds(tarndb.tarn_pgsql.day_time_of(i) % 86400000000);
CREATE MACRO justify_days(i) AS to_months(CAST((tarndb.tarn_pgsql.months_of(i) * 30 + CAST(datepart('day', CAST(i AS INTERVAL)) AS INTEGER)) // 30 AS INTEGER)) + to_days(CAST((tarndb.tarn_pgsql.months_of(i) * 30 + CAST(datepart('day', CAST(i AS INTERVAL)) AS INTEGER)) % 30 AS INTEGER)) + to_microseconds(tarndb.tarn_pgsql.time_of(i));
CREATE MACRO timeofday() AS strftime(now(), '%a %b %d %H:%M:%S.%f %Y %Z');

CREATE MACRO xid_age(x) AS CAST(0 AS INTEGER);

-- json
CREATE MACRO json_extract_path_text(j, k) AS j ->> k, (j, k, l) AS (j -> k) ->> l;
CREATE MACRO json_contains(a, b) AS CAST(tarn_pg_text('json_contains', CAST(a AS VARCHAR), CAST(b AS VARCHAR)) AS BOOLEAN);
CREATE MACRO json_contained(a, b) AS tarndb.tarn_pgsql.json_contains(b, a);
CREATE MACRO json_exists_all(j, keys) AS CAST(tarn_pg_text('json_exists_all', CAST(j AS VARCHAR), CAST(to_json(keys) AS VARCHAR)) AS BOOLEAN);
CREATE MACRO json_exists_any(j, keys) AS CAST(tarn_pg_text('json_exists_any', CAST(j AS VARCHAR), CAST(to_json(keys) AS VARCHAR)) AS BOOLEAN);
CREATE MACRO json_exists(j, k) AS tarndb.tarn_pgsql.json_exists_all(j, CASE WHEN k IS NOT NULL THEN [k] END);
CREATE MACRO json_concat(a, b) AS CAST(tarn_pg_text('json_concat', CAST(a AS VARCHAR), CAST(b AS VARCHAR)) AS JSON);
CREATE MACRO json_delete(j, k) AS CAST(tarn_pg_text('json_delete', CAST(j AS VARCHAR), CAST(to_json(k) AS VARCHAR)) AS JSON);
CREATE MACRO json_delete_path(j, path) AS CAST(tarn_pg_text('json_delete_path', CAST(j AS VARCHAR), CAST(to_json(path) AS VARCHAR)) AS JSON);
CREATE MACRO jsonb_set(j, path, v) AS CAST(tarn_pg_text('json_set', CAST(j AS VARCHAR), CAST(to_json(path) AS VARCHAR), CAST(v AS VARCHAR), 'true') AS JSON),
	(j, path, v, missing) AS CAST(tarn_pg_text('json_set', CAST(j AS VARCHAR), CAST(to_json(path) AS VARCHAR), CAST(v AS VARCHAR), CAST(missing AS VARCHAR)) AS JSON);
CREATE MACRO json_extract_path(j, k) AS j -> k, (j, k, l) AS (j -> k) -> l;
-- texts that PostgreSQL reads and writes
CREATE MACRO quote_ident(s) AS CASE WHEN regexp_full_match(s, '[a-z_][a-z0-9_$]*') AND NOT list_contains(string_split('all analyse analyze and any array as asc asymmetric both case cast check collate column constraint create current_catalog current_date current_role current_time current_timestamp current_user default deferrable desc distinct do else end except false fetch for foreign from grant group having in initially intersect into lateral leading limit localtime localtimestamp not null offset on only or order placing primary references returning select session_user some symmetric table then to trailing true union unique user using variadic when where window with between bigint bit boolean char character coalesce dec decimal exists extract float greatest grouping inout int integer interval least national nchar none normalize nullif numeric out overlay position precision real row setof smallint substring time timestamp treat trim values varchar authorization binary collation concurrently cross current_schema freeze full ilike inner is isnull join left like natural notnull outer overlaps right similar tablesample verbose', ' '), s) THEN s ELSE '"' || replace(s, '"', '""') || '"' END;
CREATE MACRO quote_literal(s) AS CASE WHEN contains(CAST(s AS VARCHAR), '\') THEN 'E''' || replace(replace(CAST(s AS VARCHAR), '''', ''''''), '\', '\\') || '''' ELSE '''' || replace(CAST(s AS VARCHAR), '''', '''''') || '''' END;
CREATE MACRO encode(x) AS system.main.encode(x), (b, format) AS CASE lower(format) WHEN 'hex' THEN lower(hex(CAST(b AS BLOB))) WHEN 'base64' THEN base64(CAST(b AS BLOB)) WHEN 'escape' THEN tarn_pg_text('encode_escape', hex(CAST(b AS BLOB))) ELSE error('unrecognized encoding: "' || format || '"') END;
CREATE MACRO regexp_match(s, pattern) AS CAST(CAST(tarn_pg_text('regexp_match', s, pattern) AS JSON) AS VARCHAR[]),
	(s, pattern, flags) AS CAST(CAST(tarn_pg_text('regexp_match', s, pattern, flags) AS JSON) AS VARCHAR[]);
CREATE MACRO regexp_matches_all(s, pattern, flags) AS CAST(CAST(tarn_pg_text('regexp_matches', s, pattern, flags) AS JSON) AS VARCHAR[][]);
CREATE MACRO regexp_instr(s, pattern) AS CAST(tarn_pg_text('regexp_instr', s, pattern) AS INTEGER);
CREATE MACRO regexp_count(s, pattern) AS CAST(len(regexp_extract_all(s, pattern)) AS INTEGER);
CREATE MACRO regexp_split_to_table(s, pattern) AS string_split_regex(s, pattern);
CREATE MACRO string_to_table(s, sep) AS string_split(s, sep);
CREATE MACRO string_to_array(s, sep) AS CASE WHEN s = '' THEN [] ELSE string_split(s, coalesce(sep, '')) END,
	(s, sep, nothing) AS list_transform(CASE WHEN s = '' THEN [] ELSE string_split(s, coalesce(sep, '')) END, lambda e: nullif(e, nothing));
CREATE MACRO like_any(s, patterns) AS tarndb.tarn_pgsql.any_is(list_bool_or(list_transform(patterns, lambda e: CASE WHEN contains(CAST(e AS VARCHAR), '\') THEN s LIKE e ESCAPE '\' ELSE s LIKE e END)), s, patterns);
CREATE MACRO ilike_any(s, patterns) AS tarndb.tarn_pgsql.any_is(list_bool_or(list_transform(patterns, lambda e: CASE WHEN contains(CAST(e AS VARCHAR), '\') THEN s ILIKE e ESCAPE '\' ELSE s ILIKE e END)), s, patterns);
CREATE MACRO like_escaped(s, pattern) AS CASE WHEN contains(CAST(pattern AS VARCHAR), '\') THEN s LIKE pattern ESCAPE '\' ELSE s LIKE pattern END;
CREATE MACRO ilike_escaped(s, pattern) AS CASE WHEN contains(CAST(pattern AS VARCHAR), '\') THEN s ILIKE pattern ESCAPE '\' ELSE s ILIKE pattern END;
CREATE MACRO similar_pattern(pattern, escape) AS tarn_pg_text('similar_pattern', pattern, escape);
CREATE MACRO normalize(s) AS nfc_normalize(s);
CREATE MACRO to_char(x, format) AS tarn_pg_text('to_char', typeof(x), CAST(x AS VARCHAR), format);
CREATE MACRO to_number(s, format) AS CAST(tarn_pg_text('to_number', s, format) AS DECIMAL(38,10));
CREATE MACRO to_date(s, format) AS CAST(CAST(tarn_pg_text('to_timestamp', s, format) AS TIMESTAMP) AS DATE);
CREATE MACRO to_timestamp(x) AS system.main.to_timestamp(x), (s, format) AS CAST(CAST(tarn_pg_text('to_timestamp', s, format) AS TIMESTAMP) AS TIMESTAMP WITH TIME ZONE);
CREATE MACRO pg_typeof(x) AS tarn_pg_text('pg_typeof', typeof(x));
CREATE MACRO array_positions(a, x) AS CAST(list_filter(range(1, len(a) + 1), lambda i: a[i] IS NOT DISTINCT FROM x) AS INTEGER[]);
CREATE MACRO trim_array(a, n) AS a[1:len(a) - n];
CREATE MACRO array_dims(a) AS CASE WHEN len(a) > 0 THEN '[1:' || len(a) || ']' || array_to_string(list_transform(range(2, tarndb.tarn_pgsql.depth_of(a) + 1), lambda d: '[1:' || tarndb.tarn_pgsql.length_in(a, d) || ']'), '') END;
CREATE MACRO seconds(x) AS CAST(datepart('microseconds', x) / 1000000.0 AS DECIMAL(18,6));
CREATE MACRO milliseconds(x) AS CAST(datepart('microseconds', x) / 1000.0 AS DECIMAL(18,3));
CREATE MACRO make_interval(years := 0, months := 0, weeks := 0, days := 0, hours := 0, mins := 0, secs := 0) AS to_years(years) + to_months(months) + to_weeks(weeks) + to_days(days) + to_hours(hours) + to_minutes(mins) + to_microseconds(CAST(secs * 1000000 AS BIGINT));
CREATE MACRO json_typeof(j) AS CASE WHEN j IS NOT NULL THEN CASE system.main.json_type(j) WHEN 'OBJECT' THEN 'object' WHEN 'ARRAY' THEN 'array' WHEN 'VARCHAR' THEN 'string' WHEN 'BOOLEAN' THEN 'boolean' WHEN 'NULL' THEN 'null' ELSE 'number' END END;
CREATE MACRO json_array_elements(j) AS list_transform(CAST(CAST(j AS JSON) AS JSON[]), lambda e: coalesce(e, CAST('null' AS JSON)));
CREATE MACRO json_array_elements_text(j) AS list_transform(CAST(CAST(j AS JSON) AS JSON[]), lambda e: e ->> '$');
CREATE MACRO json_object_keys(j) AS json_keys(j);
CREATE MACRO json_strip_nulls(j) AS json_merge_patch('{}', j);
CREATE MACRO jsonb_pretty(j) AS json_pretty(CAST(j AS JSON));

-- comparisons and intervals
CREATE MACRO between_symmetric(x, a, b) AS x >= a AND x <= b OR x >= b AND x <= a;
-- Of a pair with NULL the other one is the start, and its end is unknown. s and t are the starts.
CREATE MACRO overlapping(s, a, b, t, c, d) AS CASE WHEN s > t THEN s < greatest(c, d) AND NOT (c IS NULL OR d IS NULL) OR CASE WHEN c IS NULL OR d IS NULL OR a IS NULL OR b IS NULL THEN NULL ELSE false END
	WHEN s < t THEN t < greatest(a, b) AND NOT (a IS NULL OR b IS NULL) OR CASE WHEN a IS NULL OR b IS NULL OR c IS NULL OR d IS NULL THEN NULL ELSE false END
	WHEN s = t THEN CASE WHEN a IS NULL OR b IS NULL OR c IS NULL OR d IS NULL THEN NULL ELSE true END END;
CREATE MACRO overlaps(a, b, c, d) AS tarndb.tarn_pgsql.overlapping(least(a, b), a, b, least(c, d), c, d);
CREATE MACRO divided(i, n) AS i * (1.0 / CAST(n AS DOUBLE));
CREATE MACRO justified(us) AS to_months(CAST(trunc(us / 2592000000000) AS INTEGER)) + to_days(CAST(trunc((us % 2592000000000) / 86400000000) AS INTEGER)) + to_microseconds(CAST(us % 86400000000 AS BIGINT));
CREATE MACRO justify_interval(i) AS tarndb.tarn_pgsql.justified(CAST(datepart('year', i) * 12 + datepart('month', i) AS BIGINT) * 2592000000000 + CAST(datepart('day', i) AS BIGINT) * 86400000000
	+ CAST(datepart('hour', i) AS BIGINT) * 3600000000 + CAST(datepart('minute', i) AS BIGINT) * 60000000 + CAST(datepart('microseconds', i) AS BIGINT));

-- casts that are called, and numbers
CREATE MACRO int2(x) AS CAST(x AS SMALLINT);
CREATE MACRO int4(x) AS CAST(x AS INTEGER);
CREATE MACRO int8(x) AS CAST(x AS BIGINT);
CREATE MACRO float4(x) AS CAST(x AS FLOAT);
CREATE MACRO float8(x) AS CAST(x AS DOUBLE);
CREATE MACRO text(x) AS CAST(x AS VARCHAR);
CREATE MACRO scale(x) AS CAST(length(split_part(CAST(x AS VARCHAR), '.', 2)) AS INTEGER);
CREATE MACRO min_scale(x) AS CAST(length(rtrim(split_part(CAST(x AS VARCHAR), '.', 2), '0')) AS INTEGER);

-- bytes
CREATE MACRO get_byte(b, n) AS CAST(('0x' || substring(hex(b), 2 * n + 1, 2)) AS INTEGER);
CREATE MACRO unistr(s) AS tarn_pg_text('unistr', s);
