"""pgAdmin 4's own web application in desktop mode: a server, its tree down to columns, what it shows of tables and views, the query tool."""
import json
import os
import sys
from common import HOST, PORT

home = os.getcwd()
with open("config_distro.py", "w") as f:
    f.write(f"""
DATA_DIR = {home!r}
SQLITE_PATH = {home + "/pgadmin4.db"!r}
SESSION_DB_PATH = {home + "/sessions"!r}
STORAGE_DIR = {home + "/storage"!r}
LOG_FILE = {home + "/log"!r}
MASTER_PASSWORD_REQUIRED = False
USE_OS_SECRET_STORAGE = False
UPGRADE_CHECK_ENABLED = False
WTF_CSRF_ENABLED = False
""")
os.environ.update(CONFIG_DISTRO_FILE_PATH=home + "/config_distro.py", PGADMIN_SERVER_MODE="OFF")
stdout = os.dup(1)
os.dup2(2, 1)  # what pgAdmin says of itself is not what is compared


def print(*what):
    os.write(stdout, (" ".join(str(w) for w in what) + "\n").encode())


import pgadmin4

sys.path.insert(0, list(pgadmin4.__path__)[0])
from pgAdmin4 import app

app.PGADMIN_INT_KEY = ""
app.config["WTF_CSRF_ENABLED"] = False
web = app.test_client()


def call(method, path, body=None):
    answer = web.open(path, method=method, **({"json": body} if body is not None else {}))
    if answer.status_code != 200:
        sys.exit(f"{method} {path}: {answer.status} {answer.get_data(as_text=True)}")
    return answer.json


def get(node, what, *ids):
    """What the tree shows: of the objects of a parent (the path ends in a slash), or of one object."""
    return call("GET", f"/browser/{node}/{what}/" + "/".join(str(i) for i in (1, server, *ids)))


def nodes(node, *ids):
    return {n["label"]: n["_id"] for n in get(node, "nodes", *ids, "")["data"]}


server = call("POST", "/browser/server/obj/1/", {"name": "lake", "host": HOST, "port": int(PORT), "db": "lake", "username": "ann", "role": "",
              "connect_now": True, "password": "", "save_password": False, "connection_params": [], "comment": "", "service": "",
              "use_ssh_tunnel": 0, "shared": False, "kerberos_conn": False})["node"]["_id"]
print(call("POST", f"/browser/server/connect/1/{server}", {"password": ""})["info"])
print("databases", list(nodes("database")))
lake = nodes("database")["lake"]
call("POST", f"/browser/database/connect/1/{server}/{lake}")
print("privileges", get("database", "obj", lake)["acl"])
schemas = nodes("schema", lake)
print("schemas", sorted(schemas))
public = schemas["public"]
print("privileges", [(a["grantee"], [p["privilege_type"] for p in a["privileges"]]) for a in get("schema", "obj", lake, public)["nspacl"]])
tables = nodes("table", lake, public)
print("tables", sorted(tables))
orders = tables["orders"]
print("columns", list(nodes("column", lake, public, orders)))
for name, column in nodes("column", lake, public, orders).items():
    got = get("column", "obj", lake, public, orders, column)
    print("column", name, got["cltype"], got["attnotnull"], got["description"])
    get("column", "sql", lake, public, orders, column), get("column", "stats", lake, public, orders, column)
print(get("table", "sql", lake, public, orders))
got = get("table", "obj", lake, public, orders)
print("table", got["relowner"], got["amname"], got["description"], [(a["grantee"], [p["privilege_type"] for p in a["privileges"]]) for a in got["relacl"]])
for what in ("stats", "dependency", "dependent", "children"):
    get("table", what, lake, public, orders)
for node in ("index", "constraints", "trigger", "rule", "row_security_policy", "partition"):
    print(node, nodes(node, lake, public, orders))
for node in ("aggregate", "collation", "domain", "foreign_table", "fts_configuration", "fts_dictionary", "function", "trigger_function",
             "procedure", "operator", "sequence", "type", "mview"):
    print(node, nodes(node, lake, public))
for node in ("cast", "event_trigger", "extension", "foreign_data_wrapper", "language", "publication", "subscription"):
    print(node, sorted(nodes(node, lake)))
for node in ("tablespace", "role"):
    print(node, len(nodes(node)) > 1)
catalog = next(i for label, i in nodes("catalog", lake).items() if "PostgreSQL" in label or label == "pg_catalog")
classes = nodes("table", lake, catalog)["pg_class"]
print("indexes", sorted(nodes("index", lake, catalog, classes)))
for index in nodes("index", lake, catalog, classes).values():
    got = get("index", "obj", lake, catalog, classes, index)
    print("index", got["name"], [c["colname"] for c in got["columns"]], got["indisunique"])

transaction = 5432
tool = f"/sqleditor/initialize/sqleditor/{transaction}/1/{server}/{lake}"
call("POST", tool, {"user": "ann", "role": None, "password": "", "dbname": "lake"})


def run(sql):
    call("POST", f"/sqleditor/query_tool/start/{transaction}", {"sql": sql, "explain_plan": None})
    while True:
        got = web.get(f"/sqleditor/poll/{transaction}").json
        answer = got["data"]
        if got["errormsg"]:
            return got["errormsg"]
        if answer["status"] not in ("Busy", "NotInitialised"):
            return answer


answer = run("select payment, count(*), sum(unit_price) from orders group by 1 order by 1 nulls first limit 3")
print([c["name"] for c in answer["colinfo"]], answer["result"])
print(run("create view big as select order_id, quantity * unit_price as amount from orders where quantity > 2")["result"])
view = nodes("view", lake, public)["big"]
print(get("view", "sql", lake, public, view))
print([n for n in nodes("column", lake, public, view)])
print(run("drop view big")["result"])
print(run("select nothing from orders"))
answer = run("select * from orders order by order_id")
print("first rows", len(answer["result"]), answer["rows_affected"])
call("POST", f"/sqleditor/initialize/viewdata/77/3/table/1/{server}/{lake}/{orders}", {"user": "ann", "dbname": "lake"})
call("GET", "/sqleditor/view_data/start/77")
while (answer := call("GET", "/sqleditor/poll/77")["data"])["status"] in ("Busy", "NotInitialised"):
    pass
print("view data", answer["status"], len(answer["result"]))
activity = call("GET", f"/dashboard/activity/{server}/{lake}")[0]["activity"]
print("activity", sorted(activity[0]))
print("charts", sorted(call("GET", f"/dashboard/dashboard_stats/{server}/{lake}?chart_names=session_stats,tps_stats,ti_stats,to_stats,bio_stats")))
print("locks", len(call("GET", f"/dashboard/locks/{server}/{lake}")), "settings", len(call("GET", f"/dashboard/config/{server}")) > 300)
found = call("GET", f"/search_objects/search/{server}/{lake}?text=store&type=all")
found = found if isinstance(found, list) else found["data"]
print("found", sorted((o["type"], o["name"]) for o in found if o["name"].startswith("store")))
