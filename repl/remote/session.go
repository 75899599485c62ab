package remote

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgconn/ctxwatch"

	"tarn/catalog"
	"tarn/engine"
	"tarn/engine/cell"
)

// ErrUnreachable says that no server answers, or that it refused the connection.
var ErrUnreachable = errors.New("the server cannot be reached")

// Session is one connection. It runs one statement at a time and is not safe for concurrent use.
type Session struct {
	conn        *pgconn.PgConn
	name, place string
	notices     []engine.Notice
	open        *stream
	snap        *catalog.Snapshot
	seen        time.Time     // when snap was read
	received    atomic.Uint64 // rows of the statement at hand
}

// How long a statement may take to end after Ctrl-C before the connection is given up.
const cancelPatience = 30 * time.Second

// Connect connects to the server of a URL as libpq understands it.
func Connect(ctx context.Context, url string) (*Session, error) {
	cfg, err := pgconn.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	s := &Session{}
	cfg.RuntimeParams["application_name"] = "tarn"
	cfg.OnNotice = func(_ *pgconn.PgConn, n *pgconn.Notice) {
		s.notices = append(s.notices, engine.Notice{Message: n.Message, Hint: n.Hint})
	}
	cfg.BuildContextWatcherHandler = func(c *pgconn.PgConn) ctxwatch.Handler {
		return &pgconn.CancelRequestContextWatcherHandler{Conn: c, DeadlineDelay: cancelPatience}
	}
	if s.conn, err = pgconn.ConnectConfig(ctx, cfg); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnreachable, err)
	}
	s.name = net.JoinHostPort(cfg.Host, strconv.Itoa(int(cfg.Port)))
	s.place = fmt.Sprintf("the server %s:%d", cfg.Host, cfg.Port)
	if cfg.Database != "" {
		s.place += ", database " + cfg.Database
	}
	return s, nil
}

// Name is the server's address, for the prompt.
func (s *Session) Name() string { return s.name }

// Place says in words where the session is.
func (s *Session) Place() string { return s.place }

// Progress returns how many rows of the running statement have come; how far the server is with it, the protocol does not say. Another
// goroutine may call it.
func (s *Session) Progress() (engine.Progress, bool) {
	return engine.Progress{Percent: -1, Rows: s.received.Load()}, true
}

// Close ends the connection.
func (s *Session) Close() error {
	ctx, done := context.WithTimeout(context.Background(), time.Second)
	defer done()
	return s.conn.Close(ctx)
}

// Query runs one statement. When ctx ends, the server is asked to cancel it.
func (s *Session) Query(ctx context.Context, sql string) (*engine.Rows, error) {
	if s.open != nil {
		s.open.Close()
	}
	if s.conn.IsClosed() {
		return nil, &engine.Error{Kind: engine.KindIO, Message: "the connection to the server has ended", Hint: `\open the URL again, or start anew.`}
	}
	s.notices = nil
	s.received.Store(0)
	res := s.conn.ExecParams(ctx, sql, nil, nil, nil, nil)
	st := &stream{s: s, ctx: ctx, res: res}
	fields := res.FieldDescriptions()
	if len(fields) == 0 {
		tag, err := res.Close()
		if err != nil {
			return nil, translate(ctx, err)
		}
		return engine.NewRows(tag.String(), nil, nil, cell.Style{}, &ended{s.notices}), nil
	}
	columns, err := st.begin(fields)
	if err != nil {
		res.Close() // its own error says less
		return nil, err
	}
	s.open = st
	return engine.NewRows("SELECT", columns, st.schema, cell.Style{Location: s.location()}, st), nil
}

// location is the time zone of the session, as the server reports it.
func (s *Session) location() *time.Location {
	loc, err := time.LoadLocation(s.conn.ParameterStatus("TimeZone"))
	if err != nil {
		return time.UTC
	}
	return loc
}

// kinds are the kinds of errors that the REPL tells apart, by SQLSTATE.
var kinds = map[string]engine.ErrorKind{
	"57014": engine.KindCancelled, "42601": engine.KindSyntax, "42P01": engine.KindUndefinedTable, "42703": engine.KindUndefinedColumn,
	"42883": engine.KindUndefinedFunction, "25006": engine.KindReadOnly, "25P02": engine.KindAborted, "0A000": engine.KindUnsupported,
}

// translate makes the server's error one of the engine's.
func translate(ctx context.Context, err error) error {
	var pg *pgconn.PgError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &pg):
		return &engine.Error{Kind: kinds[pg.Code], Message: pg.Message, Detail: pg.Detail, Hint: pg.Hint, Position: int(pg.Position), Err: err}
	case ctx.Err() != nil:
		return &engine.Error{Kind: engine.KindCancelled, Message: "the statement was cancelled", Err: err}
	}
	return &engine.Error{Kind: engine.KindIO, Message: "the connection to the server failed: " + err.Error(), Err: err}
}
