package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"time"

	"tarn/server/scram"
)

// Options configure a Server.
type Options struct {
	// Password that clients must give, whatever their user name. Empty lets everyone in; Serve then refuses listeners
	// that are not on a loopback address.
	Password string
	Version  string       // of the program, shown in server_version and version()
	Log      *slog.Logger // nil discards
}

// loginTimeout is how long a client may take to log in; PostgreSQL's authentication_timeout.
const loginTimeout = 60 * time.Second

// Server serves PostgreSQL clients.
type Server struct {
	open     func(ctx context.Context) (backend, error)
	opts     Options
	log      *slog.Logger
	quit     chan struct{} // closed by Shutdown
	conns    registry
	hub      hub                             // for NOTIFY
	verifier func() (*scram.Verifier, error) // computed once

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
	s := &Server{open: open, opts: opts, log: opts.Log, quit: make(chan struct{}), listeners: map[net.Listener]struct{}{}}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	s.verifier = sync.OnceValues(func() (*scram.Verifier, error) { return scram.NewVerifier(opts.Password) })
	return s
}

// CheckListen returns an error if a server with this password must not listen on addr (host:port): without a password
// only loopback addresses are allowed.
func CheckListen(addr string, password string) error {
	if password != "" {
		return nil
	}
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("the address %q to listen on is not host:port: %w", addr, err)
	}
	if ip := net.ParseIP(host); host == "localhost" || ip != nil && ip.IsLoopback() {
		return nil
	}
	return fmt.Errorf("refusing to listen on %s without a password: everyone who reaches this address could read the lake. "+
		"Set a password (TARN_PASSWORD or --password-file), or listen on 127.0.0.1", addr)
}

// Serve accepts connections until ctx ends or Shutdown is called, and returns nil then. It closes the listener.
// Connections live on until Shutdown.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	defer l.Close()
	if l.Addr().Network() == "tcp" {
		if err := CheckListen(l.Addr().String(), s.opts.Password); err != nil {
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
	s.running.Go(func() { s.serveConn(ctx, nc) })
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
