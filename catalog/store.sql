-- The catalog of one lake. All of it can be made again by crawling, so an older layout is dropped and not migrated.
CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID; -- lake, config, version, skipped
CREATE TABLE forms (id INTEGER PRIMARY KEY, form TEXT NOT NULL UNIQUE); -- columns and dialect, as JSON
CREATE TABLE files (path TEXT PRIMARY KEY, record BLOB NOT NULL) WITHOUT ROWID; -- see record.go
CREATE TABLE typed (path TEXT PRIMARY KEY, record BLOB NOT NULL) WITHOUT ROWID; -- files read with the types of lake.yaml
CREATE TABLE tables (
	id INTEGER PRIMARY KEY AUTOINCREMENT, -- never given out twice, since engines remember views by it
	table_schema TEXT NOT NULL, table_name TEXT NOT NULL, version INTEGER NOT NULL,
	UNIQUE (table_schema, table_name));
CREATE TABLE rejects ( -- malformed rows of known files, in the order of lines
	path TEXT NOT NULL, line INTEGER NOT NULL, column_name TEXT NOT NULL, reason TEXT NOT NULL, text TEXT NOT NULL);
CREATE INDEX rejects_path ON rejects (path, line);
CREATE TABLE history (
	version INTEGER NOT NULL, crawled_at TEXT NOT NULL, -- UTC, ISO 8601
	table_schema TEXT NOT NULL, table_name TEXT NOT NULL, change TEXT NOT NULL,
	path TEXT NOT NULL, line INTEGER NOT NULL); -- of the file that caused it; empty and 0 if there is none
