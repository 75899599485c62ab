SELECT * FROM tarn_pg.pgb.pg_namespace
UNION ALL
SELECT 3, 'pg_temp_1', 10, NULL WHERE tarn_pg_fact('temp_class', getvariable('tarn_session')) <> '[]'
