package server

import (
	"context"
	"io"
	"log/slog"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"tarn/catalog/sqltype"
	"tarn/engine"
	"tarn/engine/cell"
)

// fakeBackend is a session without an engine. Its statements:
//
//	rows N          N rows of i BIGINT and t VARCHAR, in batches of 1000
//	echo $1         the argument as text
//	half $1         the argument, which is DECIMAL(10,2) unless declared
//	fail            an error with a position
//	fail late N     an error after N rows
//	notice          a notice
//	wait            until it is cancelled
//	crash           panics
//	changed         columns of another type than prepared
//
// BEGIN, COMMIT, ROLLBACK and SET name = 'value' do what they say.
type fakeBackend struct {
	status   engine.TxStatus
	settings map[string]string
	waiting  chan struct{} // gets a value when a wait begins
	closed   chan struct{}
}

func newFakeBackend() *fakeBackend {
	return &fakeBackend{settings: map[string]string{"TimeZone": "UTC", "search_path": "public", "tarn.pruning": "on"},
		waiting: make(chan struct{}, 10), closed: make(chan struct{}, 10)}
}

func (f *fakeBackend) Status() engine.TxStatus { return f.status }

func (f *fakeBackend) Setting(_ context.Context, name string) (string, error) {
	return f.settings[name], nil
}

func (f *fakeBackend) Close() error {
	f.closed <- struct{}{}
	return nil
}

func (f *fakeBackend) fail(err error) error {
	if f.status == engine.TxOpen {
		f.status = engine.TxFailed
	}
	return err
}

func (f *fakeBackend) prepare(_ context.Context, sql string, types []sqltype.Type) (statement, error) {
	words := strings.Fields(sql)
	st := &fakeStatement{f: f, words: words, sql: sql}
	if len(words) == 0 {
		return st, nil
	}
	switch strings.ToLower(words[0]) {
	case "rows", "wait", "crash", "changed":
		st.columns = []engine.Column{{Name: "i", Type: sqltype.Of(sqltype.BigInt)}, {Name: "t", Type: sqltype.Of(sqltype.Varchar)}}
	case "echo", "half":
		t := sqltype.Of(sqltype.Varchar)
		if words[0] == "half" {
			t = sqltype.DecimalOf(10, 2)
		}
		if len(types) > 0 && types[0].Kind != sqltype.Invalid {
			t = types[0]
		}
		st.params = []sqltype.Type{t}
		st.columns = []engine.Column{{Name: "type", Type: sqltype.Of(sqltype.Varchar)}, {Name: "value", Type: sqltype.Of(sqltype.Varchar)}}
	case "fail":
		if len(words) == 1 {
			return nil, f.fail(&engine.Error{Kind: engine.KindSyntax, Message: "syntax error", Position: 3, Detail: "more", Hint: "less", File: "a/b.csv", Line: 7})
		}
		st.columns = []engine.Column{{Name: "i", Type: sqltype.Of(sqltype.BigInt)}, {Name: "t", Type: sqltype.Of(sqltype.Varchar)}}
	}
	return st, nil
}

type fakeStatement struct {
	f       *fakeBackend
	sql     string
	words   []string
	columns []engine.Column
	params  []sqltype.Type
}

func (s *fakeStatement) Columns() []engine.Column { return s.columns }
func (s *fakeStatement) Params() []sqltype.Type   { return s.params }
func (s *fakeStatement) Close() error             { return nil }

