-- The lake's tables and PostgreSQL's own relations, and the session's temporary ones.
SELECT * FROM tarn_pg.pgb.pg_class
UNION ALL
SELECT t.oid, t.name, 3, 0, 0, 10, 0, 0, 0, 0, t.rows, 0, 0, false, false, 't', t.kind, t.columns, 0, false, false, false, false, false, true,
	'n', false, 0, 0, 0, NULL, NULL, NULL
FROM (SELECT unnest(from_json(CAST(tarn_pg_fact('temp_class', getvariable('tarn_session')) AS JSON),
	'[{"oid":"BIGINT","name":"VARCHAR","kind":"VARCHAR","rows":"BIGINT","columns":"BIGINT"}]'), max_depth := 2)) AS t
