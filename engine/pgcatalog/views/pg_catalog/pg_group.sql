SELECT rolname AS groname, oid AS grosysid, [] AS grolist FROM pg_authid WHERE NOT rolcanlogin
