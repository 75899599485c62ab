-- null: version cipher bits client_dn client_serial issuer_dn
SELECT pid, false AS ssl FROM pg_stat_activity
