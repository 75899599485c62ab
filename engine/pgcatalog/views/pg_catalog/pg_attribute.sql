SELECT * FROM tarn_pg.pgb.pg_attribute
UNION ALL
SELECT t.oid, t.name, t.type, -1, y.typlen, t.at, 0, -1, t.mod, y.typbyval, y.typalign, y.typstorage, '', t.not_null, false, false, '', '', false,
	true, 0, y.typcollation, NULL, NULL, NULL, NULL
FROM (SELECT unnest(from_json(CAST(tarn_pg_fact('temp_attribute', getvariable('tarn_session')) AS JSON),
	'[{"oid":"BIGINT","name":"VARCHAR","at":"BIGINT","type":"BIGINT","mod":"BIGINT","not_null":"BOOLEAN"}]'), max_depth := 2)) AS t
JOIN pg_type AS y ON y.oid = t.type
