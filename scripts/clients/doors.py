"""Connects with psycopg once for each argument, a connection string, and prints what came of it."""

import sys

import psycopg

for conninfo in sys.argv[1:]:
    try:
        with psycopg.connect(conninfo) as conn:
            used = "TLS" if conn.pgconn.ssl_in_use else "plain"
            print("connected", used, conn.execute("SELECT 1").fetchone()[0])
    except psycopg.OperationalError as e:
        print(str(e).strip().splitlines()[0].split(": ", 2)[-1])
