package server

import (
	"context"
	"maps"
	"slices"

	"tarn/catalog/sqltype"
	"tarn/engine"
	"tarn/engine/sqltext"
)

// block is the kind of transaction block that a client is in.
type block uint8

const (
	noBlock       block = iota
	implicitBlock       // several statements of one Query message, or those before a Sync: they end together
	explicitBlock       // BEGIN
)

// transaction is the state of a client's transaction block. The engine's own transaction may begin later, with the first statement that
// needs it.
type transaction struct {
	block   block
	several bool // implicit: the next statement of the engine's needs its transaction
	failed  bool // explicit: an error that the engine did not see failed the block
	queried bool // a statement has run in it

	savepoints []savepoint
}

// savepoint is what ROLLBACK TO brings back on this side of the engine.
type savepoint struct {
	name          string
	values, local map[string]string
	cursors       map[string]bool
}

// status is the state of the transaction as the client is told.
func (k *client) status() engine.TxStatus {
	switch {
	case k.tx.block != explicitBlock:
		return engine.TxIdle
	case k.tx.failed:
		return engine.TxFailed
	}
	return k.ses.Status()
}

// openImplicit begins a block that the client did not ask for.
func (k *client) openImplicit() {
	if k.tx.block == noBlock {
		k.tx = transaction{block: implicitBlock}
		k.settings.begin()
	}
}

// closeImplicit ends a block that the client did not ask for.
func (k *client) closeImplicit(ctx context.Context, commit bool) error {
	if k.tx.block != implicitBlock {
		return nil
	}
	_, err := k.endBlock(ctx, commit)
	return err
}

// enter begins the engine's transaction if the implicit block needs it now.
func (k *client) enter(ctx context.Context) error {
	if k.tx.block != implicitBlock || !k.tx.several || k.ses.Status() != engine.TxIdle || k.reading() {
		return nil
	}
	return k.execEngine(ctx, "BEGIN")
}

// reading reports whether the rows of a portal are open, which a BEGIN of the engine would end.
func (k *client) reading() bool {
	for _, p := range k.portals {
		if p.rows != nil && !p.done {
			return true
		}
	}
	return false
}

// fail notes that an error ends the transaction block, if there is one: an implicit one at once.
func (k *client) fail(ctx context.Context) error {
	if k.tx.block == implicitBlock {
		_, err := k.endBlock(ctx, false)
		return err
	}
	k.tx.failed = k.tx.block == explicitBlock
	return nil
}

// endBlock ends the block, and reports whether what was done in it lasts.
func (k *client) endBlock(ctx context.Context, commit bool) (committed bool, err error) {
	ctx = context.WithoutCancel(ctx) // this is to be done in any case
	commit = commit && k.status() != engine.TxFailed
	if commit {
		err = k.keepCursors(ctx)
	}
	if commit = commit && err == nil; !commit {
		k.dropCursors(func(c *cursor) bool { return !c.held })
	}
	k.dropPortals()
	k.tx = transaction{}
	committed = commit
	if k.ses.Status() != engine.TxIdle {
		tag := "ROLLBACK"
		if commit {
			tag = "COMMIT"
		}
		done, e := k.execTag(ctx, tag)
		if committed = commit && e == nil && done == "COMMIT"; err == nil {
			err = e
		}
	}
	if e := k.endSettings(ctx, committed); err == nil {
		err = e
	}
	k.notify(committed)
	return committed, err
}

// runTransaction carries out the statements that begin and end transactions.
func (k *client) runTransaction(ctx context.Context, c txCommand) (*engine.Rows, error) {
	switch c.verb {
	case "BEGIN", "START TRANSACTION":
		return k.runBegin(ctx, c)
	case "SAVEPOINT", "RELEASE", "ROLLBACK TO":
		return k.runSavepoint(ctx, c)
	case "LOCK TABLE":
		return k.runLock(ctx, c)
	}
	if k.tx.block != explicitBlock {
		if c.chain {
			return nil, failuref("25P01", "%s AND CHAIN can only be used in transaction blocks", c.verb)
		}
		k.warn("25P01", "there is no transaction in progress")
		return textRows(c.verb, nil), k.closeImplicit(ctx, c.verb == "COMMIT")
	}
	modes := k.settings.modes()
	tag := "ROLLBACK"
	committed, err := k.endBlock(ctx, c.verb == "COMMIT")
	if err != nil {
		return nil, err
	}
	if committed {
		tag = "COMMIT"
	}
	if c.chain {
		if _, err := k.runBegin(ctx, txCommand{verb: "BEGIN"}); err != nil {
			return nil, err
		}
		for _, m := range modes {
			k.settings.set(m[0], m[1], true)
		}
	}
	return textRows(tag, nil), nil
}

func (k *client) runBegin(ctx context.Context, c txCommand) (*engine.Rows, error) {
	if k.tx.block == explicitBlock {
		k.warn("25001", "there is already a transaction in progress")
		return textRows(c.verb, nil), k.setModes(ctx, c.modes)
	}
	if k.tx.block == noBlock {
		k.dropPortals()
	}
	if k.ses.Status() == engine.TxIdle {
		if err := k.execEngine(ctx, "BEGIN"); err != nil {
			return nil, err
		}
	}
	if k.tx.block == noBlock {
		k.settings.begin()
	}
	k.tx.block, k.tx.several = explicitBlock, false
	return textRows(c.verb, nil), k.setModes(ctx, c.modes)
}

