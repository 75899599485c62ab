import pg8000.dbapi
import pg8000.native
from common import HOST, PORT

at = {"host": HOST, "port": int(PORT), "user": "ann", "database": "lake"}
c = pg8000.native.Connection(**at)
print(c.run("SELECT order_id, payment, ordered_at FROM orders WHERE quantity > :q ORDER BY 1 LIMIT 2", q=1))
print([(x["name"], x["type_oid"], x["column_attrnum"]) for x in c.columns], c.row_count)
print(c.run("SELECT ARRAY[1,2] AS a, 1.5::numeric AS n, '{\"a\":1}'::json AS j, INTERVAL '1 day' AS i, ARRAY['x',NULL] AS t, '\\x41'::bytea AS y, NULL AS z, true AS b, DATE '2024-01-01' AS d, TIMESTAMPTZ '2024-01-01 12:00:00+02' AS w"))
print(c.run("SELECT count(*) FROM orders WHERE payment = ANY(CAST(:p AS text[]))", p=["card", "cash"]))
st = c.prepare("SELECT CAST(:v AS int) * 2")
print(st.run(v=3), st.run(v=4))
c.run("START TRANSACTION")
try:
    c.run("SELECT nope FROM orders")
except pg8000.native.DatabaseError as e:
    print(e.args[0]["C"], e.args[0]["P"])
try:
    c.run("SELECT 1")
except pg8000.native.DatabaseError as e:
    print(e.args[0]["C"])
c.run("ROLLBACK")
print(c.run('SELECT 1 AS "Größe", 2 AS "two words", 3 AS "select", 4 AS "a""b"'), [x["name"] for x in c.columns])
c.close()
d = pg8000.dbapi.connect(**at)
k = d.cursor()
k.execute("CREATE TEMP TABLE mine (a int, b text)")
k.executemany("INSERT INTO mine VALUES (%s, %s)", [(1, "x"), (2, None)])
k.execute("SELECT * FROM mine ORDER BY a")
print(k.fetchall(), [x[0] for x in k.description])
with open("out.csv", "wb") as f:
    k.execute("COPY (SELECT order_id FROM orders ORDER BY 1 LIMIT 2) TO STDOUT WITH (FORMAT csv)", stream=f)
print(open("out.csv").read())
d.rollback()
d.close()
