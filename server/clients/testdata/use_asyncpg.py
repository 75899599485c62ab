import asyncio
import asyncpg
from common import URL


async def main():
    c = await asyncpg.connect(URL)
    print(await c.fetch("SELECT order_id, payment, ordered_at FROM orders WHERE quantity > $1 ORDER BY 1 LIMIT 2", 1))
    print(await c.fetch("SELECT ARRAY[1,2] AS a, 1.5::numeric AS n, '{\"a\":1}'::json AS j, INTERVAL '1 day' AS i, ARRAY['x',NULL] AS t"))
    st = await c.prepare("SELECT count(*) FROM orders WHERE payment = $1")
    print(await st.fetchval("card"), [p.name for p in st.get_parameters()], [(a.name, a.type.name) for a in st.get_attributes()])
    async with c.transaction():
        print(len([r async for r in c.cursor("SELECT order_id FROM orders LIMIT 120")]))
    with open("out.csv", "wb") as f:
        print(await c.copy_from_query("SELECT order_id FROM orders ORDER BY 1 LIMIT 2", output=f, format="csv"))
    print(open("out.csv").read())
    await c.execute("CREATE TEMP TABLE mine (a int, b text)")
    print(await c.copy_records_to_table("mine", records=[(1, "x"), (2, None)]))
    print(await c.fetch("SELECT * FROM mine ORDER BY 1"))
    print(await c.fetch("SELECT relname, relkind FROM pg_class WHERE relname = ANY($1::text[]) ORDER BY 1", ["orders", "stores"]))
    try:
        await c.fetch("SELECT nope FROM orders")
    except asyncpg.UndefinedColumnError as e:
        print(e.sqlstate)
    await c.close()
    pool = await asyncpg.create_pool(URL, min_size=2, max_size=4)
    print(sorted(await asyncio.gather(*[pool.fetchval("SELECT $1::int * 2", i) for i in range(8)])))
    await pool.close()


asyncio.run(main())
