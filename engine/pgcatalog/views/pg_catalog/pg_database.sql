-- null: daticulocale datcollversion datacl
-- 16384, for pgAdmin hides the databases below it, which are PostgreSQL's own; tables begin behind it.
SELECT 16384 AS oid, current_database() AS datname, 10 AS datdba, 6 AS encoding, 'c' AS datlocprovider, false AS datistemplate,
	true AS datallowconn, -1 AS datconnlimit, 0 AS datfrozenxid, 0 AS datminmxid, 1663 AS dattablespace, 'C.UTF-8' AS datcollate,
	'C.UTF-8' AS datctype