// setModes sets what BEGIN and SET TRANSACTION say of a transaction.
func (k *client) setModes(ctx context.Context, modes [][2]string) error {
	for _, m := range modes {
		if err := k.set(ctx, m[0], m[1], true); err != nil {
			return err
		}
	}
	return nil
}

func (k *client) runSavepoint(ctx context.Context, c txCommand) (*engine.Rows, error) {
	if k.tx.block != explicitBlock {
		what := map[string]string{"SAVEPOINT": "SAVEPOINT", "RELEASE": "RELEASE SAVEPOINT", "ROLLBACK TO": "ROLLBACK TO SAVEPOINT"}[c.verb]
		return nil, failuref("25P01", "%s can only be used in transaction blocks", what)
	}
	at := len(k.tx.savepoints) - 1
	for ; at >= 0 && k.tx.savepoints[at].name != c.names[0]; at-- {
	}
	if at < 0 && c.verb != "SAVEPOINT" {
		return nil, failuref("3B001", "savepoint %q does not exist", c.names[0])
	}
	if c.verb == "ROLLBACK TO" { // before, as their open rows would be in the way
		k.dropCursors(func(cur *cursor) bool { return !k.tx.savepoints[at].cursors[cur.name] })
	}
	if err := k.execEngine(ctx, c.verb+" "+sqltype.QuoteName(c.names[0])); err != nil {
		return nil, err
	}
	switch c.verb {
	case "SAVEPOINT":
		k.tx.savepoints = append(k.tx.savepoints, savepoint{name: c.names[0], values: maps.Clone(k.settings.values), local: maps.Clone(k.settings.local), cursors: k.cursorNames()})
		return textRows("SAVEPOINT", nil), nil
	case "RELEASE":
		k.tx.savepoints = k.tx.savepoints[:at]
		return textRows("RELEASE", nil), nil
	}
	point := k.tx.savepoints[at]
	k.tx.failed, k.tx.savepoints = false, k.tx.savepoints[:at+1]
	k.settings.local = maps.Clone(point.local)
	return textRows("ROLLBACK", nil), k.applySettings(ctx, k.settings.differing(point.values))
}

// runLock has nothing to do: a transaction sees one version of the lake, and nobody else sees its temporary tables. The tables must be
// there.
func (k *client) runLock(ctx context.Context, c txCommand) (*engine.Rows, error) {
	if k.tx.block == noBlock {
		return nil, failuref("25P01", "LOCK TABLE can only be used in transaction blocks")
	}
	for _, name := range c.names {
		if err := k.execEngine(ctx, "SELECT 1 FROM "+name+" LIMIT 0"); err != nil {
			return nil, err
		}
	}
	return textRows(c.verb, nil), nil
}

// execTag runs a statement of the engine that has no rows, and returns its tag.
func (k *client) execTag(ctx context.Context, sql string) (string, error) {
	st, err := k.ses.prepare(ctx, sql, nil)
	if err != nil {
		return "", err
	}
	defer st.Close()
	rows, err := st.Run(ctx, nil)
	if err != nil {
		return "", err
	}
	return rows.Tag(), rows.Close()
}

// execEngine runs a statement of the engine whose rows do not matter.
func (k *client) execEngine(ctx context.Context, sql string) error {
	_, err := k.execTag(ctx, sql)
	return err
}

// changing are the first words of statements that may change something, for which a transaction matters.
var changing = []string{"INSERT", "UPDATE", "DELETE", "MERGE", "CREATE", "DROP", "ALTER", "TRUNCATE", "COPY", "WITH", "COMMENT", "EXECUTE", "SET", "RESET"}

// refuseInReadOnly is PostgreSQL's answer to changes in a transaction that is READ ONLY. Temporary tables may be changed there, but
// not made.
func (k *client) refuseInReadOnly(first, sql string) error {
	if !slices.Contains([]string{"CREATE", "DROP", "ALTER", "TRUNCATE", "COMMENT"}, first) || k.settings.get("transaction_read_only") != "on" {
		return nil
	}
	if first != "COMMENT" {
		first = kindOf(first, sql)
	}
	return &failure{code: "25006", message: "cannot execute " + first + " in a read-only transaction",
		hint: "The transaction was made read-only by the client: BEGIN READ WRITE, or SET default_transaction_read_only = off."}
}

// kindOf is what a statement makes or drops, for messages: CREATE TABLE of CREATE OR REPLACE TEMP TABLE t.
func kindOf(first, sql string) string {
	for _, word := range sqltext.Words(sql, 5)[1:] {
		switch word {
		case "OR", "REPLACE", "TEMP", "TEMPORARY", "LOCAL", "GLOBAL", "UNLOGGED", "RECURSIVE", "UNIQUE":
			continue
		}
		if first == "TRUNCATE" {
			break
		}
		return first + " " + word
	}
	return first + " TABLE"
}
