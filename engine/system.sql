-- The relations of schema tarn, filled from the catalog before a statement that names the schema.
CREATE SCHEMA tarndb.tarn;

CREATE TABLE tarndb.tarn.tables (
	table_schema VARCHAR, table_name VARCHAR, format VARCHAR, file_count BIGINT, row_count BIGINT, size_bytes BIGINT,
	column_count BIGINT, partition_columns VARCHAR[], schema_version BIGINT, rejected_rows BIGINT, why VARCHAR, notices VARCHAR[]);
CREATE TABLE tarndb.tarn.files (
	table_schema VARCHAR, table_name VARCHAR, path VARCHAR, format VARCHAR, compression VARCHAR, row_count BIGINT,
	size_bytes BIGINT, modified_at TIMESTAMP WITH TIME ZONE, schema_version BIGINT, rejected_rows BIGINT, encoding VARCHAR,
	own_reader BOOLEAN, dialect VARCHAR, notices VARCHAR[]);
CREATE TABLE tarndb.tarn.columns (
	table_schema VARCHAR, table_name VARCHAR, column_name VARCHAR, ordinal_position BIGINT, data_type VARCHAR,
	is_partition BOOLEAN, null_count BIGINT, distinct_estimate BIGINT, min VARCHAR, max VARCHAR, proof VARCHAR, reason VARCHAR);
CREATE TABLE tarndb.tarn.partitions (
	table_schema VARCHAR, table_name VARCHAR, path VARCHAR, partition_key VARCHAR, partition_value VARCHAR);
CREATE TABLE tarndb.tarn.views (
	table_schema VARCHAR, table_name VARCHAR, column_names VARCHAR[], view_definition VARCHAR, comment VARCHAR, made_at TIMESTAMP WITH TIME ZONE);
CREATE TABLE tarndb.tarn.skipped (path VARCHAR, reason VARCHAR);

-- These two may be long and are in the store alone: they are filled before a statement that names them.
CREATE TABLE tarndb.tarn.history (
	version BIGINT, crawled_at TIMESTAMP WITH TIME ZONE, table_schema VARCHAR, table_name VARCHAR, change VARCHAR, path VARCHAR,
	line BIGINT);
CREATE TABLE tarndb.tarn.rejects (
	table_schema VARCHAR, table_name VARCHAR, path VARCHAR, line BIGINT, column_name VARCHAR, reason VARCHAR, text VARCHAR);

-- What clients asked of PostgreSQL's catalog in vain, filled before a statement that names it.
CREATE TABLE tarndb.tarn.compat (
	asked_at TIMESTAMP WITH TIME ZONE, client VARCHAR, statement VARCHAR, relation VARCHAR, error VARCHAR);
