-- null: principal
SELECT pid, false AS gss_authenticated, false AS encrypted FROM pg_stat_activity
