-- Who may do what: everyone who is connected may read everything, and nobody may write. A relation that is named must exist.
has_table_privilege(a_table, a_what) AS (CAST(CAST(CAST(a_table AS VARCHAR) AS regclass) AS BIGINT) IS NOT NULL AND regexp_matches(upper(a_what), 'SELECT'));
has_table_privilege(a_user, a_table, a_what) AS (CAST(CAST(CAST(a_table AS VARCHAR) AS regclass) AS BIGINT) IS NOT NULL AND regexp_matches(upper(a_what), 'SELECT'));
has_any_column_privilege(a_table, a_what) AS (CAST(CAST(CAST(a_table AS VARCHAR) AS regclass) AS BIGINT) IS NOT NULL AND regexp_matches(upper(a_what), 'SELECT'));
has_any_column_privilege(a_user, a_table, a_what) AS (CAST(CAST(CAST(a_table AS VARCHAR) AS regclass) AS BIGINT) IS NOT NULL AND regexp_matches(upper(a_what), 'SELECT'));
has_column_privilege(a_table, a_column, a_what) AS (CAST(CAST(CAST(a_table AS VARCHAR) AS regclass) AS BIGINT) IS NOT NULL AND a_column IS NOT NULL AND regexp_matches(upper(a_what), 'SELECT'));
has_column_privilege(a_user, a_table, a_column, a_what) AS (CAST(CAST(CAST(a_table AS VARCHAR) AS regclass) AS BIGINT) IS NOT NULL AND a_column IS NOT NULL AND regexp_matches(upper(a_what), 'SELECT'));
has_schema_privilege(a_schema, a_what) AS (CASE WHEN starts_with(CAST(a_schema AS VARCHAR), 'pg_temp') THEN true ELSE CAST(CAST(CAST(a_schema AS VARCHAR) AS regnamespace) AS BIGINT) IS NOT NULL END AND regexp_matches(upper(a_what), 'USAGE'));
has_schema_privilege(a_user, a_schema, a_what) AS (CASE WHEN starts_with(CAST(a_schema AS VARCHAR), 'pg_temp') THEN true ELSE CAST(CAST(CAST(a_schema AS VARCHAR) AS regnamespace) AS BIGINT) IS NOT NULL END AND regexp_matches(upper(a_what), 'USAGE'));
has_database_privilege(a_database, a_what) AS (a_database IS NOT NULL AND regexp_matches(upper(a_what), 'CONNECT|TEMP'));
has_database_privilege(a_user, a_database, a_what) AS (a_database IS NOT NULL AND regexp_matches(upper(a_what), 'CONNECT|TEMP'));
has_function_privilege(a_function, a_what) AS (a_function IS NOT NULL AND a_what IS NOT NULL);
has_function_privilege(a_user, a_function, a_what) AS (a_function IS NOT NULL AND a_what IS NOT NULL);
has_language_privilege(a_language, a_what) AS (a_language IS NOT NULL AND a_what IS NOT NULL);
has_language_privilege(a_user, a_language, a_what) AS (a_language IS NOT NULL AND a_what IS NOT NULL);
has_type_privilege(a_type, a_what) AS (a_type IS NOT NULL AND a_what IS NOT NULL);
has_type_privilege(a_user, a_type, a_what) AS (a_type IS NOT NULL AND a_what IS NOT NULL);
has_tablespace_privilege(a_space, a_what) AS CASE WHEN a_space IS NOT NULL THEN false END;
has_tablespace_privilege(a_user, a_space, a_what) AS CASE WHEN a_space IS NOT NULL THEN false END;
has_sequence_privilege(a_sequence, a_what) AS CASE WHEN a_sequence IS NOT NULL THEN false END;
has_sequence_privilege(a_user, a_sequence, a_what) AS CASE WHEN a_sequence IS NOT NULL THEN false END;
has_foreign_data_wrapper_privilege(a_wrapper, a_what) AS CASE WHEN a_wrapper IS NOT NULL THEN false END;
has_foreign_data_wrapper_privilege(a_user, a_wrapper, a_what) AS CASE WHEN a_wrapper IS NOT NULL THEN false END;
has_server_privilege(a_server, a_what) AS CASE WHEN a_server IS NOT NULL THEN false END;
has_server_privilege(a_user, a_server, a_what) AS CASE WHEN a_server IS NOT NULL THEN false END;
has_parameter_privilege(a_name, a_what) AS (a_name IS NOT NULL AND upper(a_what) = 'SET');
has_parameter_privilege(a_user, a_name, a_what) AS (a_name IS NOT NULL AND upper(a_what) = 'SET');
pg_has_role(a_role, a_what) AS (a_role IS NOT NULL AND a_what IS NOT NULL);
pg_has_role(a_user, a_role, a_what) AS (a_user IS NOT NULL AND a_role IS NOT NULL AND a_what IS NOT NULL);
-- What the owner may do, and everybody, of an object of a kind (src/backend/utils/adt/acl.c).
acldefault(a_kind, a_owner) AS CAST(list_transform(CASE CAST(a_kind AS VARCHAR)
	WHEN 'c' THEN CAST([] AS VARCHAR[]) WHEN 'p' THEN ['@=sA'] WHEN 'r' THEN ['@=arwdDxt'] WHEN 's' THEN ['@=rwU'] WHEN 'd' THEN ['=Tc', '@=CTc']
	WHEN 'f' THEN ['=X', '@=X'] WHEN 'l' THEN ['=U', '@=U'] WHEN 'T' THEN ['=U', '@=U'] WHEN 'L' THEN ['@=rw'] WHEN 'n' THEN ['@=UC'] WHEN 't' THEN ['@=C']
	WHEN 'F' THEN ['@=U'] WHEN 'S' THEN ['@=U'] ELSE error('unrecognized object type abbreviation: ' || CAST(a_kind AS VARCHAR)) END,
	lambda e: replace(e, '@', CAST(pg_get_userbyid(a_owner) AS VARCHAR)) || '/' || CAST(pg_get_userbyid(a_owner) AS VARCHAR)) AS aclitem[]);
-- The privileges of an access control list, one a row: where a table stands, and where a value does.
tarn_acl(a_acl) AS flatten(list_transform(CAST(a_acl AS VARCHAR[]), lambda e: list_transform(regexp_extract_all(regexp_extract(e, '=([a-zA-Z*]*)/[^/]*$', 1), '[a-zA-Z]\*?'), lambda p: {
	'grantor': CAST(CAST(to_regrole(regexp_extract(e, '[^/]*$')) AS BIGINT) AS pgoid), 'grantee': CAST(coalesce(CAST(to_regrole(nullif(regexp_extract(e, '^(.*)=[a-zA-Z*]*/[^/]*$', 1), '')) AS BIGINT), 0) AS pgoid),
	'privilege_type': CASE p[1] WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' WHEN 'D' THEN 'TRUNCATE' WHEN 'x' THEN 'REFERENCES' WHEN 't' THEN 'TRIGGER'
		WHEN 'X' THEN 'EXECUTE' WHEN 'U' THEN 'USAGE' WHEN 'C' THEN 'CREATE' WHEN 'T' THEN 'TEMPORARY' WHEN 'c' THEN 'CONNECT' WHEN 's' THEN 'SET' WHEN 'A' THEN 'ALTER SYSTEM' END,
	'is_grantable': len(p) > 1})));
aclexplode(a_acl) AS unnest(tarn_acl(a_acl));
