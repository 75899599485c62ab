SELECT p.name, p.statement, p.prepare_time, p.parameter_types, p.from_sql, 0 AS generic_plans, 0 AS custom_plans
FROM (SELECT unnest(from_json(CAST(tarn_pg_fact('prepared', getvariable('tarn_session')) AS JSON),
	'[{"name":"VARCHAR","statement":"VARCHAR","prepare_time":"TIMESTAMPTZ","parameter_types":["VARCHAR"],"from_sql":"BOOLEAN"}]'), max_depth := 2)) AS p
