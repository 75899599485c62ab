-- null: rolpassword rolvaliduntil
SELECT oid, rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, rolreplication, rolbypassrls, rolconnlimit
FROM tarn_pg.pgb.pg_authid
UNION ALL
SELECT r.oid, r.rolname, r.rolsuper, true, false, false, true, false, false, -1
FROM (SELECT unnest(from_json(CAST(tarn_pg_fact('roles', getvariable('tarn_session')) AS JSON),
	'[{"oid":"BIGINT","rolname":"VARCHAR","rolsuper":"BOOLEAN"}]'), max_depth := 2)) AS r
