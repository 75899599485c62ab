const postgres = require("postgres");
const open = (more) => postgres({ host: process.env.TARN_HOST, port: +process.env.TARN_PORT, user: "ann", database: "lake", onnotice: (n) => console.log(n.severity, n.code), ...more });

(async () => {
  const sql = open({ max: 1 });
  const rows = await sql`SELECT order_id, ordered_at, payment FROM orders WHERE quantity > ${1} ORDER BY 1 LIMIT 2`;
  console.log(JSON.stringify(rows), rows.columns.map((c) => [c.name, c.type, c.table > 0, c.number]), rows.command, rows.count);
  console.log(await sql`SELECT count(*) FROM ${sql("orders")} WHERE payment IN ${sql(["card", "cash"])}`);
  console.log(await sql`SELECT count(*) FROM orders WHERE payment = ANY(${["card"]})`);
  console.log((await sql`SELECT true AS b, 1.5::numeric AS n, 2::int8 AS i, ARRAY[1,2] AS a, ARRAY['x',NULL] AS t, '{"a":1}'::json AS j, NULL AS z, DATE '2024-01-01' AS d, '\\x41'::bytea AS y, ${sql.json({ a: 1 })}::jsonb AS k`)[0]);
  console.log((await sql`SELECT 1 AS ${sql("Größe")}, 2 AS ${sql("two words")}, 3 AS ${sql("select")}, 4 AS ${sql('a"b')}`)[0]);
  console.log((await sql.unsafe("SELECT 1 AS a; SELECT 2 AS b")).map((x) => x[0]));
  console.log((await sql`SELECT * FROM orders LIMIT 1`.describe()).columns.map((c) => [c.name, c.type]));
  let sizes = [];
  await sql`SELECT order_id FROM orders LIMIT 250`.cursor(100, (r) => { sizes.push(r.length); });
  console.log(sizes);
  const out = [];
  for await (const chunk of await sql`COPY (SELECT order_id FROM orders ORDER BY 1 LIMIT 2) TO STDOUT`.readable()) out.push(chunk.toString());
  console.log(out.join(""));
  await sql.begin(async (tx) => {
    await tx`CREATE TEMP TABLE mine (a int, b text)`;
    await tx`INSERT INTO mine ${tx([{ a: 1, b: "x" }, { a: 2, b: null }])}`;
    await tx.savepoint(async (sp) => { await sp`SELECT nope FROM orders`; }).catch((e) => console.log(e.code, e.position));
    console.log(await tx`SELECT * FROM mine ORDER BY a`);
  });
  const long = sql`SELECT count(*) FROM range(100000) a, range(100000) b, range(100) c`.execute();
  setTimeout(() => long.cancel(), 300);
  await long.catch((e) => console.log(e.code));
  await sql.end();
  const pool = open({ max: 3 });
  console.log((await Promise.all([1, 2, 3, 4, 5].map((i) => pool`SELECT ${i}::int AS i`))).map((x) => x[0].i));
  await pool.end();
})().catch((e) => { console.error(e); process.exit(1); });
