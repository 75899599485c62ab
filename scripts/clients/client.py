"""Drives a server with psycopg 3 and prints what it sees, one check a line. Usage: client.py HOST PORT

The test that runs this compares the lines. The lake has tables items (id, name, price, added, from CSV) and
sales (item, count, note, from JSON).
"""

import datetime
import decimal
import sys
import threading
import time

import psycopg

host, port = sys.argv[1], int(sys.argv[2])


def connect(**kwargs):
    return psycopg.connect(host=host, port=port, user="py", dbname="lake", **kwargs)


def check(name, value):
    print(f"{name}: {value!r}", flush=True)


def queries(conn):
    check("plain", conn.execute("SELECT 1 AS one, 'två' AS two").fetchall())
    check("version", conn.info.server_version)
    row = conn.execute(
        "SELECT %s::int + 1, %s::text, %s::date, %s::int, %s::decimal(9,3)",
        (41, "å'\"", datetime.date(2024, 2, 29), None, decimal.Decimal("12.345")),
    ).fetchone()
    check("parameters", row)
    check("join", conn.execute(
        "SELECT i.name, s.count FROM items i JOIN sales s ON s.item = i.id WHERE i.price > %s ORDER BY s.count",
        (decimal.Decimal("1.505"),)).fetchall())
    check("dates", conn.execute("SELECT name FROM items WHERE added = %s", (datetime.date(2024, 1, 31),)).fetchall())
    check("array", conn.execute("SELECT name FROM items WHERE id = ANY(%s) ORDER BY id", ([1, 3],)).fetchall())


def binary(conn):
    cur = conn.cursor(binary=True)
    cur.execute(
        "SELECT true, 2::smallint, 3::int, 4::bigint, 1.5::real, 2.5::double, 12345.678::decimal(9,3), 'x', '\\x00\\xFF'::blob, "
        "DATE '2024-02-29', TIME '12:34:56.5', TIMESTAMP '2024-02-29 12:34:56', TIMESTAMPTZ '2024-02-29 12:34:56+02', "
        "INTERVAL '1 day 2 hours', '01234567-89ab-cdef-0123-456789abcdef'::uuid, [1, NULL, 3], {'a': 1}, NULL")
    for value in cur.fetchone():
        check("binary", value)
    cur.execute("SELECT %b::int, %b::double, %b::date", (7, 0.5, datetime.date(2024, 2, 29)))
    check("binary parameters", cur.fetchone())


def errors(conn):
    for sql in ("SELEC 1", "SELECT * FROM nosuch", "SELECT nosuch FROM items", "SELECT 'x'::int"):
        try:
            conn.execute(sql)
        except psycopg.Error as e:
            check("error", (e.sqlstate, type(e).__name__))
        conn.rollback()
    conn.execute("SELECT 1")
    try:
        conn.execute("SELECT nosuch FROM items")
    except psycopg.Error:
        check("failed", conn.info.transaction_status.name)
    conn.rollback()
    check("rolled back", conn.info.transaction_status.name)


def cancel(conn):
    def later():
        time.sleep(0.3)
        conn.cancel()

    threading.Thread(target=later).start()
    start = time.monotonic()
    try:
        conn.execute("SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE (a.range * 7 + b.range) % 13 = 99")
    except psycopg.Error as e:
        check("cancelled", (e.sqlstate, time.monotonic() - start < 30))
    conn.rollback()
    check("after", conn.execute("SELECT 1").fetchone())


def pipeline(conn):
    with conn.pipeline():
        cursors = [conn.execute("SELECT %s::int", (n,)) for n in range(5)]
        check("pipeline", [c.fetchone()[0] for c in cursors])


with connect() as conn:
    queries(conn)
    binary(conn)
    errors(conn)
    cancel(conn)
    pipeline(conn)
    check("stream", sum(r[0] for r in conn.cursor().stream("SELECT range FROM range(100000)")))
with connect(autocommit=True, options="-c TimeZone=Asia/Tokyo", application_name="test") as conn:
    check("zone", conn.execute("SHOW TimeZone").fetchone())
    check("zoned", str(conn.execute("SELECT TIMESTAMPTZ '2024-02-29 00:00:00+00'").fetchone()[0]))
    check("prepared", [conn.execute("SELECT %s::int", (n,), prepare=True).fetchone()[0] for n in range(3)])
