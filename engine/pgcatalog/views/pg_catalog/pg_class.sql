-- The lake's tables and PostgreSQL's own relations, and those that only the session sees.
SELECT c.* FROM tarn_pg.pgb.pg_class AS c
WHERE tarn_pg_fact('hidden', getvariable('tarn_session')) = '[]'
	OR NOT list_contains(CAST(CAST(tarn_pg_fact('hidden', getvariable('tarn_session')) AS JSON) AS BIGINT[]), CAST(c.oid AS BIGINT))
UNION ALL
SELECT t.oid, t.name, t.space, 0, 0, 10, 0, 0, 0, 0, t.rows, 0, 0, false, false, t.stays, t.kind, t.columns, 0, t.kind = 'v', false, false, false, false, true,
	'n', false, 0, 0, 0, NULL, NULL, NULL
FROM (SELECT unnest(from_json(CAST(tarn_pg_fact('temp_class', getvariable('tarn_session')) AS JSON),
	'[{"oid":"BIGINT","name":"VARCHAR","space":"BIGINT","stays":"VARCHAR","kind":"VARCHAR","rows":"BIGINT","columns":"BIGINT"}]'), max_depth := 2)) AS t
