-- null: rolvaliduntil rolconfig
SELECT oid, rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, rolreplication, rolconnlimit, '********' AS rolpassword,
	rolbypassrls
FROM pg_authid
