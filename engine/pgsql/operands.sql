-- Operators that DuckDB lacks for some types, in statements that could not be bound without them.
CREATE MACRO op_divide(a INTERVAL, b) AS tarndb.tarn_pgsql.divided(a, tarndb.tarn_pgsql.nonzero(b)), (a, b) AS a / tarndb.tarn_pgsql.nonzero(b);
CREATE MACRO op_minus(a TIME, b TIME) AS to_microseconds(date_diff('microsecond', b, a)), (a DATE, b DATE) AS CAST(a - b AS INTEGER), (a VARCHAR, b) AS tarndb.tarn_pgsql.json_delete(a, b), (a, b) AS a - b;
CREATE MACRO op_contains(a VARCHAR, b) AS tarndb.tarn_pgsql.json_contains(a, b), (a, b) AS tarndb.tarn_pgsql.contains_all(a, b);
CREATE MACRO op_contained(a, b VARCHAR) AS tarndb.tarn_pgsql.json_contains(b, a), (a, b) AS tarndb.tarn_pgsql.contains_all(b, a);
CREATE MACRO op_concat(a BOOLEAN[], b BOOLEAN[]) AS tarndb.tarn_pgsql.array_cat(a, b), (a BOOLEAN[], b BOOLEAN) AS list_append(a, b), (a BOOLEAN, b BOOLEAN[]) AS list_prepend(a, b),
	(a INTEGER[], b INTEGER[]) AS tarndb.tarn_pgsql.array_cat(a, b), (a INTEGER[], b INTEGER) AS list_append(a, b), (a INTEGER, b INTEGER[]) AS list_prepend(a, b),
	(a BIGINT[], b BIGINT[]) AS tarndb.tarn_pgsql.array_cat(a, b), (a BIGINT[], b BIGINT) AS list_append(a, b), (a BIGINT, b BIGINT[]) AS list_prepend(a, b),
	(a DOUBLE[], b DOUBLE[]) AS tarndb.tarn_pgsql.array_cat(a, b), (a DOUBLE[], b DOUBLE) AS list_append(a, b), (a DOUBLE, b DOUBLE[]) AS list_prepend(a, b),
	(a VARCHAR[], b VARCHAR[]) AS tarndb.tarn_pgsql.array_cat(a, b), (a VARCHAR[], b VARCHAR) AS list_append(a, b), (a VARCHAR, b VARCHAR[]) AS list_prepend(a, b),
	(a DATE[], b DATE[]) AS tarndb.tarn_pgsql.array_cat(a, b), (a DATE[], b DATE) AS list_append(a, b), (a DATE, b DATE[]) AS list_prepend(a, b),
	(a TIMESTAMP[], b TIMESTAMP[]) AS tarndb.tarn_pgsql.array_cat(a, b), (a TIMESTAMP[], b TIMESTAMP) AS list_append(a, b), (a TIMESTAMP, b TIMESTAMP[]) AS list_prepend(a, b),
	(a, b) AS a || b;
CREATE MACRO like_list(a BOOLEAN[], b) AS CAST(b AS BOOLEAN[]), (a SMALLINT[], b) AS CAST(b AS SMALLINT[]), (a INTEGER[], b) AS CAST(b AS INTEGER[]), (a BIGINT[], b) AS CAST(b AS BIGINT[]),
	(a FLOAT[], b) AS CAST(b AS FLOAT[]), (a DOUBLE[], b) AS CAST(b AS DOUBLE[]), (a VARCHAR[], b) AS CAST(b AS VARCHAR[]), (a DATE[], b) AS CAST(b AS DATE[]),
	(a TIMESTAMP[], b) AS CAST(b AS TIMESTAMP[]), (a UUID[], b) AS CAST(b AS UUID[]), (a, b) AS b;
