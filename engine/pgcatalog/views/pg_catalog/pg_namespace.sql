SELECT * FROM tarn_pg.pgb.pg_namespace
UNION ALL
SELECT t.oid, t.name, 10, NULL FROM (SELECT unnest(from_json(CAST(tarn_pg_fact('temp_space', getvariable('tarn_session')) AS JSON),
	'[{"oid":"BIGINT","name":"VARCHAR"}]'), max_depth := 2)) AS t
