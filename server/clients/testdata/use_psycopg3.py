import psycopg
from psycopg.rows import dict_row
from common import DSN

c = psycopg.connect(DSN)
for binary in (False, True):
    k = c.cursor(binary=binary)
    k.execute("SELECT 1, 2.5::numeric, DATE '2020-01-01', 'x', ARRAY[1,2], true, 1.5::float8, INTERVAL '2 days', "
              "'0c6f2a54-3b7f-4c37-a7f7-5f1f5f3e2d11'::uuid, '\\x41'::bytea, TIMESTAMP '2024-01-02 03:04:05.6', '{\"a\": [1]}'::json, NULL")
    print(k.fetchone())
print(c.execute("SELECT order_id, ordered_at FROM orders WHERE order_id = %s", (202410001,)).fetchall())
print(c.execute("SELECT %s::date + %s, %s::text", ("2024-01-31", 1, "ü"), prepare=True).fetchone())
with c.cursor(name="held") as k:
    k.execute("SELECT order_id FROM orders")
    print(len(k.fetchmany(10)), len(k.fetchall()))
with c.cursor(name="scrolled", scrollable=True) as k:
    k.execute("SELECT order_id FROM orders ORDER BY 1")
    k.scroll(5)
    print(k.fetchone())
c.rollback()
with c.cursor().copy("COPY (SELECT order_id, quantity FROM orders ORDER BY 1 LIMIT 3) TO STDOUT (FORMAT binary)") as copy:
    copy.set_types(["int8", "int4"])
    print(list(copy.rows()))
c.execute("CREATE TEMP TABLE mine (a int, b text, c date)")
with c.cursor().copy("COPY mine FROM STDIN (FORMAT binary)") as copy:
    copy.set_types(["int4", "text", "date"])
    import datetime
    copy.write_row((1, "x", datetime.date(2024, 1, 1)))
    copy.write_row((2, None, None))
print(c.execute("SELECT * FROM mine ORDER BY 1").fetchall())
c.commit()
with c.transaction():
    try:
        with c.transaction():
            c.execute("SELECT 1/0")
    except psycopg.errors.DivisionByZero as e:
        print(e.sqlstate)
    print(c.execute("SELECT 5").fetchone())
with psycopg.connect(DSN, autocommit=True) as p, p.pipeline():
    a = p.execute("SELECT 1")
    b = p.execute("SELECT count(*) FROM orders WHERE quantity > %s", (3,))
    print(a.fetchone(), b.fetchone())
notices = []
c.add_notice_handler(lambda d: notices.append((d.severity, d.message_primary)))
c.execute("DROP VIEW IF EXISTS nothing")
print(notices)
k = c.cursor(row_factory=dict_row)
print(k.execute("SELECT * FROM stores ORDER BY 1 LIMIT 1").fetchone())
