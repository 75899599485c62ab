#!/bin/bash
# Writes engine/pgcatalog/static/catalog.txt.gz: what a PostgreSQL 15 that was just initialised says of its own catalog. A
# section is a line "\r SCHEMA NAME KIND OID ROWS", a line "\c NAME TYPE" for each column, and rows as COPY writes them, if
# ROWS is 1. Arrays are JSON, types whose text is a name (regproc, regtype) are OIDs.
#
#   usage: scripts/pgcatalog/export.sh [BINDIR]     as a user that PostgreSQL runs as, i.e. not as root
set -euo pipefail
bin=${1:-/usr/lib/postgresql/15/bin}
out=$(cd "$(dirname "$0")/../.." && pwd)/engine/pgcatalog/static/catalog.txt.gz
dir=$(mktemp -d)
trap '"$bin/pg_ctl" -D "$dir/data" -m immediate stop >/dev/null 2>&1; rm -rf "$dir"' EXIT
"$bin/initdb" -D "$dir/data" -U tarn -E UTF8 --locale=C.UTF-8 -A trust >/dev/null
"$bin/pg_ctl" -w -D "$dir/data" -o "-k '$dir' -c listen_addresses= -c fsync=off" -l "$dir/log" start >/dev/null
sql() { "$bin/psql" -h "$dir" -U tarn -d postgres -X -q -A -t "$@"; }

# What one instance alone has, and what Tarn fills itself: the columns are exported, the rows are not.
empty="pg_database pg_statistic pg_largeobject pg_largeobject_metadata pg_db_role_setting pg_shdepend pg_shdescription"
columns="SELECT a.attname, a.attnum, format_type(a.atttypid, a.atttypmod) AS typ FROM pg_attribute a
  WHERE a.attrelid = %s AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum"

relation() { # SCHEMA NAME KIND OID ROWS FILTER
  echo "\\r $1 $2 $3 $4 $5"
  sql -F ' ' -c "SELECT '\\c', attname, typ FROM (${columns/\%s/$4}) x ORDER BY attnum"
  [ "$5" = 1 ] || return 0
  local list
  list=$(sql -c "SELECT string_agg(CASE
      WHEN attname IN ('ev_action', 'ev_qual') THEN 'NULL'
      WHEN typ IN ('int2vector', 'oidvector') THEN format('array_to_json(string_to_array(%I::text, '' '')::bigint[])', attname)
      WHEN typ LIKE '%[]' THEN format('array_to_json(%I)', attname)
      WHEN typ LIKE 'reg%' THEN format('%I::oid', attname)
      ELSE format('%I', attname) END, ', ' ORDER BY attnum) FROM (${columns/\%s/$4}) x")
  sql -c "COPY (SELECT $list FROM $1.$2 $6) TO STDOUT"
}

computed() { # NAME QUERY: what functions of PostgreSQL say, as a relation of ours
  echo "\\r tarn $1 r 0 1"
  sql -F ' ' -c "CREATE TEMP VIEW x AS $2" -c "SELECT '\\c', attname, format_type(atttypid, atttypmod) FROM pg_attribute
    WHERE attrelid = 'x'::regclass AND attnum > 0 ORDER BY attnum"
  sql -c "COPY ($2) TO STDOUT"
}

{
  sql -F ' ' -c "SELECT n.nspname, c.relname, c.relkind, c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname IN ('pg_catalog', 'information_schema') AND c.relkind IN ('r', 'v') ORDER BY n.nspname DESC, c.relkind, c.relname" |
  while read -r schema name kind oid; do
    rows=0 filter=
    if [ "$kind" = r ] && [[ " $empty " != *" $name "* ]]; then rows=1; fi
    case $name in
    pg_collation) filter="WHERE collprovider <> 'i' OR collname IN ('unicode', 'und-x-icu', 'en-x-icu', 'de-x-icu')" ;;
    pg_timezone_abbrevs | pg_config) rows=0 ;;
    pg_class | pg_type) filter="ORDER BY oid" ;;
    esac
    relation "$schema" "$name" "$kind" "$oid" "$rows" "$filter"
  done
  computed settings "SELECT name, setting, unit, category, short_desc, extra_desc, context, vartype, min_val, max_val,
    array_to_json(enumvals) AS enumvals, boot_val, reset_val FROM pg_settings ORDER BY name"
  computed keywords "SELECT * FROM pg_get_keywords()"
  computed timezone_abbrevs "SELECT * FROM pg_timezone_abbrevs"
  computed extensions "SELECT name, default_version, comment FROM pg_available_extensions WHERE name = 'plpgsql'"
  computed viewdef "SELECT oid, pg_get_viewdef(oid, true) AS pretty FROM pg_class WHERE relkind = 'v'"
  computed indexdef "SELECT indexrelid AS oid, pg_get_indexdef(indexrelid) AS def FROM pg_index"
  computed constraintdef "SELECT oid, pg_get_constraintdef(oid) AS def FROM pg_constraint"
  computed procdef "SELECT oid, pg_get_function_arguments(oid) AS arguments, pg_get_function_identity_arguments(oid) AS identity,
    pg_get_function_result(oid) AS result, CASE WHEN prokind <> 'a' THEN pg_get_functiondef(oid) END AS def FROM pg_proc"
} | gzip -9n >"$out"
ls -l "$out"
