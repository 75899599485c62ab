package server

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"strings"

	"tarn/catalog/sqltype"
	"tarn/engine"
	"tarn/engine/pgcatalog"
	"tarn/engine/sqltext"
)

// ownStatement is a statement that the server carries out itself.
type ownStatement struct {
	columns []engine.Column
	params  []sqltype.Type
	binary  bool     // rows are sent in the binary format where the client names none
	copying *copying // COPY, which is no plain result
	run     func(ctx context.Context, args []engine.Arg) (*engine.Rows, error)
	free    func() error // may be nil
}

func (o *ownStatement) Columns() []engine.Column { return o.columns }
func (o *ownStatement) Params() []sqltype.Type   { return o.params }

func (o *ownStatement) Close() error {
	if o.free != nil {
		return o.free()
	}
	return nil
}

// Run carries the statement out.
func (o *ownStatement) Run(ctx context.Context, args []engine.Arg) (*engine.Rows, error) {
	return o.run(ctx, args)
}

// ownWords are the first words of the server's own statements.
var ownWords = map[string]bool{"BEGIN": true, "START": true, "COMMIT": true, "END": true, "ROLLBACK": true, "ABORT": true, "SAVEPOINT": true,
	"RELEASE": true, "LOCK": true, "DECLARE": true, "FETCH": true, "MOVE": true, "CLOSE": true, "PREPARE": true, "EXECUTE": true,
	"DEALLOCATE": true, "COPY": true, "LISTEN": true, "UNLISTEN": true, "NOTIFY": true, "SET": true, "SHOW": true, "RESET": true,
	"DISCARD": true, "SELECT": true, "EXPLAIN": true}

// ownStatement returns the statement if it is the server's own, or nil.
func (k *client) ownStatement(ctx context.Context, sql string, types []sqltype.Type) (statement, error) {
	first := sqltext.Words(sql, 1)
	if len(first) == 0 || !ownWords[first[0]] || first[0] == "SELECT" && len(sql) > maxOwnSelect {
		return nil, nil
	}
	w := newWords(sql)
	c, ok, err := parseTransaction(w)
	if err != nil {
		return nil, err
	}
	if ok {
		return &ownStatement{run: func(ctx context.Context, _ []engine.Arg) (*engine.Rows, error) { return k.runTransaction(ctx, c) }}, nil
	}
	for _, parse := range []func() (*ownStatement, error){
		func() (*ownStatement, error) { return k.cursorStatement(ctx, w, types) },
		func() (*ownStatement, error) { return k.prepareStatement(w) },
		func() (*ownStatement, error) { return k.executeStatement(ctx, w, types) },
		func() (*ownStatement, error) { return k.copyStatement(ctx, w) },
		func() (*ownStatement, error) { return k.channelStatement(w) },
		func() (*ownStatement, error) { return k.setConfigStatement(ctx, newWords(sql)) },
	} {
		if own, err := parse(); own != nil || err != nil {
			return own, err
		}
	}
	if own, err := k.explainStatement(ctx, newWords(sql), types); own != nil || err != nil {
		return own, err
	}
	if own := k.commandStatement(sql); own != nil {
		return own, nil
	}
	return nil, nil
}

// maxOwnSelect is how long a SELECT of a server's function alone may be.
const maxOwnSelect = 1000

// commandStatement returns the statement if it is about settings or the session, or nil.
func (k *client) commandStatement(sql string) *ownStatement {
	cmd, ok := parseCommand(sql, func(name string) bool {
		_, ok := k.settings.lookup(name)
		return ok
	})
	if !ok {
		return nil
	}
	if t, _ := k.settings.lookup(cmd.name); cmd.verb == "SHOW" && t.custom {
		if _, set := k.settings.values[strings.ToLower(cmd.name)]; !set {
			return nil // perhaps a table, which SHOW describes
		}
	}
	do := map[string]func(context.Context, command) (*engine.Rows, error){
		"SET": k.runSet, "SNAPSHOT": k.runSnapshot, "RESET": k.runReset, "SHOW": k.runShow, "DISCARD": k.runDiscard, "DEALLOCATE": k.runDeallocate,
		"VERSION": k.runVersion, "DISCARD TEMP": k.runDiscardTemp, "NOTHING": func(_ context.Context, c command) (*engine.Rows, error) { return textRows(c.tag, nil), nil },
	}[cmd.verb]
	return &ownStatement{columns: k.ownColumns(cmd), run: func(ctx context.Context, _ []engine.Arg) (*engine.Rows, error) { return do(ctx, cmd) }}
}

// ownColumns are the columns of SHOW and version(), all text.
func (k *client) ownColumns(c command) []engine.Column {
	var names []string
	switch {
	case c.verb == "VERSION":
		names = []string{c.column}
	case c.verb == "SHOW" && c.name == "all":
		names = []string{"name", "setting", "description"}
	case c.verb == "SHOW":
		t, _ := k.settings.lookup(c.name)
		names = []string{t.name}
	}
	var columns []engine.Column
	for _, n := range names {
		columns = append(columns, engine.Column{Name: n, Type: sqltype.Of(sqltype.Varchar)})
	}
	return columns
}

// versionSuffix ends what version() says.
const versionSuffix = ", SQL by DuckDB"

