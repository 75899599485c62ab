# A dbt project with two models, one made of the other, run twice.
set -euo pipefail
mkdir -p project/models
cat >project/dbt_project.yml <<YAML
name: shop
version: "1.0"
profile: tarn
models:
  shop:
    +materialized: view
YAML
cat >profiles.yml <<YAML
tarn:
  target: dev
  outputs:
    dev: {type: postgres, host: $TARN_HOST, port: $TARN_PORT, user: ann, password: x, dbname: lake, schema: marts, threads: 1}
YAML
cat >project/models/card_orders.sql <<'SQL'
with source as (select * from {{ source('lake', 'orders') }})
select order_id, ordered_at, quantity * unit_price as amount from source where payment = 'card'
SQL
cat >project/models/daily.sql <<'SQL'
select ordered_at::date as day, count(*) as orders, sum(amount) as amount from {{ ref('card_orders') }} group by 1
SQL
cat >project/models/schema.yml <<'YAML'
version: 2
sources:
  - name: lake
    schema: public
    tables: [{name: orders}]
models:
  - name: daily
    columns: [{name: day, tests: [unique, not_null]}]
YAML
export DBT_PROFILES_DIR=$PWD DBT_SEND_ANONYMOUS_USAGE_STATS=false DBT_USE_COLORS=false
cd project
dbt=$TARN_CLIENTS/dbt/bin/dbt
$dbt debug | grep -E 'Connection test'| sed 's/^[0-9:]* *//'
for _ in 1 2; do
	$dbt build | grep -E 'OK created|PASS |Done\.|ERROR|FAIL' | sed -E 's/^[0-9:]+ +//; s/ in [0-9.]+s//; s/\.\.+//'
done
psql "host=$TARN_HOST port=$TARN_PORT user=ann dbname=lake" -XAtc "SELECT * FROM marts.daily ORDER BY 1 LIMIT 2; DROP SCHEMA marts CASCADE"
