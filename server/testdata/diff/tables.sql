CREATE TABLE numbers (id int4, b bool, i2 int2, i4 int4, i8 int8, n numeric(10,2), big numeric(38,10), f4 float4, f8 float8);
INSERT INTO numbers VALUES
  (1, true, 1, 1, 1, 1.00, 1.5, 1, 1),
  (2, false, -32768, -2147483648, -9223372036854775807, -99999999.99, -1234567890123456789012345678.0123456789, -1.5, -1e300),
  (3, true, 32767, 2147483647, 9223372036854775807, 99999999.99, 1234567890123456789012345678.0123456789, 3.4028235e38, 1.7976931348623157e308),
  (4, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  (5, false, 0, 0, 0, 0.00, 0, 0, 0),
  (6, true, 7, 42, 1000000000000, 3.14, 0.0000000001, 0.1, 0.1),
  (7, false, -7, -42, -1000000000000, -2.50, 100.0000000000, 'NaN', 'NaN'),
  (8, true, 2, 10, 20, 10.05, 2.0000000000, 'Infinity', '-Infinity'),
  (9, true, 3, 10, 30, 20.00, 3.0000000000, 1e-7, 1e-7),
  (10, false, 3, 11, 40, 1234.50, 123456.7890000000, 1e10, 123456789012345680);
CREATE TABLE words (id int4, t text, v text);
INSERT INTO words VALUES (1, 'apple', 'Red'), (2, 'Banana', 'yellow'), (3, 'cherry', 'red'), (4, '', ''), (5, NULL, NULL),
  (6, 'it''s "quoted"', 'a,b'), (7, 'back\slash', '{x}'), (8, 'Grüße 日本', 'é'), (9, '  padded  ', 'NULL'), (10, 'apple', 'green'), (11, '100%', 'a_b'),
  (12, 'two
lines', 'tab	x');
CREATE TABLE moments (id int4, d date, t time, tz timetz, ts timestamp, tstz timestamptz, i interval);
INSERT INTO moments VALUES
  (1, '2024-02-29', '12:34:56', '12:34:56+00', '2024-02-29 12:34:56', '2024-02-29 12:34:56+00', '1 day'),
  (2, '1999-12-31', '23:59:59.999999', '23:59:59.5+00', '1999-12-31 23:59:59.999999', '1999-12-31 23:59:59.999999+00', '1 year 2 months 3 days 04:05:06.789'),
  (3, '1970-01-01', '00:00:00', '00:00:00+00', '1970-01-01 00:00:00', '1970-01-01 00:00:00+00', '0 seconds'),
  (4, NULL, NULL, NULL, NULL, NULL, NULL),
  (5, 'infinity', '01:02:03.5', '01:02:03+00', 'infinity', 'infinity', '2 months'),
  (6, '-infinity', '06:00:00', '06:00:00+00', '-infinity', '-infinity', '36:00:00'),
  (7, '0001-01-01', '18:30:00', '18:30:00+00', '0001-01-01 00:00:00', '1900-01-01 00:00:00+00', '15 months'),
  (8, '2024-07-04', '08:00:00.1', '08:00:00.1+00', '2024-07-04 08:00:00.1', '2024-07-04 08:00:00.1+00', '00:00:01.5');
CREATE TABLE things (id int4, u uuid, j json, y bytea, e text);
INSERT INTO things VALUES
  (1, '01234567-89ab-cdef-0123-456789abcdef', '{"b": 1, "a": [1, 2,  {"x": null}]}', decode('00ff27', 'hex'), 'happy'),
  (2, '00000000-0000-0000-0000-000000000000', '[]', decode('', 'hex'), 'sad'),
  (3, NULL, NULL, NULL, NULL),
  (4, 'ffffffff-ffff-ffff-ffff-ffffffffffff', '"text"', decode('414243', 'hex'), 'happy'),
  (5, 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '12345678901234567890', decode('5c', 'hex'), 'ok');
CREATE TABLE lists (id int4, ia int4[], ta text[], na numeric(6,2)[], da date[], ba bool[]);
INSERT INTO lists VALUES
  (1, ARRAY[1,2,3], ARRAY['a','b c','d"e'], ARRAY[1.50,2.25], ARRAY[date '2024-01-01'], ARRAY[true,false]),
  (2, ARRAY[7], ARRAY['NULL','',',','{}','\'], ARRAY[0.00], ARRAY[date '1999-12-31', date '2000-01-01'], ARRAY[true]),
  (3, NULL, NULL, NULL, NULL, NULL),
  (4, ARRAY[NULL,5], ARRAY['x',NULL], ARRAY[-1.25,NULL], ARRAY[NULL,date '2024-02-29'], ARRAY[NULL,true]);
CREATE TABLE customers (id int4, name text, city text, since date, credit numeric(10,2));
INSERT INTO customers VALUES (1, 'Ann', 'Oslo', '2020-01-15', 100.00), (2, 'Bob', 'Paris', '2021-03-20', 250.50), (3, 'Cid', 'Oslo', '2019-07-01', NULL),
  (4, 'Dee', NULL, '2022-11-30', 0.00), (5, 'Eve', 'Rome', NULL, 999.99);
CREATE TABLE orders (id int4, customer int4, item text, quantity int4, price numeric(8,2), placed timestamp);
INSERT INTO orders VALUES (1, 1, 'pen', 10, 1.20, '2023-01-05 10:00:00'), (2, 1, 'ink', 2, 7.50, '2023-01-06 11:30:00'), (3, 2, 'pen', 5, 1.25, '2023-02-01 09:15:00'),
  (4, 2, 'paper', 100, 0.05, '2023-02-14 18:45:00'), (5, 3, 'desk', 1, 450.00, '2023-03-03 08:00:00'), (6, NULL, 'pen', 1, 1.20, '2023-03-04 12:00:00'),
  (7, 9, 'lamp', 3, 35.90, NULL), (8, 1, 'pen', 3, NULL, '2023-04-01 00:00:00');
