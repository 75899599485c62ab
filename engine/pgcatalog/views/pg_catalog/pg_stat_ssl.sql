-- null: client_dn client_serial issuer_dn
SELECT s.pid, s.tls <> '' AS ssl, nullif(s.tls, '') AS version, nullif(s.cipher, '') AS cipher,
	CASE WHEN s.tls <> '' THEN CASE WHEN contains(s.cipher, '128') THEN 128 ELSE 256 END END AS bits
FROM (SELECT unnest(from_json(CAST(tarn_pg_fact('sessions', getvariable('tarn_session')) AS JSON),
	'[{"pid":"INTEGER","tls":"VARCHAR","cipher":"VARCHAR"}]'), max_depth := 2)) AS s
