SELECT name, default_version, default_version AS installed_version, comment FROM tarn_pg.pgb.extensions