// VersionText is what version() says for a version of the program.
func VersionText(version string) string {
	return "PostgreSQL " + strings.TrimSpace(serverVersion+" (Tarn "+version+")") + versionSuffix
}

func (k *client) runVersion(_ context.Context, c command) (*engine.Rows, error) {
	text := "PostgreSQL " + k.settings.get("server_version") + versionSuffix
	return textRows(c.tag, k.ownColumns(c), []string{text}), nil
}

func (k *client) runShow(ctx context.Context, c command) (*engine.Rows, error) {
	names := []string{c.name}
	if c.name == "all" {
		names = k.settings.names()
	}
	var rows [][]string
	for _, name := range names {
		t, _ := k.settings.lookup(name)
		value := k.settings.get(name)
		if t.engine {
			var err error
			if value, err = k.ses.Setting(ctx, t.name); err != nil {
				return nil, err
			}
			if t.name == "search_path" {
				value = plainPath(value)
			}
		}
		if row := []string{t.name, value, t.doc}; c.name == "all" {
			rows = append(rows, row)
		} else {
			rows = append(rows, row[1:2])
		}
	}
	return textRows(c.tag, k.ownColumns(c), rows...), nil
}

// runDiscard gives the client a session as new, without its temporary tables, statements and settings.
func (k *client) runDiscard(ctx context.Context, c command) (*engine.Rows, error) {
	if k.tx.block != noBlock {
		return nil, failuref("25001", "DISCARD ALL cannot run inside a transaction block")
	}
	fresh, err := k.reopen(ctx)
	if err != nil {
		return nil, err
	}
	k.dropPortals()
	k.dropCursors(func(*cursor) bool { return true })
	k.dropStatements()
	k.channels.leave()
	k.ses.Close()
	k.ses = fresh
	k.ses.Describe(k.identity)
	return textRows(c.tag, nil), k.restart(ctx)
}

// runDiscardTemp drops the session's temporary tables and views.
func (k *client) runDiscardTemp(ctx context.Context, c command) (*engine.Rows, error) {
	st, err := k.ses.prepare(ctx, "SELECT coalesce(string_agg('DROP TABLE ' || '\"' || replace(table_name, '\"', '\"\"') || '\"', ';'), '') AS drops FROM duckdb_tables() WHERE temporary AND NOT internal", nil)
	if err != nil {
		return nil, err
	}
	defer st.Close()
	rows, err := st.Run(ctx, nil)
	if err != nil {
		return nil, err
	}
	row, err := oneRow(ctx, rows)
	if err != nil {
		return nil, err
	}
	for _, drop := range sqltext.SplitAll(row[0].Text) {
		if err := k.execEngine(ctx, drop.Text); err != nil {
			return nil, err
		}
	}
	return textRows(c.tag, nil), nil
}

// restart gives a new session the settings with which the connection began.
func (k *client) restart(ctx context.Context) error {
	k.settings.values = maps.Clone(k.settings.start)
	for name, t := range k.settings.table {
		if v := k.settings.start[name]; t.engine && v != "" {
			if _, err := k.setEngine(ctx, t.name, v); err != nil {
				return err
			}
		}
	}
	return nil
}

// runSnapshot is SET TRANSACTION SNAPSHOT: the transaction sees the version of the lake that another has exported, or it is an error.
func (k *client) runSnapshot(ctx context.Context, c command) (*engine.Rows, error) {
	if k.tx.block == noBlock {
		return nil, failuref("25001", "SET TRANSACTION SNAPSHOT must be called inside a transaction block")
	}
	st, err := k.ses.prepare(ctx, "SELECT pg_export_snapshot() AS id", nil)
	if err != nil {
		return nil, err
	}
	defer st.Close()
	rows, err := st.Run(ctx, nil)
	if err != nil {
		return nil, err
	}
	row, err := oneRow(ctx, rows)
	if err != nil {
		return nil, err
	}
	if len(row) != 1 || row[0].Null || row[0].Text != c.name {
		return nil, &failure{code: "22023", message: fmt.Sprintf("snapshot %q is of another version of the lake", c.name), hint: "The lake changed between the two transactions. Begin both again."}
	}
	return textRows(c.tag, nil), nil
}

// runDeallocate forgets prepared statements, of the protocol and of SQL, which share their names.
func (k *client) runDeallocate(_ context.Context, c command) (*engine.Rows, error) {
	if c.tag == "DEALLOCATE ALL" {
		k.dropStatements()
		return textRows(c.tag, nil), nil
	}
	if k.statements[c.name] == nil {
		return nil, failuref("26000", "prepared statement %q does not exist", c.name)
	}
	k.dropStatement(c.name)
	return textRows(c.tag, nil), nil
}

var plainName = regexp.MustCompile(`^[a-z_][a-z0-9_]*$`)

// plainPath writes the engine's search path, "catalog.schema,...", as PostgreSQL's, which has no catalogs.
func plainPath(path string) string {
	schemas := pgcatalog.SearchPath(path)
	for i, s := range schemas {
		if !plainName.MatchString(s) {
			schemas[i] = sqltype.QuoteName(s)
		}
	}
	return strings.Join(schemas, ", ")
}
