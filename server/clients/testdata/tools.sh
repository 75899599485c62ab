# The statements by which tools learn of a database, each in a file of tools/: all of them must be answered.
set -uo pipefail
for file in "$TESTDATA"/tools/*.sql; do
	echo "== $(basename "$file")"
	psql "host=$TARN_HOST port=$TARN_PORT user=ann dbname=lake" -XAt -v VERBOSITY=sqlstate -f "$file" >out 2>err
	grep -o 'ERROR:.*' err
	echo "$(grep -c . out) lines" | sed 's/^0 lines/nothing/; s/^[0-9]* lines/answered/'
done
