#!/usr/bin/env bash
# Crawls the example lake into a fresh state directory and answers the queries of examples/queries.
# Usage: examples/demo.sh TARN
set -euo pipefail

tarn=$1
here=$(cd "$(dirname "$0")" && pwd)
state=$(mktemp -d)
trap 'rm -rf "$state"' EXIT

echo '$ tarn crawl examples/lake'
"$tarn" crawl "$here/lake" --state "$state"

for query in "$here"/queries/*.sql; do
	echo
	cat "$query"
	"$tarn" "$here/lake" --state "$state" --format box -f "$query"
done
