# RPostgres itself is neither in Debian nor in a registry that the tests may use. This calls libpq in its way: every statement is prepared
# without a name, described, run in single-row mode, and read as text; "immediate" ones are sent as they are. The statements are our own, with
# the constructs and catalog functions of those by which it connects, lists tables and fields, and writes a table (r-dbi/RPostgres).
import os
from psycopg import pq

c = pq.PGconn.connect(f"host={os.environ['TARN_HOST']} port={os.environ['TARN_PORT']} user=ann dbname=lake client_encoding=utf8".encode())
assert c.status == pq.ConnStatus.OK, c.error_message


def rows():
    c.set_single_row_mode()
    out = []
    while (r := c.get_result()) is not None:
        if r.status == pq.ExecStatus.FATAL_ERROR:
            out.append(("ERROR", r.error_field(pq.DiagnosticField.SQLSTATE).decode()))
        for i in range(r.ntuples):
            out.append(tuple(None if (v := r.get_value(i, j)) is None else v.decode() for j in range(r.nfields)))
    return out


def immediate(sql):
    c.send_query(sql.encode())
    return rows()


def query(sql, *params):
    p = c.prepare(b"", sql.encode())
    if p.status != pq.ExecStatus.COMMAND_OK:
        return [("ERROR", p.error_field(pq.DiagnosticField.SQLSTATE).decode())]
    d = c.describe_prepared(b"")
    assert d.nparams == len(params)
    c.send_query_prepared(b"", [x.encode() for x in params])
    return rows()


immediate("SET datestyle to 'iso, mdy'")
immediate("SET TIMEZONE = 'UTC'")
types = dict((name, int(oid)) for oid, name in immediate("SELECT oid, typname FROM pg_type"))
print(types["int8"], types["timestamptz"], types["_text"])

RELATIONS = """SELECT s.nspname AS table_schema, r.relname AS table_name,
  CASE WHEN s.oid = pg_my_temp_schema() THEN 'LOCAL TEMPORARY' WHEN r.relkind = 'm' THEN 'MATVIEW' WHEN r.relkind = 'v' THEN 'VIEW'
    WHEN r.relkind = 'f' THEN 'FOREIGN' WHEN r.relkind IN ('p', 'r') THEN 'BASE TABLE' END AS table_type
FROM pg_namespace s JOIN pg_class r ON r.relnamespace = s.oid
WHERE r.relkind IN ('f', 'm', 'p', 'r', 'v') AND NOT r.relispartition AND NOT pg_is_other_temp_schema(s.oid)
  AND (has_table_privilege(r.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')
    OR has_any_column_privilege(r.oid, 'SELECT, INSERT, UPDATE, REFERENCES') OR pg_has_role(r.relowner, 'USAGE'))"""
VISIBLE = " AND table_schema <> 'pg_catalog' AND table_schema = ANY(current_schemas(true))"


def tables(where=VISIBLE, table="", order="", catalog=True):
    source = f"({RELATIONS}) AS relations" if catalog else "information_schema.tables"
    return f"SELECT table_schema, table_name FROM {source} WHERE TRUE{where}{table}{order}"


def exists(name):
    return query("SELECT EXISTS (" + tables(table=f" AND table_name = '{name}'") + ")")[0][0]


print(sorted(query(tables())))
print(sorted(query(tables(catalog=False))))
print(exists("orders"), exists("nothing"))
objects = query("SELECT NULL::text AS schema, table_name AS table FROM (" + tables(order=" ORDER BY table_type, table_name")
                + ") AS tables UNION ALL SELECT DISTINCT table_schema AS schema, NULL::text AS table FROM (" + tables(where="") + ") AS schemas;")
print(sorted(objects, key=str))
print(query(tables(where=" AND table_schema IN ('public')", order=" ORDER BY table_type, table_name")))
print(query("SELECT attname FROM pg_attribute WHERE NOT attisdropped AND attnum > 0 AND attrelid = 'orders'::regclass ORDER BY attnum;"))
print(query("SELECT column_name FROM (SELECT *, rank() OVER (ORDER BY place) AS first FROM (SELECT * FROM unnest(current_schemas(true)) "
            "WITH ORDINALITY AS path(table_schema, place) WHERE table_schema <> 'pg_catalog') searched INNER JOIN INFORMATION_SCHEMA.COLUMNS USING (table_schema) "
            "WHERE table_name = 'orders') ranked WHERE first = 1 ORDER BY ordinal_position"))
print(len(query('SELECT * FROM "stores"')), query('SELECT count(*) FROM "orders" WHERE quantity > $1 AND payment = $2', "2", "card"))

for sql in ("BEGIN", 'SAVEPOINT "dbWriteTable"'):
    immediate(sql)
print(exists("cars"))
query('CREATE TEMPORARY TABLE "cars" ("name" TEXT, "hp" DOUBLE PRECISION, "built" DATE, "raw" BYTEA)')
c.exec_(b'COPY "cars" ("name", "hp", "built", "raw") FROM STDIN')
c.put_copy_data(b"Mazda RX4\t110\t1974-01-01\t\\\\x0141\nDatsun 710\t\\N\t\\N\t\\N\n")
c.put_copy_end()
while c.get_result() is not None:
    pass
immediate('RELEASE SAVEPOINT "dbWriteTable"')
immediate("COMMIT")
print(exists("cars"), query('SELECT * FROM "cars"'), query('SELECT * FROM "cars" WHERE hp > $1', "100"))
print(query("DROP TABLE IF EXISTS pg_temp.cars"), exists("cars"), query("SELECT nothing FROM orders"), query("SELECT 1 AS one"))
immediate("SET search_path = web")
print(query(tables()), exists("orders"), query("SELECT current_schema(), current_setting('search_path')"))
