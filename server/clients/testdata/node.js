const { Client, Pool } = require("pg");
const Cursor = require("pg-cursor");
const QueryStream = require("pg-query-stream");
const at = { host: process.env.TARN_HOST, port: +process.env.TARN_PORT, user: "ann", database: "lake" };

(async () => {
  const c = new Client(at);
  await c.connect();
  let r = await c.query("SELECT order_id, ordered_at, payment FROM orders ORDER BY 1 LIMIT 2");
  console.log(JSON.stringify(r.rows), r.fields.map((f) => [f.name, f.dataTypeID, f.columnID]), r.command, r.rowCount);
  r = await c.query("SELECT count(*) FROM orders WHERE quantity > $1 AND payment = ANY($2)", [1, ["card", "cash"]]);
  console.log(r.rows);
  r = await c.query({ name: "again", text: "SELECT $1::int + 1 AS n, $2::text AS t, $3::jsonb AS j", values: [1, "x", { a: 1 }] });
  console.log(r.rows);
  r = await c.query({ name: "again", text: "SELECT $1::int + 1 AS n, $2::text AS t, $3::jsonb AS j", values: [2, null, JSON.stringify([1])] });
  console.log(r.rows);
  console.log((await c.query("SELECT 1 AS a; SELECT 2 AS b")).map((x) => x.rows));
  console.log((await c.query("SELECT true AS b, 1.5::numeric AS n, 2::int8 AS i, ARRAY[1,2] AS a, '{\"a\":1}'::json AS j, NULL AS z, DATE '2024-01-01' AS d, '\\x41'::bytea AS y")).rows);
  const cursor = c.query(new Cursor("SELECT order_id FROM orders"));
  console.log((await cursor.read(100)).length, (await cursor.read(5000)).length);
  await cursor.close();
  let n = 0;
  for await (const _ of c.query(new QueryStream("SELECT order_id FROM orders", [], { batchSize: 100 }))) n++;
  console.log(n);
  try {
    await c.query("SELECT nope FROM orders");
  } catch (e) {
    console.log(e.code, e.position, e.severity);
  }
  await c.end();
  const pool = new Pool({ ...at, max: 3 });
  console.log((await Promise.all([1, 2, 3, 4, 5].map((i) => pool.query("SELECT $1::int AS i", [i])))).map((x) => x.rows[0].i));
  await pool.end();
})().catch((e) => { console.error(e); process.exit(1); });
