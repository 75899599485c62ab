package server

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"runtime/debug"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgproto3"

	"tarn/engine"
)

// maxMessage is the longest message that a client may send once it has logged in.
const maxMessage = 64 << 20

// conn is one client's connection: the messages, and how it ends. What the client has set and prepared is in client.
type conn struct {
	srv    *Server
	net    net.Conn // or the TLS connection over it
	log    *slog.Logger
	in     *inlet // nil before the first message
	out    *outlet
	be     *pgproto3.Backend // decodes messages; what is sent goes through out
	id     uint32            // for cancel requests, with the secret
	secret []byte
	client *client
	door   door // how the client came in
	seated bool // it has one of the server's places
	skip   bool // an extended message failed: everything up to Sync is passed over

	ctx  context.Context // ends when the client goes away or the server stops
	end  context.CancelCauseFunc
	mu   sync.Mutex              // guards stop and seen
	stop context.CancelCauseFunc // stops the running statement; nil if none runs
	seen Activity                // what others are told of the session
}

// serveConn serves one connection to its end.
func (s *Server) serveConn(ctx context.Context, nc net.Conn) {
	c := &conn{srv: s, net: nc, out: &outlet{w: nc}, log: s.log.With("client", nc.RemoteAddr().String())}
	c.ctx, c.end = context.WithCancelCause(ctx)
	defer c.close()
	defer func() {
		if p := recover(); p != nil {
			c.log.Error("a connection failed", "panic", p, "stack", string(debug.Stack()))
			c.farewell(&failure{code: "XX000", message: "the server failed; the connection ends", fatal: true})
		}
	}()
	proceed, err := c.greet()
	if err == nil && proceed {
		err = c.loop()
	}
	if err != nil {
		c.farewell(err)
	}
}

// close frees what the connection holds.
func (c *conn) close() {
	c.end(errClientGone)
	if c.client != nil {
		c.client.close()
	}
	if c.id != 0 {
		c.srv.conns.remove(c.id)
	}
	if c.in != nil {
		c.in.close()
	}
	c.net.Close()
	if c.seated {
		c.srv.seats.leave()
	}
}

// farewell tells the client why the connection ends, if it is still there to hear it.
func (c *conn) farewell(err error) {
	var f *failure
	switch {
	case errors.As(err, &f) && f != errClientGone:
	case errors.Is(err, io.EOF), errors.Is(err, net.ErrClosed), f == errClientGone:
		c.log.Debug("the client went away")
		return
	default:
		c.log.Info("a connection broke", "err", err)
		return
	}
	c.log.Debug("ending the connection", "why", f.message)
	c.net.SetWriteDeadline(time.Now().Add(time.Second))
	last := *f
	last.fatal = true
	c.out.send(errorResponse(&last))
	c.out.flush()
}

// loop answers messages until the client ends the connection (nil) or it cannot go on.
func (c *conn) loop() error {
	for {
		msg, err := c.receive()
		if err != nil {
			return c.receiveError(err)
		}
		if _, ok := msg.(*pgproto3.Terminate); ok {
			return nil
		}
		if err := c.handle(msg); err != nil {
			return err
		}
		if c.out.err != nil {
			return errClientGone
		}
	}
}

// receiveError tells a client that breaks the protocol from one that is gone.
func (c *conn) receiveError(err error) error {
	var tooLong *pgproto3.ExceededMaxBodyLenErr
	var netErr net.Error
	switch {
	case c.ctx.Err() != nil && context.Cause(c.ctx) != errClientGone && isFailure(context.Cause(c.ctx)):
		return context.Cause(c.ctx)
	case errors.As(err, &tooLong):
		return protocolError("a message of %d bytes is longer than the %d that are allowed", tooLong.ActualBodyLen, tooLong.MaxExpectedBodyLen)
	case errors.Is(err, errStopped), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.As(err, &netErr):
		return err
	}
	return protocolError("cannot read a message: %v", err)
}

func isFailure(err error) bool {
	var f *failure
	return errors.As(err, &f)
}

