// Package pgcatalog shows a lake as PostgreSQL 15 shows a database: pg_catalog and information_schema as real, typed
// relations in DuckDB, and the functions and casts that go with them. What is the same on every PostgreSQL comes from an
// export of one (static/); what is the lake's own is filled in from the catalog.
//
// Everything lives in a DuckDB database of its own, which is made by the first statement that names any of it. Rewrite
// leads the names of statements there.
package pgcatalog
