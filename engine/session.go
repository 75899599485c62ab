package engine

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"tarn/catalog"
	"tarn/catalog/sqltype"
	"tarn/engine/cell"
	"tarn/engine/pgcatalog"
	"tarn/engine/sqltext"
)

// TxStatus is the state of a session's transaction.
type TxStatus uint8

// The transaction states, as PostgreSQL has them.
const (
	TxIdle   TxStatus = iota // no transaction block
	TxOpen                   // inside a block
	TxFailed                 // inside a block that failed: only ROLLBACK and COMMIT are taken
)

// Session is one client's connection: its settings, temporary tables and transaction. It runs one statement at a
// time; a statement started while another's Rows are open runs beside it on a connection of its own, which shares
// the settings but not the temporary tables. It is not safe for concurrent use, save for Cancel.
type Session struct {
	db      *DB
	main    *conn
	spare   []*conn // connections for statements that run beside another, kept for the next time
	open    map[*stream]struct{}
	garbage []*prepared // statements closed while rows were open on main, to free after those
	status  TxStatus
	pinned  *catalog.Snapshot // inside a transaction: what every statement sees

	settings            []string // SET statements to repeat on spare connections
	switches            switches
	parked              []*Statement // closed ones that are ready to run, the oldest first
	epoch               int64        // grows when a statement changes what others mean
	closed              bool
	ownPath             bool   // the client has set its search path
	indirect            bool   // macros or prepared statements may read tables that a statement does not name
	settingsKey         string // what of the settings matters to results; empty after a SET
	views               viewTx
	templates           map[string]*template // of PREPARE, by name
	savepoints          []savepoint
	changes             int             // of DuckDB's tables; a savepoint has what it was then
	redo                []change        // of this transaction, to go back to a savepoint
	redoSize            int             // in bytes
	unsteady            map[string]bool // names of tables whose statements hold values that differ from one time to the next, as defaults
	temporaryTables     map[string]bool // names of those that were ever made, in lower case
	used                []*catalog.Table
	usedAll, usedSystem bool        // earlier statements named DuckDB's listings, the relations of schema tarn
	usedStored          bool        // and those of them that are in the store alone
	spelling            *cell.Style // nil after a SET
	zoneUnknown         string      // a time zone that DuckDB knows and Go does not; empty if none

	client    int64                   // by which PostgreSQL's catalog knows the session; 0 as long as it never asked
	identity  func() pgcatalog.Client // may be nil
	temporary []pgcatalog.TempTable
	hidden    []int64 // OIDs of views that others see in other ways

	tempColumns map[string][]Column // of temporary views, by their queries

	ownProgress atomic.Pointer[func() (Progress, bool)] // of REFRESH and WARM, while they run

	mu      sync.Mutex // guards cancels
	cancels map[*context.CancelFunc]struct{}
}

// NewSession opens a session. It must be closed.
func (db *DB) NewSession(ctx context.Context) (*Session, error) {
	c, err := db.connect()
	if err != nil {
		return nil, err
	}
	return &Session{db: db, main: c, switches: switchedOn, views: viewTx{temp: noViews}, temporaryTables: map[string]bool{}, unsteady: map[string]bool{}, tempColumns: map[string][]Column{}, open: map[*stream]struct{}{}, cancels: map[*context.CancelFunc]struct{}{}}, nil
}

// Close ends the session; open Rows end with it.
func (s *Session) Close() error {
	s.endStreams()
	s.closed = true
	if s.client != 0 {
		s.db.postgres.Leave(s.client)
	}
	s.turn()
	for _, c := range append(s.spare, s.main) {
		c.close()
	}
	s.spare = nil
	return nil
}

// Cancel interrupts whatever the session runs; it may be called from any goroutine at any time.
func (s *Session) Cancel() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.cancels {
		(*c)()
	}
}

// Status returns the state of the transaction.
func (s *Session) Status() TxStatus { return s.status }

// Snapshot returns the catalog as the session's next statement would see it.
func (s *Session) Snapshot() *catalog.Snapshot {
	if s.pinned != nil {
		return s.pinned
	}
	return s.db.cat.Snapshot()
}

// Setting returns the session's value of a setting of DuckDB's such as TimeZone, or of Tarn's own.
func (s *Session) Setting(ctx context.Context, name string) (string, error) {
	if own, ok := strings.CutPrefix(strings.ToLower(name), "tarn."); ok {
		if on := s.switches.named(own); on != nil {
			return onOff(*on), nil
		}
	}
	c, err := s.idle()
	if err != nil {
		return "", err
	}
	defer s.release(c)
	return c.text("SELECT CAST(current_setting(" + sqltype.QuoteText(name) + ") AS VARCHAR)")
}

