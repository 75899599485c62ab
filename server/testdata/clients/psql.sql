SELECT 1 AS one, 'two' AS two, NULL AS three;
SELECT i.name, s.count FROM items i JOIN sales s ON s.item = i.id WHERE i.price > 1.505 ORDER BY s.count;
SELECT 1 AS a; SELECT 2 AS b;
SELECT nosuch FROM items;
\echo :SQLSTATE :LAST_ERROR_MESSAGE
SELECT * FROM nosuch;
\echo :SQLSTATE
BEGIN;
SELEC 1;
SELECT 1;
\echo :SQLSTATE
ROLLBACK;
SET TimeZone = 'Asia/Tokyo';
SELECT TIMESTAMPTZ '2024-02-29 00:00:00+00' AS t;
PREPARE q AS SELECT $1::int + 1 AS n;
EXECUTE q(41);
CREATE TEMP TABLE x AS SELECT range AS i FROM range(3);
SELECT sum(i) AS total FROM x;
