package engine

import (
	"context"
	"errors"
	"slices"

	"tarn/catalog"
	"tarn/engine/pgsql"
	"tarn/engine/sqltext"
)

// txVerb is what a statement does to the transaction.
type txVerb uint8

const (
	txNone txVerb = iota
	txBegin
	txCommit
	txRollback
)

// transactionVerb recognises the statements that begin and end a transaction. Savepoints are not among them.
func transactionVerb(sql string) txVerb {
	words := sqltext.Words(sql, 3)
	if len(words) == 0 {
		return txNone
	}
	switch words[0] {
	case "BEGIN":
		return txBegin
	case "START":
		if len(words) > 1 && words[1] == "TRANSACTION" {
			return txBegin
		}
	case "COMMIT", "END":
		return txCommit
	case "ROLLBACK", "ABORT":
		if !slices.Contains(words, "TO") {
			return txRollback
		}
	}
	return txNone
}

// runTransaction begins or ends the transaction, with PostgreSQL's rules for one that failed or is not there.
func (s *Session) runTransaction(ctx context.Context, v txVerb) (*Rows, error) {
	switch {
	case v == txBegin && s.status == TxFailed:
		return nil, &Error{Kind: KindAborted, Message: "the transaction has failed, statements are ignored until its end",
			Hint: "Send ROLLBACK."}
	case v == txBegin && s.status == TxOpen:
		return doneRows("BEGIN", Notice{Message: "there is already a transaction in progress"}), nil
	case v == txBegin:
		return doneRows("BEGIN"), s.begin(ctx)
	case s.status == TxIdle:
		return doneRows(map[txVerb]string{txCommit: "COMMIT", txRollback: "ROLLBACK"}[v], Notice{Message: "there is no transaction in progress"}), nil
	}
	s.endStreams()
	rollback := v == txRollback || s.status == TxFailed
	s.status, s.pinned = TxIdle, nil
	if rollback {
		s.views.rollback()
		s.turn()
		return doneRows("ROLLBACK"), s.main.exec("ROLLBACK")
	}
	if err := s.views.commit(s.db.views); err != nil {
		s.views.rollback()
		s.turn()
		return nil, errors.Join(err, s.main.exec("ROLLBACK"))
	}
	return doneRows("COMMIT"), s.main.exec("COMMIT")
}

// begin starts a transaction in which every statement sees one snapshot of the lake. DuckDB fixes which views a
// transaction sees at its start, so all of them are made before.
func (s *Session) begin(ctx context.Context) error {
	s.endStreams()
	for try := 1; ; try++ {
		snap, err := s.current(ctx)
		if err != nil {
			return err
		}
		if err := errors.Join(s.db.loadSystem(ctx, snap, true), s.db.makeMacros(pgsql.All)); err != nil {
			return err
		}
		err = s.db.define(snap, snap.Tables)
		if e := s.db.unchanged(snap.Tables); err == nil && try < attempts {
			err = e // the transaction is to begin with the files as they are
		}
		if err != nil {
			if try == attempts || s.db.unchanged(snap.Tables) == nil {
				return err
			}
			if _, crawl := s.db.cat.Refresh(ctx); crawl != nil { // a file went away under the catalog
				return crawlError(crawl)
			}
			continue
		}
		if started, err := s.beginOn(snap); started || err != nil {
			s.savepoints, s.redo, s.redoSize = nil, nil, 0
			return err
		}
	}
}

// beginOn starts DuckDB's transaction unless a view has become newer than the snapshot meanwhile.
func (s *Session) beginOn(snap *catalog.Snapshot) (bool, error) {
	s.db.mu.RLock()
	defer s.db.mu.RUnlock()
	if s.db.check(snap, snap.Tables) != ready {
		return false, nil
	}
	if err := s.main.exec("BEGIN TRANSACTION"); err != nil {
		return false, err
	}
	if err := s.main.exec("SELECT 1 FROM " + database + ".tarn.tables LIMIT 0"); err != nil { // fixes what it sees
		return false, err
	}
	views, err := s.lakeViews()
	if err != nil {
		return false, errors.Join(err, s.main.exec("ROLLBACK"))
	}
	s.views.begin(views)
	s.status, s.pinned = TxOpen, snap
	return true, nil
}

// endStreams ends the open rows, as portals end with their transaction. Who reads on is told.
func (s *Session) endStreams() {
	for st := range s.open {
		st.cut = true
		st.Close()
	}
}

// doneRows is the result of a statement without rows.
func doneRows(tag string, notices ...Notice) *Rows {
	return &Rows{tag: tag, stream: &ended{notices: notices}}
}