// style returns how the session spells values, and what the user should know of that. It asks DuckDB only after a
// setting has changed.
func (s *Session) style(c *conn) (cell.Style, []Notice) {
	if s.spelling == nil {
		name, err := c.text("SELECT current_setting('TimeZone')")
		var loc *time.Location
		if err == nil {
			loc, err = time.LoadLocation(name)
		}
		s.spelling, s.zoneUnknown = &cell.Style{Location: loc}, ""
		if err != nil {
			s.zoneUnknown = name
		}
	}
	if s.zoneUnknown == "" {
		return *s.spelling, nil
	}
	return *s.spelling, []Notice{{Message: fmt.Sprintf("times with time zone are shown in UTC, because the time zone %q is not known", s.zoneUnknown),
		Hint: "SET TimeZone to a name of the IANA database, such as Europe/Oslo."}}
}

// Query prepares and runs one statement that has no parameters.
func (s *Session) Query(ctx context.Context, sql string) (*Rows, error) {
	st, err := s.Prepare(ctx, sql, nil)
	if err != nil {
		return nil, err
	}
	rows, err := st.Run(ctx, nil)
	if err != nil {
		st.Close()
		return nil, err
	}
	rows.onClose = st.Close
	return rows, nil
}

// idle returns a connection that runs nothing: the main one, or one that has the same settings.
func (s *Session) idle() (*conn, error) {
	if !s.main.busy.Load() {
		return s.main, nil
	}
	if n := len(s.spare); n > 0 {
		c := s.spare[n-1]
		s.spare = s.spare[:n-1]
		return c, nil
	}
	c, err := s.db.connect()
	if err != nil {
		return nil, err
	}
	for _, sql := range s.settings {
		if err := c.execAs(sql, choosesInside(sql)); err != nil {
			c.close()
			return nil, err
		}
	}
	return c, nil
}

// release gives back a connection from idle that runs nothing any more.
func (s *Session) release(c *conn) {
	if c != s.main {
		s.spare = append(s.spare, c)
	}
}

// remember keeps a SET for the connections to come, and changes those that wait.
func (s *Session) remember(sql string) error {
	if name := settingName(sql); name != "" { // a client that sets the same again and again
		s.settings = slices.DeleteFunc(s.settings, func(old string) bool { return settingName(old) == name })
	}
	s.settings = append(s.settings, sql)
	s.spelling, s.settingsKey = nil, ""
	for _, c := range s.spare {
		if err := c.execAs(sql, choosesInside(sql)); err != nil {
			return err
		}
	}
	words := sqltext.Words(sql, 3)
	if !slices.Contains(words, "SEARCH_PATH") && !slices.Contains(words, "SCHEMA") && !slices.Contains(words, "USE") {
		return nil
	}
	if s.ownPath = words[0] != "RESET"; !s.ownPath { // back to the lake's own path
		s.settings = slices.DeleteFunc(s.settings, func(old string) bool {
			w := sqltext.Words(old, 3)
			return slices.Contains(w, "SEARCH_PATH") || slices.Contains(w, "SCHEMA") || slices.Contains(w, "USE")
		})
		for _, c := range append(s.spare, s.main) {
			c.path = ""
		}
	}
	return nil
}

// settingName is the setting that a plain SET or RESET changes, such that an earlier SET of the same means nothing any more; else empty.
func settingName(sql string) string {
	words := sqltext.Words(sql, 3)
	if len(words) > 1 && words[1] == "SESSION" {
		words = slices.Delete(words, 1, 2)
	}
	if len(words) < 2 || words[0] != "SET" && words[0] != "RESET" || slices.Contains([]string{"VARIABLE", "SCHEMA", "GLOBAL", "LOCAL"}, words[1]) {
		return ""
	}
	return words[1]
}

// watch interrupts c when ctx ends or Cancel is called, until stop. The interrupt is repeated because DuckDB forgets
// one that comes before the statement has begun.
func (s *Session) watch(ctx context.Context, c *conn) (_ context.Context, stop func()) {
	ctx, end := s.cancellable(ctx)
	unwatch := c.watch(ctx)
	return ctx, func() {
		unwatch()
		end()
	}
}

// watch interrupts what runs on the connection when ctx ends, until stop is called.
func (c *conn) watch(ctx context.Context) (stop func()) {
	c.stop.Set(false)
	stopped, finished := make(chan struct{}), make(chan struct{})
	unwatch := context.AfterFunc(ctx, func() {
		defer close(finished)
		for {
			select {
			case <-stopped:
				return
			default:
				c.interrupt()
			}
			select {
			case <-stopped:
				return
			case <-time.After(5 * time.Millisecond):
			}
		}
	})
	return func() {
		close(stopped)
		if !unwatch() {
			<-finished // nothing may interrupt the connection's next statement
		}
	}
}

// cancellable returns a context that Cancel ends, too, until done.
func (s *Session) cancellable(ctx context.Context) (_ context.Context, done func()) {
	ctx, cancel := context.WithCancel(ctx)
	s.mu.Lock()
	s.cancels[&cancel] = struct{}{}
	s.mu.Unlock()
	return ctx, func() {
		s.mu.Lock()
		delete(s.cancels, &cancel)
		s.mu.Unlock()
		cancel()
	}
}

// cancelled is the error of a statement whose context ended or that Cancel stopped.
func cancelled(ctx context.Context) error {
	if ctx.Err() == nil {
		return nil
	}
	return &Error{Kind: KindCancelled, Message: "the statement was cancelled", Err: context.Cause(ctx)}
}
