<?php
$db = new PDO("pgsql:host=" . getenv("TARN_HOST") . ";port=" . getenv("TARN_PORT") . ";dbname=lake;user=ann");
$db->setAttribute(PDO::ATTR_ERRMODE, PDO::ERRMODE_EXCEPTION);
$st = $db->prepare("SELECT order_id, payment, ordered_at FROM orders WHERE quantity > :q ORDER BY 1 LIMIT 2");
$st->execute(["q" => 1]);
echo json_encode($st->fetchAll(PDO::FETCH_ASSOC)), "\n";
for ($i = 0; $i < $st->columnCount(); $i++) {
    $m = $st->getColumnMeta($i);
    echo $m["name"], " ", $m["native_type"], " ", $m["table"] ?? "", "\n";
}
$row = $db->query("SELECT true AS b, 1.5::numeric AS n, 2::int8 AS i, ARRAY[1,2] AS a, NULL AS z, DATE '2024-01-01' AS d, '\\x41'::bytea AS y")->fetch(PDO::FETCH_ASSOC);
$row["y"] = stream_get_contents($row["y"]);
var_dump($row);
echo json_encode($db->query('SELECT 1 AS "Größe", 2 AS "two words", 3 AS "select"')->fetch(PDO::FETCH_ASSOC), JSON_UNESCAPED_UNICODE), "\n";
$db->beginTransaction();
$db->exec("CREATE TEMP TABLE mine (a int, b text)");
$in = $db->prepare("INSERT INTO mine VALUES (?, ?)");
foreach ([[1, "x"], [2, null]] as $r) $in->execute($r);
$db->pgsqlCopyFromArray("mine", ["3\tz"]);
echo json_encode($db->query("SELECT * FROM mine ORDER BY a")->fetchAll(PDO::FETCH_NUM)), "\n";
$db->commit();
echo json_encode($db->pgsqlCopyToArray("(SELECT order_id FROM orders ORDER BY 1 LIMIT 2)")), "\n";
try {
    $db->query("SELECT nope FROM orders");
} catch (PDOException $e) {
    echo $e->getCode(), "\n";
}
$pg = pg_connect("host=" . getenv("TARN_HOST") . " port=" . getenv("TARN_PORT") . " dbname=lake user=ann");
echo json_encode(pg_fetch_all(pg_query_params($pg, 'SELECT payment, count(*) FROM orders WHERE payment = $1 GROUP BY 1', ["card"]))), "\n";
echo json_encode(array_keys(pg_meta_data($pg, "orders"))), "\n";
