-- null: leader_pid client_hostname wait_event_type wait_event backend_xid backend_xmin query_id
SELECT 16384 AS datid, current_database() AS datname, s.pid, coalesce(r.oid, 10) AS usesysid, s.usename, s.application_name, s.client_addr, s.client_port,
	s.backend_start, s.xact_start, s.query_start, s.state_change, s.state, s.query, 'client backend' AS backend_type
FROM (SELECT unnest(from_json(CAST(tarn_pg_fact('sessions', getvariable('tarn_session')) AS JSON),
	'[{"pid":"INTEGER","usename":"VARCHAR","application_name":"VARCHAR","client_addr":"VARCHAR","client_port":"INTEGER","backend_start":"TIMESTAMPTZ","xact_start":"TIMESTAMPTZ","query_start":"TIMESTAMPTZ","state_change":"TIMESTAMPTZ","state":"VARCHAR","query":"VARCHAR"}]'), max_depth := 2)) AS s
LEFT JOIN pg_authid r ON r.rolname = s.usename
