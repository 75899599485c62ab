-- null: schema requires
SELECT name, default_version AS version, true AS installed, true AS superuser, true AS trusted, false AS relocatable, comment FROM tarn_pg.pgb.extensions
