require("reflect-metadata");
const { DataSource } = require("typeorm");
(async () => {
  const ds = new DataSource({ type: "postgres", host: process.env.TARN_HOST, port: +process.env.TARN_PORT, username: "ann", database: "lake", installExtensions: false });
  await ds.initialize();
  const q = ds.createQueryRunner();
  const t = await q.getTable("orders");
  console.log(t.name, t.columns.map((c) => [c.name, c.type, c.isNullable]), t.indices.length, t.foreignKeys.length);
  console.log((await q.getSchemas()).length >= 0, await q.hasTable("orders"), await q.hasTable("nope"), await q.hasColumn("orders", "payment"), await q.getCurrentDatabase(), await q.getCurrentSchema());
  console.log(await ds.query("SELECT count(*) FROM orders WHERE payment = $1", ["card"]));
  await q.startTransaction();
  console.log(await q.query("SELECT 1 AS one"));
  await q.rollbackTransaction();
  await ds.destroy();
})().catch((e) => { console.error(e); process.exit(1); });
