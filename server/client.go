package server

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync/atomic"
	"unicode/utf8"

	"tarn/catalog/sqltype"
	"tarn/engine"
	"tarn/engine/pgcatalog"
	"tarn/engine/sqltext"
)

// client is what one client has opened, set and prepared. One goroutine uses it.
type client struct {
	ses        backend
	reopen     func(context.Context) (backend, error) // for DISCARD ALL
	settings   *settings
	out        *outlet // for the settings that a client is told
	statements map[string]*prepared
	portals    map[string]*portal
	cursors    map[string]*cursor
	tx         transaction
	channels   channels
	temporary  bool // it has made something that only the engine's main connection sees
	peer       peer
	who        atomic.Pointer[pgcatalog.Client]
	pending    []notice // to be sent before the statement ends
}

func newClient(ses backend, reopen func(context.Context) (backend, error), set *settings, out *outlet) *client {
	k := &client{ses: ses, reopen: reopen, settings: set, out: out, statements: map[string]*prepared{},
		portals: map[string]*portal{}, cursors: map[string]*cursor{}}
	ses.Describe(k.identity)
	return k
}

func (k *client) close() {
	k.dropPortals()
	k.dropCursors(func(*cursor) bool { return true })
	k.dropStatements()
	k.channels.leave()
	k.ses.Close()
}

func (k *client) dropPortals() {
	for name := range k.portals {
		k.dropPortal(name)
	}
}

func (k *client) dropPortal(name string) {
	if p := k.portals[name]; p != nil {
		p.close()
		delete(k.portals, name)
	}
}

func (k *client) dropStatements() {
	for name := range k.statements {
		k.dropStatement(name)
	}
}

func (k *client) dropStatement(name string) {
	if p := k.statements[name]; p != nil {
		p.st.Close()
		delete(k.statements, name)
	}
}

// endsTransaction recognises the statements that a failed transaction block takes.
func endsTransaction(sql string) bool {
	words := sqltext.Words(sql, 2)
	if len(words) == 0 {
		return true
	}
	switch words[0] {
	case "COMMIT", "END", "ABORT", "ROLLBACK":
		return true
	case "PREPARE":
		return len(words) == 2 && words[1] == "TRANSACTION"
	}
	return false
}

var errAborted = &failure{code: "25P02", message: "current transaction is aborted, commands ignored until end of transaction block",
	hint: "Send ROLLBACK."}

// prepare parses one statement: the server's own, or one for the engine.
func (k *client) prepare(ctx context.Context, sql string, types []sqltype.Type) (statement, error) {
	if !utf8.ValidString(sql) {
		return nil, failuref("22021", "the statement is not valid UTF-8")
	}
	if k.status() == engine.TxFailed && !endsTransaction(sql) {
		return nil, errAborted
	}
	own, err := k.ownStatement(ctx, sql, types)
	if own != nil || err != nil {
		return own, because(ctx, err)
	}
	if err := k.enter(ctx); err != nil {
		return nil, because(ctx, err)
	}
	if k.temporary { // which the engine does not see beside open rows
		if err := k.settleCursors(ctx); err != nil {
			return nil, because(ctx, err)
		}
	}
	k.identify()
	st, err := k.ses.prepare(ctx, sql, types)
	if err != nil {
		return nil, because(ctx, noSetting(sql, err))
	}
	if e, ok := st.(*engine.Statement); ok && strings.Contains(k.settings.get("restrict_nonsystem_relation_kind"), "view") && e.ReadsView() {
		st.Close()
		return nil, &failure{code: "55000", message: "access to non-system views is restricted", hint: "RESET restrict_nonsystem_relation_kind."}
	}
	return st, nil
}

// noSetting is what PostgreSQL says when SHOW names neither a setting nor, as in DuckDB, a table.
func noSetting(sql string, err error) error {
	var e *engine.Error
	if !errors.As(err, &e) || e.Kind != engine.KindUndefinedTable && e.Kind != engine.KindUndefinedSchema && e.Kind != engine.KindUndefinedObject {
		return err
	}
	w := newWords(sql)
	verb := "SHOW"
	if !w.eat(verb) {
		verb = "SET"
		if !w.eat(verb) && !w.eat("RESET") {
			return err
		}
		w.eatAny("SESSION", "LOCAL")
	}
	name, ok := w.setting()
	if !ok || verb == "SHOW" && !w.end() {
		return err
	}
	f := failuref("42704", "unrecognized configuration parameter %q", name)
	if verb == "SHOW" {
		f.hint = "It is no table either. " + e.Hint
	} else {
		f.hint = e.Hint
	}
	return f
}

// run executes a statement.
func (k *client) run(ctx context.Context, st statement, sql string, args []engine.Arg) (*engine.Rows, error) {
	if k.status() == engine.TxFailed && !endsTransaction(sql) {
		return nil, errAborted
	}
	if _, own := st.(*ownStatement); !own {
		if words := sqltext.Words(sql, 1); len(words) > 0 {
			if err := k.refuseInReadOnly(words[0], sql); err != nil {
				return nil, err
			}
			if slices.Contains(changing, words[0]) { // which cannot run beside open rows
				if err := k.settleCursors(ctx); err != nil {
					return nil, because(ctx, err)
				}
				k.temporary = k.temporary || words[0] == "CREATE"
			}
		}
		if err := k.enter(ctx); err != nil {
			return nil, because(ctx, err)
		}
		k.tx.queried = k.tx.block != noBlock
		k.identify()
	}
	rows, err := st.Run(ctx, args)
	return rows, because(ctx, err)
}
