SELECT abbrev, utc_offset, is_dst FROM tarn_pg.pgb.timezone_abbrevs
