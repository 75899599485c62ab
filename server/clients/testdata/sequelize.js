// Sequelize: models over the lake's tables, introspection, raw queries.
const { Sequelize, DataTypes, Op, fn, col } = require("sequelize");
const db = new Sequelize("lake", "ann", "", { host: process.env.TARN_HOST, port: +process.env.TARN_PORT, dialect: "postgres", logging: false });

async function main() {
  await db.authenticate();
  const q = db.getQueryInterface();
  console.log((await q.showAllTables()).map((t) => t.tableName ?? t));
  console.log(Object.entries(await q.describeTable("stores")).map(([n, c]) => [n, c.type, c.allowNull]));
  const Store = db.define("store", { store_id: { type: DataTypes.INTEGER, primaryKey: true }, name: DataTypes.STRING, country: DataTypes.STRING }, { tableName: "stores", timestamps: false });
  const Order = db.define("order", { order_id: { type: DataTypes.BIGINT, primaryKey: true }, store_id: DataTypes.INTEGER, quantity: DataTypes.INTEGER, payment: DataTypes.STRING }, { tableName: "orders", timestamps: false });
  Order.belongsTo(Store, { foreignKey: "store_id" });
  console.log((await Store.findAll({ where: { country: { [Op.in]: ["Norway", "Poland"] } }, order: ["name"] })).map((s) => s.toJSON()));
  console.log((await Order.findAll({ attributes: ["payment", [fn("sum", col("quantity")), "bags"]], group: ["payment"], order: [[col("bags"), "DESC"]], raw: true })));
  console.log((await Order.findAndCountAll({ where: { quantity: { [Op.gt]: 3 } }, include: Store, limit: 1, order: ["order_id"] })).count);
  console.log((await db.query("SELECT name FROM stores WHERE name ILIKE :n ORDER BY 1", { replacements: { n: "%bean%" }, type: "SELECT" })).length);
  console.log(await Order.max("quantity"), await Order.count());
  await db.close();
}
main();
