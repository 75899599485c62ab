-- Operators that DuckDB lacks for some types, in statements that could not be bound without them. All numbers are named, because DuckDB casts them to
-- other types rather than take the overload without any.
CREATE MACRO op_json(x, operator) AS CASE WHEN typeof(x) = 'JSON' THEN x ELSE CAST(error('operator does not exist: text ' || operator) AS VARCHAR) END;
CREATE MACRO op_divide(a INTERVAL, b) AS tarndb.tarn_pgsql.divided(a, tarndb.tarn_pgsql.nonzero(b)), (a TINYINT, b) AS a / tarndb.tarn_pgsql.nonzero(b), (a UTINYINT, b) AS a / tarndb.tarn_pgsql.nonzero(b), (a SMALLINT, b) AS a / tarndb.tarn_pgsql.nonzero(b), (a USMALLINT, b) AS a / tarndb.tarn_pgsql.nonzero(b), (a INTEGER, b) AS a / tarndb.tarn_pgsql.nonzero(b), (a UINTEGER, b) AS a / tarndb.tarn_pgsql.nonzero(b), (a BIGINT, b) AS a / tarndb.tarn_pgsql.nonzero(b), (a UBIGINT, b) AS a / tarndb.tarn_pgsql.nonzero(b), (a HUGEINT, b) AS a / tarndb.tarn_pgsql.nonzero(b), (a UHUGEINT, b) AS a / tarndb.tarn_pgsql.nonzero(b), (a FLOAT, b) AS a / tarndb.tarn_pgsql.nonzero(b), (a DOUBLE, b) AS a / tarndb.tarn_pgsql.nonzero(b), (a DECIMAL, b) AS a / tarndb.tarn_pgsql.nonzero(b),
	(a, b) AS a / tarndb.tarn_pgsql.nonzero(b);
CREATE MACRO op_minus(a TIME, b TIME) AS to_microseconds(date_diff('microsecond', b, a)), (a DATE, b DATE) AS CAST(a - b AS INTEGER), (a VARCHAR, b) AS tarndb.tarn_pgsql.json_delete(tarndb.tarn_operands.op_json(a, '-'), b), (a TINYINT, b) AS a - b, (a UTINYINT, b) AS a - b, (a SMALLINT, b) AS a - b, (a USMALLINT, b) AS a - b, (a INTEGER, b) AS a - b, (a UINTEGER, b) AS a - b, (a BIGINT, b) AS a - b, (a UBIGINT, b) AS a - b, (a HUGEINT, b) AS a - b, (a UHUGEINT, b) AS a - b, (a FLOAT, b) AS a - b, (a DOUBLE, b) AS a - b, (a DECIMAL, b) AS a - b, (a TIMESTAMP, b) AS a - b, (a TIMESTAMPTZ, b) AS a - b, (a INTERVAL, b) AS a - b,
	(a, b) AS a - b;
CREATE MACRO op_contains(a VARCHAR, b) AS tarndb.tarn_pgsql.json_contains(tarndb.tarn_operands.op_json(a, '@>'), b), (a, b) AS tarndb.tarn_pgsql.contains_all(a, b);
CREATE MACRO op_contained(a, b VARCHAR) AS tarndb.tarn_pgsql.json_contains(tarndb.tarn_operands.op_json(b, '<@'), a), (a, b) AS tarndb.tarn_pgsql.contains_all(b, a);
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
