-- Functions whose result has another type in PostgreSQL than in DuckDB, by the type of x. DuckDB chooses the overload when it binds;
-- one without a type takes what has none of the others. All numbers are named, because each of them can be cast to some other. An
-- argument that cannot be bound in its second place fits every overload: there are always two or more that fit as well, which is an error
-- then, and the statement is translated without asking for types.

CREATE MACRO sum_as(x TINYINT, s) AS CAST(s AS BIGINT), (x UTINYINT, s) AS CAST(s AS BIGINT), (x SMALLINT, s) AS CAST(s AS BIGINT),
	(x USMALLINT, s) AS CAST(s AS BIGINT), (x INTEGER, s) AS CAST(s AS BIGINT), (x FLOAT, s) AS CAST(s AS FLOAT),
	(x UINTEGER, s) AS s, (x BIGINT, s) AS s, (x UBIGINT, s) AS s, (x HUGEINT, s) AS s, (x UHUGEINT, s) AS s, (x DECIMAL, s) AS s, (x DOUBLE, s) AS s, (x, s) AS s;
CREATE MACRO sum_plain(x TINYINT, s) AS CAST(s AS BIGINT), (x UTINYINT, s) AS CAST(s AS BIGINT), (x SMALLINT, s) AS CAST(s AS BIGINT),
	(x USMALLINT, s) AS CAST(s AS BIGINT), (x INTEGER, s) AS CAST(s AS BIGINT), (x FLOAT, s) AS CAST(s AS FLOAT),
	(x INTERVAL, s) AS to_months(CAST(sum(datepart('year', x) * 12 + datepart('month', x)) AS INTEGER)) + to_days(CAST(sum(datepart('day', x)) AS INTEGER))
		+ to_microseconds(CAST(sum(datepart('hour', x) * 3600000000 + datepart('minute', x) * 60000000 + datepart('microseconds', x)) AS BIGINT)),
	(x UINTEGER, s) AS s, (x BIGINT, s) AS s, (x UBIGINT, s) AS s, (x HUGEINT, s) AS s, (x UHUGEINT, s) AS s, (x DECIMAL, s) AS s, (x DOUBLE, s) AS s, (x, s) AS s;

