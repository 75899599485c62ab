import pyodbc
from common import HOST, PORT

for more in ("", "UseDeclareFetch=1;Fetch=100;"):
    c = pyodbc.connect(f"Driver={{PostgreSQL Unicode}};Server={HOST};Port={PORT};Database=lake;Uid=ann;{more}", autocommit=True)
    k = c.cursor()
    print(k.execute("SELECT order_id, ordered_at, payment, unit_price FROM orders ORDER BY 1 LIMIT 2").fetchall())
    print(len(k.execute("SELECT order_id FROM orders").fetchall()))
    print(k.execute("SELECT count(*) FROM orders WHERE quantity > ? AND payment = ?", 1, "card").fetchval())
    print(sorted((r.table_schem, r.table_name, r.table_type) for r in k.tables() if r.table_schem in ("public", "web")))
    print([(r.column_name, r.type_name, r.nullable) for r in k.columns(table="orders")])
    print(k.primaryKeys(table="orders").fetchall(), k.foreignKeys(table="orders").fetchall())
    print(k.statistics("orders").fetchall()[:1] is not None, len(k.getTypeInfo().fetchall()) > 10)
    print(c.getinfo(pyodbc.SQL_DBMS_NAME), c.getinfo(pyodbc.SQL_DATABASE_NAME))
    try:
        k.execute("SELECT nope FROM orders")
    except pyodbc.Error as e:
        print(e.args[0])
    c.close()
