# What people type into psql beside statements: its commands that run queries of their own, and copying both ways.
set -uo pipefail
run() { psql "host=$TARN_HOST port=$TARN_PORT user=ann dbname=lake" -X "$@"; }
pg_isready -h "$TARN_HOST" -p "$TARN_PORT" | sed 's/.*- //'
run -v ON_ERROR_STOP=1 <<'SQL' 2>&1 | sed -E "s/port \"[0-9]+\"/port \"PORT\"/; s/^.* \(every 0\.05s\)/(every 0.05s)/"
\conninfo
\encoding
\timing off
SELECT payment, date_part('year', ordered_at)::int AS year, count(*) FROM orders WHERE payment IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2 \crosstabview
SELECT order_id, ordered_at, quantity * unit_price AS amount, ARRAY[1, 2] AS list FROM orders \gdesc
SELECT count(*) AS n, max(store_id) AS last FROM stores \gset shop_
\echo :shop_n :shop_last
SELECT 'SELECT ' || i || ' AS made' FROM generate_series(1, 2) AS s(i) \gexec
PREPARE one AS SELECT name FROM stores WHERE store_id = $1;
EXECUTE one(1);
CREATE TEMP TABLE t (a int, b text, c numeric(9,2));
\copy t FROM pstdin WITH (FORMAT csv, NULL 'none')
1,"a ""quoted"", text",1.5
2,none,2.25
\.
\copy t FROM pstdin
3	tab\\n	\N
\.
\copy (SELECT * FROM t ORDER BY a) TO STDOUT WITH (FORMAT csv, HEADER)
\copy t TO 'made.txt'
\! cat made.txt
SELECT a AS counted FROM t ORDER BY a LIMIT 1 \g (format=unaligned tuples_only=on)
\pset expanded on
SELECT * FROM t WHERE a = 1;
SQL
echo "== -1 goes back"
run -1 -c 'CREATE TEMP TABLE gone (a int)' -c 'SELECT 1/0' -c 'SELECT 2 AS "not reached"' 2>&1
echo "== ON_ERROR_STOP: $(printf 'SELECT nosuch;\nSELECT 3;\n' | run -v ON_ERROR_STOP=1 -v VERBOSITY=sqlstate 2>&1; echo "status $?")"
echo "== several -c: $(run -Atc 'SELECT 1; SELECT 2' -c 'SELECT 3' | tr '\n' ' ')"
echo "== csv"
run --csv -c 'SELECT store_id, name FROM stores ORDER BY 1 LIMIT 2'
echo "== commands"
for c in d d+ dt dt+ dv dm dn dn+ df 'df lower' du dg l l+ dT 'dT json' dT+ di ds dp z 'ddp' 'sf lower' 'd stores' 'd+ orders' 'd web.reviews' 'd pg_class' da dA db dc dC dconfig dd 'dD' des dew deu det \
	dE dF dFd dFp dFt dL dO do drds dRp dRs dP dx dX dy 'sv pg_tables' 'dS' 'dtS+' 'dAc' 'dAf' 'dAo' 'dAp' 'dt *.*' 'd s*' 'dn p*' 'dconfig work_mem'; do
	err=$(run -v VERBOSITY=sqlstate -c "\\$c" 2>&1 >out)
	# what is not there at all, psql says on standard error
	echo "\\$c: $(grep -q . out && echo answered || echo nothing)$(grep -o 'ERROR.*' <<<"$err")"
done
