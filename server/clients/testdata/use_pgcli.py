import threading
from pgspecial import PGSpecial
from pgcli.completion_refresher import CompletionRefresher
from pgcli.pgexecute import PGExecute
from common import HOST, PORT

e = PGExecute("lake", "ann", "", HOST, PORT, "")
print(sorted(t for t in e.tables() if t[0] in ("public", "web")), sorted(e.schemata())[-2:])
print([c for c in e.table_columns() if c[1] == "stores"])
print([v for v in e.views() if v[0] == "public"], [c for c in e.view_columns() if c[0] == "public"], list(e.foreignkeys()), "lake" in e.databases(), e.search_path())
print(len(list(e.functions())) > 100, len(list(e.datatypes())) >= 0)
for title, rows, headers, status, _, ok, _ in e.run("SELECT payment, count(*) FROM orders GROUP BY 1 ORDER BY 1 NULLS LAST"):
    print(title, list(rows), headers, status, ok)
for special in (r"\d stores", r"\dt", r"\dn", r"\l", r"\du", r"\df lower", r"\dT json", r"\dv", r"\di"):
    for title, rows, headers, status, _, ok, _ in e.run(special, PGSpecial()):
        print(special, ok, headers, len(list(rows or [])) >= 0)
done = threading.Event()
names = []
def finished(completer):
    names.extend(sorted(completer.dbmetadata["tables"]["public"]))
    done.set()
CompletionRefresher().refresh(e, PGSpecial(), finished)
done.wait(60)
print(names)