func (s *fakeStatement) Run(ctx context.Context, args []engine.Arg) (*engine.Rows, error) {
	if len(s.words) == 0 {
		return textRows("", nil), nil
	}
	switch verb := strings.ToUpper(s.words[0]); verb {
	case "BEGIN":
		s.f.status = engine.TxOpen
		return textRows(verb, nil), nil
	case "COMMIT", "ROLLBACK":
		if s.f.status == engine.TxFailed {
			verb = "ROLLBACK"
		}
		if s.f.status = engine.TxIdle; len(s.words) > 1 && s.words[1] == "TO" {
			s.f.status = engine.TxOpen
		}
		return textRows(verb, nil), nil
	case "SAVEPOINT", "RELEASE":
		return textRows(verb, nil), nil
	case "SET": // SET TimeZone = 'x'
		value := strings.Trim(s.words[3], "'")
		if value == "nowhere" {
			return nil, s.f.fail(&engine.Error{Kind: engine.KindUnsupported, Message: "unknown zone"})
		}
		s.f.settings[s.words[1]] = value
		return textRows(verb, nil), nil
	case "NOTICE":
		return textRowsWith(engine.Notice{Message: "look out", Hint: "there"}, "SELECT"), nil
	case "ECHO", "HALF":
		return textRows("SELECT", s.columns, []string{s.params[0].String(), args[0].Text}), nil
	case "CHANGED":
		return textRows("SELECT", []engine.Column{{Name: "i", Type: sqltype.Of(sqltype.Varchar)}, {Name: "t", Type: sqltype.Of(sqltype.Varchar)}}), nil
	case "CRASH":
		panic("crash")
	}
	st := &fakeStream{s: s}
	if s.words[0] != "wait" {
		st.left, _ = strconv.Atoi(s.words[len(s.words)-1])
	}
	return engine.NewRows("SELECT", s.columns, fakeSchema, cell.Style{}, st), nil
}

var fakeSchema = arrow.NewSchema([]arrow.Field{{Name: "i", Type: arrow.PrimitiveTypes.Int64}, {Name: "t", Type: arrow.BinaryTypes.String}}, nil)

// fakeStream makes rows, until it fails or waits.
type fakeStream struct {
	s    *fakeStatement
	next int
	left int
}

func (st *fakeStream) Next(ctx context.Context) (arrow.RecordBatch, error) {
	if st.s.words[0] == "wait" {
		st.s.f.waiting <- struct{}{}
		<-ctx.Done()
	}
	if ctx.Err() != nil {
		return nil, st.s.f.fail(&engine.Error{Kind: engine.KindCancelled, Message: "cancelled", Err: ctx.Err()})
	}
	if st.left == 0 {
		if st.s.words[0] == "fail" {
			return nil, st.s.f.fail(&engine.Error{Kind: engine.KindDivisionByZero, Message: "division by zero"})
		}
		return nil, io.EOF
	}
	b := array.NewRecordBuilder(memory.DefaultAllocator, fakeSchema)
	defer b.Release()
	for range min(st.left, 1000) {
		st.next++
		st.left--
		b.Field(0).(*array.Int64Builder).Append(int64(st.next))
		b.Field(1).(*array.StringBuilder).Append("row " + strconv.Itoa(st.next))
	}
	return b.NewRecordBatch(), nil
}

func (st *fakeStream) Notices() []engine.Notice { return nil }
func (st *fakeStream) Close() error             { return nil }

// startFake serves fake sessions and returns the address; the sessions come out of the channel.
func startFake(t *testing.T, opts Options) (*Server, string, chan *fakeBackend) {
	t.Helper()
	sessions := make(chan *fakeBackend, 100)
	opts.Log = slog.New(slog.NewTextHandler(testWriter{t}, &slog.HandlerOptions{Level: slog.LevelWarn}))
	s := newServer(func(context.Context) (backend, error) {
		f := newFakeBackend()
		sessions <- f
		return f, nil
	}, opts)
	return s, listen(t, s), sessions
}

// listen serves on a port of the system's choice until the test ends.
func listen(t testing.TB, s *Server) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- s.Serve(context.Background(), l) }()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		s.Shutdown(ctx)
		if err := <-served; err != nil {
			t.Errorf("Serve: %v", err)
		}
	})
	return l.Addr().String()
}

type testWriter struct{ t testing.TB }

func (w testWriter) Write(b []byte) (int, error) {
	w.t.Logf("%s", strings.TrimSpace(string(b)))
	return len(b), nil
}
