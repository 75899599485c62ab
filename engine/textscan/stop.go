package textscan

import (
	"errors"
	"io"
	"sync/atomic"

	duck "github.com/duckdb/duckdb-go/v2/mapping"
)

// Stop makes the files that one connection reads end with an error. DuckDB looks for an interrupt between chunks only, and a
// file may hold no row to return for long.
type Stop struct {
	fn   *Function
	id   duck.IdxT
	flag atomic.Bool
}

// Connect returns the Stop of a connection; Close it with the connection.
func (f *Function) Connect(c duck.Connection) *Stop {
	var ctx duck.ClientContext
	duck.ConnectionGetClientContext(c, &ctx)
	defer duck.DestroyClientContext(&ctx)
	s := &Stop{fn: f, id: duck.ClientContextGetConnectionId(ctx)}
	f.stops.Store(s.id, s)
	return s
}

// Set stops the reading, or allows it again. It may be called from any goroutine; a nil Stop does nothing.
func (s *Stop) Set(on bool) {
	if s != nil {
		s.flag.Store(on)
	}
}

// Close forgets the connection.
func (s *Stop) Close() {
	if s != nil {
		s.fn.stops.Delete(s.id)
	}
}

// stopOf returns the Stop of the connection that binds a statement, or nil.
func (f *Function) stopOf(info duck.BindInfo) *Stop {
	var ctx duck.ClientContext
	duck.TableFunctionGetClientContext(info, &ctx)
	defer duck.DestroyClientContext(&ctx)
	s, _ := f.stops.Load(duck.ClientContextGetConnectionId(ctx))
	stop, _ := s.(*Stop)
	return stop
}

var errStopped = errors.New("the reading was stopped")

// stoppable is a file that ends with errStopped once its connection is interrupted.
type stoppable struct {
	io.ReadCloser
	stop *Stop
}

// Read implements io.Reader.
func (s *stoppable) Read(p []byte) (int, error) {
	if s.stop != nil && s.stop.flag.Load() {
		return 0, errStopped
	}
	return s.ReadCloser.Read(p)
}
