import pandas as pd
import sqlalchemy as sa
from common import HOST, PORT

for driver in ("psycopg2", "psycopg"):
    engine = sa.create_engine(f"postgresql+{driver}://ann@{HOST}:{PORT}/lake")
    with engine.begin() as c:
        c.execute(sa.text("CREATE OR REPLACE VIEW card_orders AS SELECT * FROM orders WHERE payment = 'card'"))
    i = sa.inspect(engine)
    print(i.default_schema_name, i.get_schema_names(), sorted(i.get_table_names()), i.get_table_names(schema="web"), i.get_view_names())
    for m in ("get_columns", "get_pk_constraint", "get_foreign_keys", "get_indexes", "get_unique_constraints", "get_check_constraints", "get_table_comment"):
        print(m, getattr(i, m)("orders"))
    print("view", [c["name"] for c in i.get_columns("card_orders")], i.get_view_definition("card_orders"))
    print(i.has_table("orders"), i.has_table("nope"), i.get_sequence_names(), i.get_materialized_view_names(), i.get_temp_table_names())
    md = sa.MetaData()
    md.reflect(engine, views=True)
    print(sorted(md.tables))
    orders, stores = md.tables["orders"], md.tables["stores"]
    with engine.connect() as c:
        q = sa.select(orders.c.payment, sa.func.count(), sa.func.sum(orders.c.quantity)).where(orders.c.ordered_at < sa.text("'2025-01-01'")) \
            .group_by(orders.c.payment).order_by(orders.c.payment)
        print(c.execute(q).fetchall())
        print(c.execute(sa.select(sa.cast(sa.literal("12"), sa.Integer) / 5, sa.func.coalesce(None, "x"), sa.literal(True))).fetchall())
        print(c.execute(sa.select(orders.c.order_id).where(orders.c.payment.in_(["card", "cash"])).order_by(orders.c.order_id).limit(2).offset(1)).fetchall())
        print(c.execution_options(stream_results=True).execute(sa.select(orders)).mappings().fetchmany(1)[0]["order_id"] > 0)
    print(pd.read_sql("SELECT payment, sum(quantity) AS q, avg(unit_price) AS p FROM orders GROUP BY 1 ORDER BY 1 NULLS LAST", engine))
    print(pd.read_sql_table("stores", engine).dtypes)
    with engine.begin() as c:
        c.execute(sa.text("DROP VIEW card_orders"))
