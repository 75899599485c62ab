# A real PostgreSQL reads the lake's tables as its own.
set -euo pipefail
bin=/usr/lib/postgresql/15/bin
dir=$(mktemp -d)
as() { if [ "$(id -u)" = 0 ]; then runuser -u nobody -- "$@"; else "$@"; fi; }
chmod 777 "$dir"
as $bin/initdb -D "$dir/data" -U postgres -A trust >/dev/null
as $bin/pg_ctl -D "$dir/data" -o "-k $dir -c listen_addresses=''" -l "$dir/log" -w start >/dev/null
trap 'as $bin/pg_ctl -D "$dir/data" -m immediate stop >/dev/null; rm -rf "$dir"' EXIT
psql -XAt -v ON_ERROR_STOP=1 -h "$dir" -U postgres postgres <<SQL
SET client_min_messages = warning;
CREATE EXTENSION postgres_fdw;
CREATE SERVER lake FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '$TARN_HOST', port '$TARN_PORT', dbname 'lake', fetch_size '500');
CREATE USER MAPPING FOR postgres SERVER lake OPTIONS (user 'ann', password_required 'false');
CREATE SCHEMA lake;
IMPORT FOREIGN SCHEMA public FROM SERVER lake INTO lake;
SELECT table_name, string_agg(column_name || ' ' || data_type, ', ' ORDER BY ordinal_position) FROM information_schema.columns WHERE table_schema = 'lake' GROUP BY 1 ORDER BY 1;
SELECT count(*), sum(quantity) FROM lake.orders;
SELECT payment, count(*) FROM lake.orders WHERE quantity > 2 AND ordered_at < '2025-01-01' GROUP BY 1 ORDER BY 1;
CREATE TABLE local (payment text, label text);
INSERT INTO local VALUES ('card', 'C'), ('cash', 'M');
SELECT l.label, count(*) FROM lake.orders o JOIN local l USING (payment) GROUP BY 1 ORDER BY 1;
SELECT s.*, n FROM lake.stores s JOIN (SELECT store_id, count(*) n FROM lake.orders GROUP BY 1) o USING (store_id) ORDER BY 1 LIMIT 2;
EXPLAIN (COSTS off) SELECT count(*) FROM lake.orders WHERE payment LIKE 'c%';
SELECT order_id FROM lake.orders ORDER BY order_id DESC LIMIT 1;
SQL
