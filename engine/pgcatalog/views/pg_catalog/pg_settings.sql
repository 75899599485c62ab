-- null: sourcefile sourceline
SELECT s.name, CASE WHEN v.value IS NOT NULL THEN v.value ELSE s.setting END AS setting, s.unit, s.category, s.short_desc, s.extra_desc, s.context,
	s.vartype, CASE WHEN v.value IS NOT NULL AND v.value <> s.reset_val THEN 'session' ELSE 'default' END AS source, s.min_val, s.max_val,
	s.enumvals, s.boot_val, s.reset_val, false AS pending_restart
FROM (SELECT name, setting, unit, category, short_desc, extra_desc, context, vartype, min_val, max_val, CAST(CAST(enumvals AS JSON) AS VARCHAR[]) AS enumvals,
	boot_val, reset_val FROM tarn_pg.pgb.settings) AS s
LEFT JOIN (SELECT unnest(from_json(CAST(tarn_pg_fact('settings', getvariable('tarn_session')) AS JSON),
	'[{"name":"VARCHAR","value":"VARCHAR"}]'), max_depth := 2)) AS v ON v.name = lower(s.name)
