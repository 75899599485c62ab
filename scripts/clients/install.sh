#!/usr/bin/env bash
# Installs what the tests drive: the PostgreSQL clients psql, psycopg and pgjdbc, in pinned versions, and the terminal tmux.
# What is there already is left alone, so that it costs nothing to run this again.
#
#   scripts/clients/install.sh [tmux|psql|postgres|psycopg|jdbc]...    all of these without an argument
#
# They go into the directory TARN_CLIENTS, by default .clients at the top of the repository: venv/bin/python has psycopg,
# postgresql.jar is pgjdbc. tmux, psql, and python3, java and mvn where they are missing, come from the system's packages.
set -euo pipefail

PSYCOPG=3.2.10
PGJDBC=42.7.8
# Ibis needs packaging without naming it, and writes DROP VIEW without the name by the newest sqlglot.
PYTHON="psycopg2-binary==2.9.13 psycopg[binary]==3.3.9 asyncpg==0.32.0 SQLAlchemy==2.1.9 pandas==3.1.1 pgcli==4.7.1 connectorx==0.4.6
	adbc-driver-postgresql==1.13.0 pyarrow==26.0.1 pyodbc==5.5.0
	ibis-framework[postgres]==12.0.0 sqlglot==27.29.0 packaging==25.0 pg8000==1.31.6 polars==2.1.0"
DBT="dbt-core==1.9.11 dbt-postgres==1.9.1"
# DuckDB and its reader of PostgreSQL, which is an extension, in versions that fit.
DUCKDB="duckdb==1.5.5 duckdb-extensions==1.5.5 duckdb-extension-postgres-scanner==1.5.5 pytz==2026.6"
# Superset's package neither bounds the first of the last three nor names the other two, which it needs.
SUPERSET="apache-superset==6.1.0 psycopg2-binary==2.9.13 flask-caching==2.3.1 rich==14.1.0 cachetools==6.2.1"
PGADMIN="pgadmin4==9.18"
NODE="pg@8.23.1 pg-cursor@2.22.0 pg-query-stream@4.17.0 knex@3.3.0 typeorm@1.1.1 reflect-metadata@0.2.2 sequelize@6.37.8 postgres@3.4.9"

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
dir=${TARN_CLIENTS:-$here/../../.clients}
mkdir -p "$dir"
exec 9>"$dir/lock"
flock 9 # tests of several packages may run at once

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }

apt_install() { # NAME... : Debian packages
	as_root apt-get update -qq
	as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"
}

need() { # COMMAND PACKAGE : a command that other steps use
	command -v "$1" >/dev/null || apt_install "$2"
}

install_tmux() { # that TestTerminal types into
	need tmux tmux
}

install_psql() {
	command -v psql >/dev/null || apt_install postgresql-client
}

install_postgres() { # the server that the differential suite compares with; no cluster of the system's own is made
	[ -x /usr/lib/postgresql/15/bin/postgres ] && return
	as_root mkdir -p /etc/postgresql-common/createcluster.d
	echo 'create_main_cluster = false' | as_root tee /etc/postgresql-common/createcluster.d/tarn.conf >/dev/null
	apt_install postgresql-15
}

install_psycopg() {
	if [ "$(cat "$dir/psycopg.version" 2>/dev/null)" = "$PSYCOPG" ] && "$dir/venv/bin/python" -c 'import psycopg' 2>/dev/null; then
		return
	fi
	need python3 python3
	rm -rf "$dir/venv"
	python3 -m venv "$dir/venv" || { apt_install python3-venv && python3 -m venv "$dir/venv"; }
	"$dir/venv/bin/python" -m pip install --quiet --disable-pip-version-check "psycopg[binary]==$PSYCOPG"
	echo "$PSYCOPG" >"$dir/psycopg.version"
}

install_jdbc() {
	# Client.java runs from its source, which takes the compiler.
	java --list-modules 2>/dev/null | grep -q '^jdk.compiler' || apt_install default-jdk-headless
	if [ "$(cat "$dir/jdbc.version" 2>/dev/null)" = "$PGJDBC" ] && [ -s "$dir/postgresql.jar" ]; then
		return
	fi
	need mvn maven
	rm -rf "$dir/jdbc"
	mvn --quiet --batch-mode -Dstyle.color=never dependency:copy "-Dartifact=org.postgresql:postgresql:$PGJDBC" "-DoutputDirectory=$dir/jdbc"
	mv "$dir/jdbc/postgresql-$PGJDBC.jar" "$dir/postgresql.jar"
	rm -rf "$dir/jdbc"
	echo "$PGJDBC" >"$dir/jdbc.version"
}

# install_venv NAME PACKAGES: a virtual environment with just these
install_venv() {
	if [ "$(cat "$dir/$1.version" 2>/dev/null)" = "$2" ] && [ -x "$dir/$1/bin/python" ]; then
		return
	fi
	need python3 python3
	rm -rf "${dir:?}/$1"
	python3 -m venv "$dir/$1" || { apt_install python3-venv && python3 -m venv "$dir/$1"; }
	# shellcheck disable=SC2086 # a list of packages
	"$dir/$1/bin/python" -m pip install --quiet --disable-pip-version-check $2
	echo "$2" >"$dir/$1.version"
}

install_node() {
	need node nodejs
	need npm npm
	[ "$(cat "$dir/node.version" 2>/dev/null)" = "$NODE" ] && return
	rm -rf "$dir/node"
	mkdir -p "$dir/node"
	# shellcheck disable=SC2086
	(cd "$dir/node" && npm init -y >/dev/null && npm install --silent --no-audit --no-fund --save-exact $NODE)
	echo "$NODE" >"$dir/node.version"
}

install_perl() {
	perl -MDBD::Pg -e 1 2>/dev/null || apt_install libdbd-pg-perl
}

install_r() {
	need Rscript r-base-core
	Rscript -e 'library(RPostgreSQL)' >/dev/null 2>&1 || apt_install r-cran-rpostgresql
}

install_php() {
	php -r 'exit(extension_loaded("pdo_pgsql") && extension_loaded("pgsql") ? 0 : 1);' 2>/dev/null || apt_install php-cli php-pgsql
}

install_ruby() {
	ruby -e 'require "pg"' 2>/dev/null || apt_install ruby ruby-pg
}

install_odbc() {
	[ -e "$(odbc_driver)" ] || apt_install unixodbc odbc-postgresql
}

odbc_driver() { find /usr/lib -name psqlodbcw.so 2>/dev/null | head -1; }

quick="tmux psql postgres psycopg jdbc"
[ "$*" = all ] && set -- $quick python dbt superset pgadmin duckdb node perl php ruby odbc r
[ $# -gt 0 ] || set -- $quick
for client in "$@"; do
	case $client in
	tmux) install_tmux ;;
	psql) install_psql ;;
	postgres) install_postgres ;;
	psycopg) install_psycopg ;;
	jdbc) install_jdbc ;;
	python) install_venv python "$PYTHON" ;;
	dbt) install_venv dbt "$DBT" ;;
	superset) install_venv superset "$SUPERSET" ;;
	pgadmin) install_venv pgadmin "$PGADMIN" ;;
	duckdb) install_venv duckdb "$DUCKDB" ;;
	node) install_node ;;
	perl) install_perl ;;
	php) install_php ;;
	ruby) install_ruby ;;
	odbc) install_odbc ;;
	r) install_r ;;
	*)
		echo "install.sh: there is no client $client; there are $quick python dbt superset pgadmin duckdb node perl php ruby odbc r, and all of them by the name all" >&2
		exit 2
		;;
	esac
done
