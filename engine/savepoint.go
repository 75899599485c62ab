package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"tarn/engine/sqltext"
)

// A transaction can change views, which can be given their former state, and DuckDB's temporary tables: see change.

// savepoint is a state of the transaction to which ROLLBACK TO returns.
type savepoint struct {
	name    string
	views   viewTx
	changes int // of DuckDB's tables in the session
	redo    int // and how many of them were kept
}

// savepointVerb is what a statement does with a savepoint.
type savepointVerb struct {
	tag  string // SAVEPOINT, RELEASE, ROLLBACK
	name string
}

// parseSavepoint recognises SAVEPOINT, RELEASE and ROLLBACK TO; nil for all else.
func parseSavepoint(sql string) *savepointVerb {
	var tokens []sqltext.Token
	for _, t := range sqltext.Tokens(sql) {
		if t.Kind != sqltext.Comment && t.Kind != sqltext.Semicolon {
			tokens = append(tokens, t)
		}
	}
	eat := func(words ...string) bool {
		if len(tokens) > 1 && tokens[0].Kind == sqltext.Word && slices.Contains(words, strings.ToUpper(tokens[0].Text(sql))) {
			tokens = tokens[1:]
			return true
		}
		return false
	}
	v := &savepointVerb{}
	switch {
	case eat("SAVEPOINT"):
		v.tag = "SAVEPOINT"
	case eat("RELEASE"):
		v.tag = "RELEASE"
		eat("SAVEPOINT")
	case eat("ROLLBACK", "ABORT"):
		v.tag = "ROLLBACK"
		eat("WORK", "TRANSACTION")
		if !eat("TO") {
			return nil
		}
		eat("SAVEPOINT")
	}
	if v.tag == "" || len(tokens) != 1 || tokens[0].Kind != sqltext.Word && tokens[0].Kind != sqltext.QuotedWord {
		return nil
	}
	v.name = tokens[0].Name(sql)
	return v
}

// runSavepoint carries a statement about savepoints out.
func (s *Session) runSavepoint(ctx context.Context, v *savepointVerb) (*Rows, error) {
	switch {
	case s.status == TxIdle:
		return nil, &Error{Kind: KindTransaction, Message: v.tag + " can only be used in transaction blocks", Hint: "Send BEGIN first."}
	case s.status == TxFailed && v.tag != "ROLLBACK":
		return nil, &Error{Kind: KindAborted, Message: "the transaction has failed, statements are ignored until its end", Hint: "Send ROLLBACK."}
	}
	if v.tag == "SAVEPOINT" {
		s.savepoints = append(s.savepoints, savepoint{name: v.name, views: s.views.clipped(), changes: s.changes, redo: len(s.redo)})
		return doneRows(v.tag), nil
	}
	at := len(s.savepoints) - 1
	for ; at >= 0 && s.savepoints[at].name != v.name; at-- {
	}
	if at < 0 {
		return nil, &Error{Kind: KindSavepoint, Message: fmt.Sprintf("savepoint %q does not exist", v.name)}
	}
	if v.tag == "RELEASE" {
		s.savepoints = s.savepoints[:at]
		return doneRows(v.tag), nil
	}
	if err := s.returnTo(ctx, s.savepoints[at]); err != nil {
		return nil, err
	}
	s.savepoints = s.savepoints[:at+1]
	return doneRows(v.tag), nil
}

// clipped is a copy that later changes leave alone.
func (v viewTx) clipped() viewTx {
	v.changes = slices.Clip(v.changes)
	return v
}

// refused says why there is no way back to the savepoint.
func (p savepoint) refused(why string) error {
	return &Error{Kind: KindUnsupported, Message: fmt.Sprintf("cannot roll back to savepoint %q: %s", p.name, why),
		Hint: "Send ROLLBACK, which takes back the whole transaction."}
}

// returnTo gives the transaction the state of a savepoint, or leaves it failed.
func (s *Session) returnTo(ctx context.Context, p savepoint) error {
	// Rows that are open on the main connection can be read on: what failed then ran beside it.
	busy := s.main.busy.Load()
	ended := !busy && s.main.exec("SELECT 1") != nil // an error in DuckDB has ended its transaction
	switch {
	case s.changes == p.changes && !ended:
	case busy:
		return p.refused("temporary tables were changed since, and rows of another statement are open")
	default:
		if err := s.redoTo(ctx, p); err != nil {
			return err
		}
	}
	s.redo = s.redo[:p.redo]
	s.views = p.views
	s.status = TxOpen
	s.turn()
	return nil
}

// resume begins DuckDB's transaction again with the same snapshot of the lake.
func (s *Session) resume(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return cancelled(ctx)
	}
	views := s.views
	if err := s.main.exec("ROLLBACK"); err != nil {
		return &Error{Kind: KindInternal, Message: "cannot begin the transaction again", Err: err, Detail: err.Error()}
	}
	started, err := s.beginOn(s.pinned)
	if err == nil && !started {
		err = errors.Join(s.main.exec("BEGIN TRANSACTION"), &Error{Kind: KindFileChanged, Message: "the lake has changed since the transaction began, so that it cannot go on after an error",
			Hint: "Send ROLLBACK, and begin again."})
	}
	if err != nil {
		s.status = TxFailed
		return err
	}
	s.views = views
	return nil
}
