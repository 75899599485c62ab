import polars as pl
from common import URL

q = "SELECT order_id, ordered_at, payment, quantity FROM orders ORDER BY 1 LIMIT 3"
for engine in "connectorx", "adbc":
    print(engine, pl.read_database_uri(q, URL, engine=engine))
print(pl.read_database_uri("SELECT * FROM orders", URL, partition_on="order_id", partition_num=4).height)
import psycopg

with psycopg.connect(URL) as c:
    print(pl.read_database("SELECT 1.50::numeric(5,2) AS n, DATE '2024-01-01' AS d, TIMESTAMPTZ '2024-01-01 12:00:00+02' AS w, ARRAY[1,2] AS a, NULL AS z, 'x' AS \"two words\"", c))
    print([f.height for f in pl.read_database("SELECT order_id FROM orders LIMIT 250", c, iter_batches=True, batch_size=100)])
