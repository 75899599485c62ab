require "pg"
c = PG.connect(host: ENV["TARN_HOST"], port: ENV["TARN_PORT"], user: "ann", dbname: "lake")
c.type_map_for_results = PG::BasicTypeMapForResults.new(c)
r = c.exec_params("SELECT order_id, payment, ordered_at FROM orders WHERE quantity > $1 ORDER BY 1 LIMIT 2", [1])
p r.to_a, r.fields.each_index.map { |i| [r.fname(i), r.ftype(i), r.ftablecol(i)] }
p c.exec("SELECT true AS b, 1.5::numeric AS n, 2::int8 AS i, ARRAY[1,2] AS a, ARRAY['x',NULL] AS t, '{\"a\":1}'::json AS j, NULL AS z, DATE '2024-01-01' AS d, '\\x41'::bytea AS y, TIMESTAMPTZ '2024-01-01 12:00:00+02' AS w").first
p c.exec("SELECT 1 AS \"Größe\", 2 AS \"two words\", 3 AS #{c.quote_ident('select')}").first
c.prepare("again", "SELECT $1::int + 1 AS n")
p c.exec_prepared("again", [1]).getvalue(0, 0), c.describe_prepared("again").paramtype(0)
n = 0
c.send_query("SELECT order_id FROM orders")
c.set_single_row_mode
c.get_result.stream_each { n += 1 }
c.get_result
p n
c.exec("CREATE TEMP TABLE mine (a int, b text)")
enc = PG::TextEncoder::CopyRow.new
c.copy_data("COPY mine FROM STDIN", enc) { [[1, "x"], [2, nil]].each { |row| c.put_copy_data(row) } }
p c.exec("SELECT * FROM mine ORDER BY a").values
out = []
c.copy_data("COPY (SELECT order_id FROM orders ORDER BY 1 LIMIT 2) TO STDOUT") { while (line = c.get_copy_data); out << line; end }
p out
begin
  c.transaction { c.exec("SELECT nope FROM orders") }
rescue PG::UndefinedColumn => e
  p e.result.error_field(PG::PG_DIAG_SQLSTATE)
end
p c.exec("SELECT 1 AS ok").first
