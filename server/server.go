package server

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"sync"
	"time"

	"tarn/server/scram"
)

// Server serves PostgreSQL clients.
type Server struct {
	open     func(ctx context.Context) (backend, error)
	opts     Options
	log      *slog.Logger
	quit     chan struct{} // closed by Shutdown
	conns    registry
	hub      hub                             // for NOTIFY
	seats    seats                           // of clients that are logged in
	callers  seats                           // of those that are about to
	failed   throttle                        // logins
	password func() (*scram.Verifier, error) // of opts.Password, computed once

	mu        sync.Mutex
	listeners map[net.Listener]struct{}
	stopping  bool
	running   sync.WaitGroup // connections
}

// New returns a server whose connections get their sessions from open.
func New(open OpenFunc, opts Options) *Server {
	return newServer(func(ctx context.Context) (backend, error) {
		s, err := open(ctx)
		if err != nil {
			return nil, err
		}
		return engineBackend{s}, nil
	}, opts)
}

func newServer(open func(ctx context.Context) (backend, error), opts Options) *Server {
	opts = opts.withDefaults()
	s := &Server{open: open, opts: opts, log: opts.Log, quit: make(chan struct{}), listeners: map[net.Listener]struct{}{}}
	s.seats.limit = int64(opts.MaxConnections)
	s.callers.limit = 2*s.seats.limit + 32 // among them cancel requests and those who are told that there is no place
	s.password = sync.OnceValues(func() (*scram.Verifier, error) { return scram.NewVerifier(opts.Password) })
	return s
}

// Serve accepts connections until ctx ends or Shutdown is called, and returns nil then. It closes the listener.
// Connections live on until Shutdown.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	defer l.Close()
	if l.Addr().Network() == "tcp" {
		if err := CheckListen(l.Addr().String(), s.opts.asks()); err != nil {
			return err
		}
	}
	if !s.track(l) {
		return nil
	}
	defer context.AfterFunc(ctx, func() { l.Close() })()
	var delay time.Duration
	for {
		c, err := l.Accept()
		switch {
		case err == nil:
			delay = 0
			s.start(context.WithoutCancel(ctx), c)
		case errors.Is(err, net.ErrClosed):
			return nil
		default: // out of file descriptors, for one: that passes
			delay = min(max(2*delay, 5*time.Millisecond), time.Second)
			s.log.Warn("cannot accept a connection", "err", err, "retry", delay)
			time.Sleep(delay)
		}
	}
}

// track remembers a listener for Shutdown; false if that has begun already.
func (s *Server) track(l net.Listener) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopping {
		return false
	}
	s.listeners[l] = struct{}{}
	return true
}

// start serves one connection in the background.
func (s *Server) start(ctx context.Context, nc net.Conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopping {
		nc.Close()
		return
	}
	if !s.callers.take() {
		s.log.Warn("a connection is refused: too many have not logged in", "client", nc.RemoteAddr().String())
		turnAway(nc)
		return
	}
	s.running.Go(func() { s.serveConn(ctx, nc) })
}

// turnAway tells a client that there are too many, without hearing it.
func turnAway(nc net.Conn) {
	defer nc.Close()
	nc.SetDeadline(time.Now().Add(time.Second))
	out := outlet{w: nc}
	out.send(errorResponse(errTooMany))
	out.flush()
}

// Shutdown stops accepting, ends idle connections, lets running statements finish until ctx ends, and then cancels
// them. Clients that are cut off are told why (SQLSTATE 57P01). It returns ctx's error if it had to cancel.
func (s *Server) Shutdown(ctx context.Context) error {
	s.mu.Lock()
	if !s.stopping {
		s.stopping = true
		close(s.quit)
	}
	for l := range s.listeners {
		l.Close()
	}
	s.mu.Unlock()
	done := make(chan struct{})
	go func() {
		s.running.Wait()
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
	}
	s.conns.killAll()
	<-done
	return ctx.Err()
}
