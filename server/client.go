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
	sqlNames   map[string]bool // what PREPARE made in the engine
	failed     bool            // an error that the engine did not see failed the transaction block
}

func newClient(ses backend, reopen func(context.Context) (backend, error), set *settings, out *outlet) *client {
	return &client{ses: ses, reopen: reopen, settings: set, out: out, statements: map[string]*prepared{},
		portals: map[string]*portal{}, sqlNames: map[string]bool{}}
}

func (k *client) close() {
	k.dropPortals()
	k.dropStatements()
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

// status is the state of the transaction, with the errors that the engine does not know.
func (k *client) status() engine.TxStatus {
	if k.failed {
		return engine.TxFailed
	}
	return k.ses.Status()
}

// fail notes that an error ends the transaction block, if there is one.
func (k *client) fail() { k.failed = k.ses.Status() != engine.TxIdle }

// endsTransaction recognises the statements that a failed transaction block takes.
func endsTransaction(sql string) bool {
	words := sqltext.Words(sql, 3)
	if len(words) == 0 {
		return true
	}
	switch words[0] {
	case "COMMIT", "END", "ABORT":
		return true
	case "ROLLBACK": // but not ROLLBACK TO a savepoint
		return len(words) == 1 || words[1] != "TO" && (len(words) == 2 || words[2] != "TO")
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
	if own := k.ownStatement(sql); own != nil {
		return own, nil
	}
	st, err := k.ses.prepare(ctx, sql, types)
	return st, because(ctx, err)
}

// run executes a statement, and follows what it does to the transaction.
func (k *client) run(ctx context.Context, st statement, sql string, args []engine.Arg) (*engine.Rows, error) {
	if k.status() == engine.TxFailed && !endsTransaction(sql) {
		return nil, errAborted
	}
	if k.failed { // the engine would commit
		rollback, err := k.ses.prepare(ctx, "ROLLBACK", nil)
		if err != nil {
			return nil, because(ctx, err)
		}
		defer rollback.Close()
		st = rollback
	}
	before := k.ses.Status()
	rows, err := st.Run(ctx, args)
	if err != nil {
		return nil, because(ctx, err)
	}
	k.note(sql)
	switch after := k.ses.Status(); {
	case before == engine.TxIdle && after != engine.TxIdle:
		k.dropPortals()
		k.settings.begin()
	case before != engine.TxIdle && after == engine.TxIdle:
		k.failed = false
		k.dropPortals()
		if err := k.endSettings(ctx, rows.Tag() == "COMMIT"); err != nil {
			rows.Close()
			return nil, err
		}
	}
	return rows, nil
}

// note remembers the names of statements that PREPARE makes, for DEALLOCATE ALL.
func (k *client) note(sql string) {
	if words := sqltext.Words(sql, 2); len(words) == 2 && words[0] == "PREPARE" {
		for _, tok := range sqltext.Tokens(sql) {
			if tok.Kind == sqltext.QuotedWord || tok.Kind == sqltext.Word && tok.Name(sql) != "prepare" {
				k.sqlNames[tok.Name(sql)] = true
				return
			}
		}
	}
}
