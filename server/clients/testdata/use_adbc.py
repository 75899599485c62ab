import adbc_driver_postgresql.dbapi as adbc
import pyarrow as pa
from common import URL

with adbc.connect(URL) as c:
    with c.cursor() as k:
        k.execute("SELECT order_id, ordered_at, payment, unit_price FROM orders ORDER BY 1 LIMIT 2")
        t = k.fetch_arrow_table()
        print(t.schema.remove_metadata().to_string(show_field_metadata=False), t.to_pylist())
        k.execute("SELECT count(*) FROM orders WHERE quantity > $1", (2,))
        print(k.fetchall())
        k.execute("SELECT ARRAY[1,2], true, NULL::text, DATE '2024-01-01', 2.5::numeric, '\\x41'::bytea")
        print(k.fetchall())
    print(sorted(s["db_schema_name"] for o in c.adbc_get_objects(depth="db_schemas").read_all().to_pylist() for s in o["catalog_db_schemas"] or []))
    print(c.adbc_get_table_schema("stores").remove_metadata().to_string(show_field_metadata=False))
    tables = c.adbc_get_objects(depth="tables", db_schema_filter="public").read_all().to_pylist()
    print(sorted(t["table_name"] for o in tables for s in o["catalog_db_schemas"] or [] for t in s["db_schema_tables"] or []))
