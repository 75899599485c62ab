-- null: passwd valuntil useconfig
SELECT rolname AS usename, oid AS usesysid, rolcreatedb AS usecreatedb, rolsuper AS usesuper, rolreplication AS userepl,
	rolbypassrls AS usebypassrls
FROM pg_authid WHERE rolcanlogin