-- The average of n integers whose sum is s, with sixteen digits behind the point; halves go away from zero.
CREATE MACRO quotient(s, n) AS CAST((s // n) * 10000000000000000 + (2 * (s % n) * 10000000000000000 + sign(s) * n) // (2 * n) AS DECIMAL(38,0)) * CAST(0.0000000000000001 AS DECIMAL(16,16));
CREATE MACRO decimal_quotient(s, n) AS CAST((s // n) * 1000000 + (2 * (s % n) * 1000000 + sign(s) * n) // (2 * n) AS DECIMAL(38,0)) * CAST(0.0000000000000001 AS DECIMAL(16,16));
CREATE MACRO small_quotient(s, n) AS CAST(CAST(s // n AS HUGEINT) * 10000000000000000 + (((s % n) * 100000000) // n) * 100000000
	+ (((s % n) * 100000000) % n * 200000000 + sign(s) * n) // (2 * n) AS DECIMAL(38,0)) * CAST(0.0000000000000001 AS DECIMAL(16,16));
CREATE MACRO avg_as(x TINYINT, a, s, n) AS tarndb.tarn_typed.small_quotient(CAST(s AS BIGINT), n), (x UTINYINT, a, s, n) AS tarndb.tarn_typed.small_quotient(CAST(s AS BIGINT), n),
	(x SMALLINT, a, s, n) AS tarndb.tarn_typed.small_quotient(CAST(s AS BIGINT), n), (x USMALLINT, a, s, n) AS tarndb.tarn_typed.small_quotient(CAST(s AS BIGINT), n),
	(x INTEGER, a, s, n) AS tarndb.tarn_typed.small_quotient(CAST(s AS BIGINT), n), (x UINTEGER, a, s, n) AS tarndb.tarn_typed.quotient(CAST(s AS HUGEINT), n),
	(x BIGINT, a, s, n) AS tarndb.tarn_typed.quotient(CAST(s AS HUGEINT), n),
	(x DECIMAL, a, s, n) AS CASE WHEN CAST(regexp_extract(typeof(s), ',(\d+)', 1) AS INTEGER) <= 10 AND abs(CAST(s AS DOUBLE)) < 1e25 THEN tarndb.tarn_typed.decimal_quotient(CAST(s * 10000000000 AS HUGEINT), n)
		ELSE CAST(tarn_pg_text('quotient', CAST(s AS VARCHAR), CAST(n AS VARCHAR)) AS DECIMAL(38,16)) END,
	(x UBIGINT, a, s, n) AS a, (x HUGEINT, a, s, n) AS a, (x UHUGEINT, a, s, n) AS a, (x FLOAT, a, s, n) AS a, (x DOUBLE, a, s, n) AS a, (x, a, s, n) AS a;

-- PostgreSQL rounds halves of double precision to even, those of numeric away from zero.
CREATE MACRO round_as(x FLOAT, r) AS round_even(CAST(x AS DOUBLE), 0), (x DOUBLE, r) AS round_even(x, 0), (x TINYINT, r) AS r, (x UTINYINT, r) AS r, (x SMALLINT, r) AS r, (x USMALLINT, r) AS r,
	(x INTEGER, r) AS r, (x UINTEGER, r) AS r, (x BIGINT, r) AS r, (x UBIGINT, r) AS r, (x HUGEINT, r) AS r, (x UHUGEINT, r) AS r, (x DECIMAL, r) AS r, (x, r) AS r;

-- The number of days between two dates is an integer.
CREATE MACRO minus_as(a DATE, b DATE, v) AS CAST(v AS INTEGER), (a DATE, b INTEGER, v) AS v, (a DATE, b INTERVAL, v) AS v, (a INTEGER, b DATE, v) AS v, (a INTERVAL, b DATE, v) AS v, (a, b, v) AS v;

CREATE MACRO gcd(a TINYINT, b TINYINT) AS system.main.gcd(a, b), (a SMALLINT, b SMALLINT) AS CAST(system.main.gcd(a, b) AS INTEGER), (a INTEGER, b INTEGER) AS CAST(system.main.gcd(a, b) AS INTEGER),
	(a BIGINT, b BIGINT) AS system.main.gcd(a, b), (a HUGEINT, b HUGEINT) AS system.main.gcd(a, b);
CREATE MACRO lcm(a TINYINT, b TINYINT) AS system.main.lcm(a, b), (a SMALLINT, b SMALLINT) AS CAST(system.main.lcm(a, b) AS INTEGER), (a INTEGER, b INTEGER) AS CAST(system.main.lcm(a, b) AS INTEGER),
	(a BIGINT, b BIGINT) AS system.main.lcm(a, b), (a HUGEINT, b HUGEINT) AS system.main.lcm(a, b);
-- DuckDB's sign is a TINYINT.
CREATE MACRO sign(x DECIMAL) AS CAST(system.main.sign(x) AS DECIMAL(18,0)), (x TINYINT) AS CAST(system.main.sign(x) AS DOUBLE), (x UTINYINT) AS CAST(system.main.sign(x) AS DOUBLE),
	(x SMALLINT) AS CAST(system.main.sign(x) AS DOUBLE), (x USMALLINT) AS CAST(system.main.sign(x) AS DOUBLE), (x INTEGER) AS CAST(system.main.sign(x) AS DOUBLE),
	(x UINTEGER) AS CAST(system.main.sign(x) AS DOUBLE), (x BIGINT) AS CAST(system.main.sign(x) AS DOUBLE), (x UBIGINT) AS CAST(system.main.sign(x) AS DOUBLE),
	(x HUGEINT) AS CAST(system.main.sign(x) AS DOUBLE), (x UHUGEINT) AS CAST(system.main.sign(x) AS DOUBLE), (x FLOAT) AS CAST(system.main.sign(x) AS DOUBLE),
	(x DOUBLE) AS CAST(system.main.sign(x) AS DOUBLE), (x) AS CAST(system.main.sign(x) AS DOUBLE);
CREATE MACRO length(x BLOB) AS system.main.octet_length(x), (x VARCHAR) AS system.main.length(x), (x) AS system.main.length(x);
CREATE MACRO sha256(x BLOB) AS unhex(system.main.sha256(x)), (x VARCHAR) AS system.main.sha256(x), (x) AS system.main.sha256(x);
CREATE MACRO isfinite(x INTERVAL) AS x IS NOT NULL OR NULL, (x DATE) AS system.main.isfinite(x), (x TIMESTAMP) AS system.main.isfinite(x), (x) AS system.main.isfinite(x);

-- Texts of values, as PostgreSQL writes them; t is DuckDB's. x is of its overload's type, which has three digits for DECIMAL.
CREATE MACRO braces(t) AS replace(replace(replace(t, '[', '{'), ']', '}'), ', ', ',');
CREATE MACRO to_text(x FLOAT, t) AS tarn_pg_text('real', t), (x DOUBLE, t) AS tarn_pg_text('float', t), (x INTERVAL, t) AS tarn_pg_text('interval', t),
	(x TINYINT, t) AS t, (x UTINYINT, t) AS t, (x SMALLINT, t) AS t, (x USMALLINT, t) AS t, (x INTEGER, t) AS t, (x UINTEGER, t) AS t, (x BIGINT, t) AS t,
	(x UBIGINT, t) AS t, (x HUGEINT, t) AS t, (x UHUGEINT, t) AS t, (x DECIMAL, t) AS t, (x BIGNUM, t) AS t, (x VARCHAR, t) AS t,
	(x VARCHAR[], t) AS tarn_pg_text('array', CAST(to_json(x) AS VARCHAR)), (x UUID[], t) AS tarndb.tarn_typed.braces(t),
	(x BOOLEAN[], t) AS replace(replace(tarndb.tarn_typed.braces(t), 'true', 't'), 'false', 'f'),
	(x SMALLINT[], t) AS tarndb.tarn_typed.braces(t), (x INTEGER[], t) AS tarndb.tarn_typed.braces(t), (x BIGINT[], t) AS tarndb.tarn_typed.braces(t),
	(x HUGEINT[], t) AS tarndb.tarn_typed.braces(t), (x DECIMAL[], t) AS tarndb.tarn_typed.braces(t), (x DATE[], t) AS tarndb.tarn_typed.braces(t),
	(x FLOAT[], t) AS tarn_pg_text('array', CAST(to_json(list_transform(x, lambda e: tarn_pg_text('real', CAST(e AS VARCHAR)))) AS VARCHAR)),
	(x DOUBLE[], t) AS tarn_pg_text('array', CAST(to_json(list_transform(x, lambda e: tarn_pg_text('float', CAST(e AS VARCHAR)))) AS VARCHAR)),
	(x TIMESTAMP[], t) AS tarn_pg_text('array', CAST(to_json(list_transform(x, lambda e: CAST(e AS VARCHAR))) AS VARCHAR)),
	(x BOOLEAN[][], t) AS tarn_pg_text('array', CAST(to_json(x) AS VARCHAR)), (x INTEGER[][], t) AS tarndb.tarn_typed.braces(t), (x BIGINT[][], t) AS tarndb.tarn_typed.braces(t),
	(x VARCHAR[][], t) AS tarn_pg_text('array', CAST(to_json(x) AS VARCHAR)),
	(x DOUBLE[][], t) AS tarn_pg_text('array', CAST(to_json(list_transform(x, lambda l: list_transform(l, lambda e: tarn_pg_text('float', CAST(e AS VARCHAR))))) AS VARCHAR)), (x, t) AS t;

-- A number as numeric: all its digits if its type says how many there are, else ten behind the point.
CREATE MACRO to_numeric(x TINYINT, v) AS CAST(v AS DECIMAL(5,0)), (x UTINYINT, v) AS CAST(v AS DECIMAL(5,0)), (x SMALLINT, v) AS CAST(v AS DECIMAL(5,0)), (x USMALLINT, v) AS CAST(v AS DECIMAL(5,0)),
	(x INTEGER, v) AS CAST(v AS DECIMAL(10,0)), (x UINTEGER, v) AS CAST(v AS DECIMAL(10,0)), (x BIGINT, v) AS CAST(v AS DECIMAL(19,0)), (x UBIGINT, v) AS CAST(v AS DECIMAL(20,0)),
	(x HUGEINT, v) AS CAST(v AS DECIMAL(38,0)), (x UHUGEINT, v) AS CAST(v AS DECIMAL(38,0)), (x DECIMAL, v) AS v, (x FLOAT, v) AS CAST(v AS DECIMAL(38,10)), (x DOUBLE, v) AS CAST(v AS DECIMAL(38,10)),
	(x VARCHAR, v) AS CAST(v AS DECIMAL(38,10)), (x, v) AS CAST(v AS DECIMAL(38,10));
