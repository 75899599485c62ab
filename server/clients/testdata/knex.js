const knex = require("knex")({ client: "pg", connection: { host: process.env.TARN_HOST, port: +process.env.TARN_PORT, user: "ann", database: "lake" } });
(async () => {
  console.log(await knex("orders").columnInfo());
  console.log(await knex.schema.hasTable("orders"), await knex.schema.hasTable("nope"), await knex.schema.hasColumn("orders", "payment"));
  console.log(await knex("orders").select("payment").count("* as n").sum("quantity as q").where("quantity", ">", 1).groupBy("payment").orderBy("payment"));
  console.log(await knex("orders").whereIn("payment", ["card"]).andWhereBetween("ordered_at", ["2024-10-01", "2024-10-03"]).count());
  console.log(await knex.raw("SELECT ?::int + 1 AS x", [1]).then((r) => r.rows));
  await knex.transaction(async (trx) => console.log(await trx("stores").count()));
  await knex.destroy();
})().catch((e) => { console.error(e); process.exit(1); });
