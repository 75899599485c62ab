"""Drives one peer inside its own Python process, for benchmarks: JSON lines in, JSON lines out.

    {"op": "open", "tables": [...], "setup": ["CREATE VIEW ...", ...]}
    {"op": "query", "sql": "...", "keep": true}

Seconds are taken around executing and fetching all rows in the cheapest complete form of the peer (Arrow); turning them
into text for the comparison of answers is outside.
"""

import json
import resource
import sys
import time


class DuckDB:
    def __init__(self):
        import duckdb

        self.con, self.version = duckdb.connect(), duckdb.__version__

    def open(self, tables, setup):
        for sql in setup:
            self.con.execute(sql)

    def query(self, sql):
        return self.con.execute(sql).to_arrow_table()

    arrow = staticmethod(lambda result: result)


class ChDB:
    def __init__(self):
        import chdb
        from chdb import session

        self.session, self.version = session.Session(), chdb.__version__

    def open(self, tables, setup):
        for sql in setup:
            self.session.query(sql)

    def query(self, sql):
        return self.session.query(sql, "Arrow").bytes()

    @staticmethod
    def arrow(result):
        import pyarrow

        return pyarrow.ipc.open_file(pyarrow.BufferReader(result)).read_all()


class DataFusion:
    def __init__(self):
        import datafusion

        config = datafusion.SessionConfig().set("datafusion.execution.listing_table_ignore_subdirectory", "false")
        self.ctx, self.version = datafusion.SessionContext(config), datafusion.__version__

    def open(self, tables, setup):
        import datafusion
        import pyarrow

        for t in tables:
            hive = [(t["partition"], pyarrow.date32())] if t.get("partition") else []
            suffix = "." + t["suffix"]
            if t["format"] == "parquet":
                self.ctx.register_parquet(t["name"], t["path"], table_partition_cols=hive, file_extension=suffix)
            elif t["format"] == "csv":
                options = datafusion.CsvReadOptions(table_partition_cols=hive, file_extension=suffix)
                self.ctx.register_csv(t["name"], t["path"], options=options)
            else:
                self.ctx.register_json(t["name"], t["path"], table_partition_cols=hive, file_extension=suffix)
                self.typed(t)
        for sql in setup:
            self.ctx.sql(sql).collect()

    def typed(self, t):
        """JSON has no dates: a view gives the columns that hold them their type."""
        casts = t.get("casts") or {}
        if not casts:
            return
        columns = self.ctx.table(t["name"]).schema().names
        select = ", ".join(f'arrow_cast("{c}", \'{kind(casts[c])}\') AS "{c}"' if c in casts else f'"{c}"' for c in columns)
        df = self.ctx.sql(f'SELECT {select} FROM {t["name"]}')
        self.ctx.deregister_table(t["name"])
        self.ctx.register_view(t["name"], df)

    def query(self, sql):
        df = self.ctx.sql(sql)
        return df.schema(), df.collect()

    @staticmethod
    def arrow(result):
        import pyarrow

        return pyarrow.Table.from_batches(result[1], result[0] if not result[1] else None)


def kind(sql_type):
    return {"DATE": "Date32", "TIMESTAMP": "Timestamp(Microsecond, None)"}[sql_type]


class Polars:
    def __init__(self):
        import polars

        self.pl, self.version = polars, polars.__version__
        self.ctx = polars.SQLContext()

    def open(self, tables, setup):
        pl = self.pl
        for t in tables:
            where = t["glob"]
            if t["format"] == "parquet":
                frame = pl.scan_parquet(where, hive_partitioning=bool(t.get("partition")))
            elif t["format"] == "csv":
                frame = pl.scan_csv(where, try_parse_dates=True)
                if t.get("partition"):
                    frame = self.hive(pl.scan_csv(where, try_parse_dates=True, include_file_paths="_path"), t)
            else:
                frame = pl.scan_ndjson(where)
                if t.get("partition"):
                    frame = self.hive(pl.scan_ndjson(where, include_file_paths="_path"), t)
                frame = self.typed(frame, t)
            self.ctx.register(t["name"], frame)

    def hive(self, frame, t):
        """Polars reads keys of folders of Parquet files only; for text they are cut out of the path."""
        key = self.pl.col("_path").str.extract(t["partition"] + r"=([^/]+)/", 1).str.to_date("%Y-%m-%d")
        return frame.with_columns(key.alias(t["partition"])).drop("_path")

    def typed(self, frame, t):
        pl = self.pl
        for column, sql_type in (t.get("casts") or {}).items():
            text = pl.col(column).str
            frame = frame.with_columns(text.to_date("%Y-%m-%d") if sql_type == "DATE" else text.to_datetime("%Y-%m-%d %H:%M:%S"))
        return frame

    def query(self, sql):
        return self.ctx.execute(sql, eager=True)

    arrow = staticmethod(lambda result: result.to_arrow())


PEERS = {"duckdb": DuckDB, "chdb": ChDB, "datafusion": DataFusion, "polars": Polars}


def cell(value):
    if value is None:
        return None
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, float):
        return repr(value)
    return str(value)


def answer(peer, request):
    if request["op"] == "open":
        peer.open(request.get("tables") or [], request.get("setup") or [])
        return {"version": peer.version}
    start = time.perf_counter()
    result = peer.query(request["sql"])
    seconds = time.perf_counter() - start
    table = peer.arrow(result)
    reply = {"seconds": seconds, "rows": table.num_rows}
    if request.get("keep"):
        columns = [column.to_pylist() for column in table.columns]
        reply["data"] = [[cell(v) for v in row] for row in zip(*columns)]
    return reply


def main():
    peer, replies = PEERS[sys.argv[1]](), sys.stdout
    sys.stdout = sys.stderr  # what a peer prints is no reply
    for line in sys.stdin:
        try:
            reply = answer(peer, json.loads(line))
        except BaseException as e:  # a panic of Rust code is no Exception
            if isinstance(e, (KeyboardInterrupt, SystemExit)):
                raise
            reply = {"error": f"{type(e).__name__}: {e}"[:500]}
        reply["peak_kb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1024 if sys.platform == "darwin" else 1)
        print(json.dumps(reply), file=replies, flush=True)


if __name__ == "__main__":
    main()
