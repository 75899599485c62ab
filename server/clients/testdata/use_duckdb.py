import duckdb
from common import HOST, PORT
from duckdb_extensions import import_extension
import_extension("postgres_scanner")
c = duckdb.connect()
c.execute("load postgres_scanner")
c.execute(f"attach 'host={HOST} port={PORT} user=ann dbname=lake' as lake (type postgres, read_only)")
print(c.sql("select schema_name, table_name, column_count from duckdb_tables() where database_name = 'lake' and schema_name in ('public', 'web') order by all").fetchall())
print(c.sql("select payment, count(*), sum(quantity) from lake.orders group by 1 order by 2 desc").fetchall())
print(c.sql("select s.name, count(*) from lake.orders o join lake.stores s using (store_id) where o.quantity > 3 group by 1 order by 2 desc limit 3").fetchall())
print(c.sql("select * from lake.products order by product_id limit 2").fetchall())
print(c.sql("select * from postgres_query('lake', 'select country, count(*) as n from stores group by 1 order by 2 desc, 1')").fetchall())
print(c.sql("select count(*), max(written_at) from lake.web.reviews").fetchall())
c.execute("set pg_pages_per_task = 2; set threads = 4")  # several readers, each of a part of the pages
print(c.sql("select count(*), count(distinct order_id), sum(unit_price) from lake.orders where payment is not null").fetchall())
print(c.sql("select * from lake.stores where store_id = 3").fetchall(), c.sql("select year, count(*) from lake.orders group by all order by all").fetchall())
c.execute("create table mine as from lake.orders")
print(c.sql("select count(*), min(ordered_at), typeof(any_value(unit_price)) from mine").fetchall())
