import ibis
from common import HOST, PORT

c = ibis.postgres.connect(host=HOST, port=int(PORT), user="ann", database="lake")
print(c.version.split(".")[0], c.current_database, c.current_catalog, "public" in c.list_databases())
print(sorted(c.list_tables()))
t = c.table("orders")
print(t.schema())
print(t.count().execute(), t.filter(t.quantity > 1).order_by("order_id").limit(2).to_pandas().to_string())
print(t.group_by("payment").agg(n=t.count(), q=t.quantity.mean().round(2), last=t.ordered_at.max()).order_by("payment").to_pandas().to_string())
print(t.mutate(day=t.ordered_at.truncate("month"), w=ibis.row_number().over(order_by=t.order_id)).order_by("order_id").select("day", "w").limit(2).to_pyarrow())
p = c.table("products")
j = t.join(p, "product_id").group_by("roast").agg(n=ibis._.count()).order_by("roast")
print(j.to_pandas().to_string())
print(c.sql("SELECT payment, count(*) AS n FROM orders GROUP BY 1 ORDER BY 1").schema())
print(sum(b.num_rows for b in t.to_pyarrow_batches(chunk_size=100)) == t.count().execute())
m = c.create_table("mine", ibis.memtable({"a": [1, 2], "b": ["x", None]}), temp=True)
print(m.to_pandas().to_string())
try:
    c.create_table("kept", t)
except Exception as e:
    print(type(e).__name__, str(e).splitlines()[0])
