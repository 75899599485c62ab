-- null: checksum_failures checksum_last_failure stats_reset
SELECT 16384 AS datid, current_database() AS datname, (SELECT count(*) FROM pg_stat_activity) AS numbackends, 0 AS xact_commit, 0 AS xact_rollback,
	0 AS blks_read, 0 AS blks_hit, 0 AS tup_returned, 0 AS tup_fetched, 0 AS tup_inserted, 0 AS tup_updated, 0 AS tup_deleted, 0 AS conflicts,
	0 AS temp_files, 0 AS temp_bytes, 0 AS deadlocks, 0 AS blk_read_time, 0 AS blk_write_time, 0 AS session_time, 0 AS active_time,
	0 AS idle_in_transaction_time, 0 AS sessions, 0 AS sessions_abandoned, 0 AS sessions_fatal, 0 AS sessions_killed
