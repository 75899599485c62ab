package server

import (
	"context"
	"unicode/utf8"

	"tarn/catalog/sqltype"
	"tarn/engine"
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
	pending    []notice // to be sent before the statement ends
}

func newClient(ses backend, reopen func(context.Context) (backend, error), set *settings, out *outlet) *client {
	return &client{ses: ses, reopen: reopen, settings: set, out: out, statements: map[string]*prepared{},
		portals: map[string]*portal{}, cursors: map[string]*cursor{}}
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
	st, err := k.ses.prepare(ctx, sql, types)
	return st, because(ctx, err)
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
		}
		if err := k.enter(ctx); err != nil {
			return nil, because(ctx, err)
		}
		k.tx.queried = k.tx.block != noBlock
	}
	rows, err := st.Run(ctx, args)
	return rows, because(ctx, err)
}