// handle answers one message. An error ends the connection.
func (c *conn) handle(msg pgproto3.FrontendMessage) error {
	switch m := msg.(type) {
	case *pgproto3.Query:
		c.skip = false
		return c.query(m.String)
	case *pgproto3.Sync:
		c.skip = false
		return c.ready()
	case *pgproto3.Flush:
		c.out.flush()
		return nil
	case *pgproto3.CopyData, *pgproto3.CopyDone, *pgproto3.CopyFail:
		return nil // what is left of a COPY that failed, as PostgreSQL takes it
	case *pgproto3.FunctionCall:
		if err := c.fail(failuref("0A000", "function calls by message are not supported; use SELECT")); err != nil {
			return err
		}
		return c.ready()
	}
	if c.skip {
		return nil
	}
	if err := c.extended(msg); err != nil {
		c.skip = true
		return c.fail(err)
	}
	return nil
}

// receive waits for the client's next message, as long as the settings allow, and delivers what others NOTIFY meanwhile.
func (c *conn) receive() (pgproto3.FrontendMessage, error) {
	limit, cause := c.client.idleLimit()
	if limit > 0 {
		timer := time.AfterFunc(limit, func() { c.end(cause) })
		defer timer.Stop()
	}
	woken, stop := c.waker()
	defer stop()
	for {
		c.in.wake = woken
		msg, err := c.be.Receive()
		c.in.wake = nil
		if !errors.Is(err, errWoken) {
			return msg, err
		}
		if c.ctx.Err() != nil {
			return nil, context.Cause(c.ctx)
		}
		if c.client.tx.block == noBlock {
			c.client.channels.box.deliver(c.out)
			c.out.flush()
		}
	}
}

// waker returns a channel that has a value when a message of NOTIFY came or the connection is to end.
func (c *conn) waker() (_ <-chan struct{}, stop func()) {
	wake := c.client.channels.box.wake
	unwatch := context.AfterFunc(c.ctx, func() {
		select {
		case wake <- struct{}{}:
		default:
		}
	})
	return wake, func() { unwatch() }
}

// fail reports an error to the client; inside a transaction block, the block fails. A fatal error is returned.
func (c *conn) fail(err error) error {
	if e := c.client.fail(c.ctx); e != nil {
		c.log.Error("a transaction could not be ended", "err", e)
	}
	c.client.sendNotices(nil)
	var f *failure
	if errors.As(err, &f) && f.fatal {
		return f
	}
	m := errorResponse(err)
	if m.Code == sqlstates[engine.KindInternal] {
		c.log.Error("a statement failed inside", "err", err)
	}
	c.out.send(m)
	return nil
}

// ready ends a query or a series of extended messages.
func (c *conn) ready() error {
	if err := c.client.closeImplicit(c.ctx, true); err != nil {
		if err := c.fail(err); err != nil {
			return err
		}
	}
	status := c.client.status()
	c.noteIdle(status)
	if status == engine.TxIdle {
		c.client.dropPortals()
		c.client.channels.box.deliver(c.out)
	}
	c.client.reportChanges()
	c.out.send(&pgproto3.ReadyForQuery{TxStatus: map[engine.TxStatus]byte{engine.TxIdle: 'I', engine.TxOpen: 'T', engine.TxFailed: 'E'}[status]})
	c.out.flush()
	select {
	case <-c.srv.quit:
		return errStopped
	default:
		return nil
	}
}

// begin returns a context that ends when the statement that starts now is to stop; done ends the statement.
func (c *conn) begin(sql string) (_ context.Context, done func()) {
	c.noteStart(sql)
	ctx, cancel := context.WithCancelCause(c.ctx)
	c.setStop(cancel)
	release := func() {}
	if d := c.client.settings.duration("statement_timeout"); d > 0 {
		ctx, release = context.WithTimeoutCause(ctx, d, errTimeout)
	}
	return ctx, func() {
		c.setStop(nil)
		release()
		cancel(nil)
	}
}

func (c *conn) setStop(stop context.CancelCauseFunc) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stop = stop
}

// interrupt stops the running statement, if any; it may be called from any goroutine.
func (c *conn) interrupt(cause error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stop != nil {
		c.stop(cause)
	}
}

// kill ends the connection, with a second for the last words; it may be called from any goroutine.
func (c *conn) kill() {
	c.end(errStopped)
	c.net.SetDeadline(time.Now().Add(time.Second))
}
