import io
import psycopg2, psycopg2.extras
from common import DSN

c = psycopg2.connect(DSN)
k = c.cursor()
k.execute("SELECT order_id, ordered_at, payment FROM orders ORDER BY 1 LIMIT 2")
print(k.fetchall(), [(d.name, d.type_code) for d in k.description])
k.execute("SELECT count(*) FROM orders WHERE quantity > %s AND payment = %s", (1, "card"))
print(k.fetchall())
k.execute("SELECT '{1,2}'::int[], INTERVAL '1 day', 1.50::numeric(5,2), true, NULL, '{\"a\": 1}'::json, DATE '2024-02-29', '\\x4142'::bytea")
row = list(k.fetchone())
row[-1] = bytes(row[-1])
print(row)
k.execute("SELECT payment, count(*) FROM orders WHERE payment = ANY(%s) GROUP BY 1 ORDER BY 1", (["card", "cash"],))
print(k.fetchall())
c.commit()
with c.cursor("named") as n:
    n.itersize = 500
    n.execute("SELECT order_id FROM orders")
    print(sum(1 for _ in n))
c.commit()
out = io.StringIO()
k.copy_expert("COPY (SELECT order_id, payment FROM orders ORDER BY 1 LIMIT 3) TO STDOUT WITH CSV HEADER", out)
print(out.getvalue())
k.execute("CREATE TEMP TABLE mine (a int, b text)")
k.copy_from(io.StringIO("1\tone\n2\t\\N\n"), "mine")
psycopg2.extras.execute_values(k, "INSERT INTO mine VALUES %s", [(3, "three"), (4, "it's")])
k.execute("SELECT * FROM mine ORDER BY 1")
print(k.fetchall())
c.commit()
for sql in ["SELECT 1/0", "SELECT nope FROM orders", "SELEC 1", "SELECT 'x'::int", "INSERT INTO orders (order_id) VALUES (1)"]:
    try:
        k.execute(sql)
    except psycopg2.Error as e:
        print(type(e).__name__, e.pgcode, c.get_transaction_status())
        c.rollback()
d = c.cursor(cursor_factory=psycopg2.extras.RealDictCursor)
d.execute("SELECT payment, sum(quantity) AS q FROM orders GROUP BY 1 ORDER BY 1 NULLS LAST")
print([dict(r) for r in d.fetchall()])
