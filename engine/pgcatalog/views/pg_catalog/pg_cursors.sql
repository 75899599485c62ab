SELECT c.name, c.statement, c.is_holdable, c.is_binary, c.is_scrollable, c.creation_time
FROM (SELECT unnest(from_json(CAST(tarn_pg_fact('cursors', getvariable('tarn_session')) AS JSON),
	'[{"name":"VARCHAR","statement":"VARCHAR","is_holdable":"BOOLEAN","is_binary":"BOOLEAN","is_scrollable":"BOOLEAN","creation_time":"TIMESTAMPTZ"}]'), max_depth := 2)) AS c
