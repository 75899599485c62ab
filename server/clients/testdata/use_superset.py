"""Apache Superset's own web application: a database, a data set of one of its tables, a chart's query and SQL Lab, all by its API."""
import logging
import os
import subprocess
import sys
from common import HOST, PORT

home = os.getcwd()
with open("superset_config.py", "w") as f:
    f.write(f"""
SECRET_KEY = "of a test, which nobody else can reach"
SQLALCHEMY_DATABASE_URI = "sqlite:///{home}/superset.db"
WTF_CSRF_ENABLED = False
TALISMAN_ENABLED = False
RATELIMIT_ENABLED = False
""")
os.environ.update(SUPERSET_HOME=home, SUPERSET_CONFIG_PATH=f"{home}/superset_config.py")
stdout = os.dup(1)
os.dup2(2, 1)  # what Superset says of itself is not what is compared


def print(*what):
    os.write(stdout, (" ".join(str(w) for w in what) + "\n").encode())


for command in ("db upgrade", "fab create-admin --username ann --firstname a --lastname n --email a@example.com --password secret", "init"):
    superset = [os.path.join(os.path.dirname(sys.executable), "superset"), *command.split()]
    made = subprocess.run(superset, env={**os.environ, "FLASK_APP": "superset.app:create_app()"}, capture_output=True, text=True)
    if made.returncode:
        sys.exit(f"superset {command}: {made.stdout}\n{made.stderr}")

from superset.app import create_app

app = create_app()
logging.disable(logging.WARNING)
web = app.test_client()
token = web.post("/api/v1/security/login", json={"username": "ann", "password": "secret", "provider": "db", "refresh": True}).json["access_token"]


def call(method, path, **json):
    answer = web.open("/api/v1/" + path, method=method, headers={"Authorization": "Bearer " + token}, **({"json": json} if json else {}))
    if answer.status_code >= 300:
        sys.exit(f"{method} {path}: {answer.status} {answer.get_data(as_text=True)}")
    return answer.json


uri = f"postgresql+psycopg2://ann@{HOST}:{PORT}/lake"
print(call("POST", "database/test_connection/", sqlalchemy_uri=uri, database_name="lake")["message"])
lake = call("POST", "database/", database_name="lake", sqlalchemy_uri=uri, expose_in_sqllab=True)["id"]
print(sorted(s for s in call("GET", f"database/{lake}/schemas/")["result"] if not s.startswith("pg_")))
print(sorted((t["value"], t["type"]) for t in call("GET", f"database/{lake}/tables/?q=(schema_name:public)")["result"]))
print([(c["name"], c["type"]) for c in call("GET", f"database/{lake}/table_metadata/?name=stores&schema=public")["columns"]])
orders = call("POST", "dataset/", database=lake, schema="public", table_name="orders")["id"]
columns = call("GET", f"dataset/{orders}")["result"]["columns"]
print(sorted((c["column_name"], c["type"], c["is_dttm"]) for c in columns))
total = {"expressionType": "SQL", "sqlExpression": "SUM(quantity * unit_price)", "label": "amount"}
for query in (
    {"columns": ["payment"], "metrics": ["count", total], "orderby": [["count", False]], "row_limit": 3},
    {"metrics": ["count"], "granularity": "ordered_at", "time_range": "2024-10-01 : 2025-01-01", "extras": {"time_grain_sqla": "P1M"},
     "columns": [{"timeGrain": "P1M", "columnType": "BASE_AXIS", "sqlExpression": "ordered_at", "label": "ordered_at", "expressionType": "SQL"}]},
    {"columns": ["order_id", "payment"], "metrics": [], "filters": [{"col": "payment", "op": "LIKE", "val": "c%"}, {"col": "quantity", "op": ">", "val": 3}],
     "orderby": [["order_id", True]], "row_limit": 2},
):
    result = call("POST", "chart/data", datasource={"id": orders, "type": "table"}, queries=[query], result_format="json", result_type="full", force=True)["result"][0]
    data = sorted(result["data"], key=str) if "granularity" in query else result["data"]
    print(result["error"], data, result["colnames"], result["coltypes"])
sql = "SELECT name FROM stores ORDER BY store_id"
lab = call("POST", "sqllab/execute/", database_id=lake, sql=sql, queryLimit=2, schema="public", client_id="x1", runAsync=False)
print(lab["status"], lab["data"])
