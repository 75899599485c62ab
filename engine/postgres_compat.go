package engine

import (
	"errors"
	"strings"
	"time"

	"tarn/engine/pgcatalog"
)

// compatRow is a row of tarn.compat.
type compatRow struct {
	AskedAt   time.Time `json:"asked_at"`
	Client    *string   `json:"client"`
	Statement string    `json:"statement"`
	Relation  *string   `json:"relation"`
	Error     *string   `json:"error"`
}

// noteCompat logs a statement about PostgreSQL's catalog that failed.
func (s *Session) noteCompat(sql string, err error) {
	if !pgcatalog.Rewrite(sql, s.Snapshot()).Uses {
		return
	}
	var e *Error
	if errors.As(err, &e) && e.Kind != KindCancelled && e.Kind != KindAborted {
		s.note(pgcatalog.Incident{Statement: sql, Error: e.Message})
	}
}

// noteEmpty logs the relations of PostgreSQL's catalog that a statement reads and that never have a row here.
func (st *Statement) noteEmpty() {
	if empty := pgcatalog.EmptyByDesign(st.catalogNames); len(empty) > 0 {
		st.s.note(pgcatalog.Incident{Statement: st.sql, Relation: strings.Join(empty, ", ")})
	}
}

func (s *Session) note(i pgcatalog.Incident) {
	i.At, i.Client = time.Now().UTC(), s.describe().Settings["application_name"]
	s.db.postgres.Note(i)
}

// loadCompat fills tarn.compat with what was logged.
func (db *DB) loadCompat() error {
	log, n := db.postgres.Incidents()
	db.mu.Lock()
	defer db.mu.Unlock()
	if db.compat == n {
		return nil
	}
	rows := make([]compatRow, len(log))
	for i, e := range log {
		rows[i] = compatRow{e.At, given(e.Client), e.Statement, given(e.Relation), given(e.Error)}
	}
	if err := db.fill(func() error { return replaceRows(db.admin, "compat", rows) }); err != nil {
		return err
	}
	db.compat = n
	return nil
}
