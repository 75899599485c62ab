package server

import (
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/jackc/pgx/v5/pgproto3"

	"tarn/server/scram"
)

// authenticate lets in whom the server trusts, and wants proof of a password from others.
func (c *conn) authenticate(user, database string) error {
	switch {
	case c.door.local && c.sameUser(): // who could read the files anyhow
	case c.srv.opts.TLS == TLSRequire && !c.door.secure && !c.door.local:
		return &failure{code: "28000", message: fmt.Sprintf("connections without encryption are not accepted: user %q, database %q, no encryption", user, database),
			hint: "Connect with TLS: sslmode=require, or what the client calls it."}
	case c.srv.opts.asks():
		if err := c.wantPassword(user); err != nil {
			return err
		}
	case c.door.local:
		return &failure{code: "28000", message: fmt.Sprintf("peer authentication failed for user %q", user),
			hint: "Without users the socket is open only to the user who runs the server; \"tarn user add NAME\" makes one."}
	}
	c.out.send(&pgproto3.AuthenticationOk{})
	return nil
}

// wantPassword has the client log in, as often as its address may.
func (c *conn) wantPassword(user string) error {
	address := addressOf(c.net.RemoteAddr())
	if err := c.waitTurn(address); err != nil {
		return err
	}
	err := c.exchange(user)
	var f *failure
	switch {
	case err == nil:
		c.srv.failed.right(address)
	case errors.As(err, &f) && (f.code == "28P01" || f.code == "28000"):
		failures, delay := c.srv.failed.wrong(address)
		c.log.Warn("a login failed", "user", user, "why", f.message, "failures", failures, "delay", delay)
	}
	return err
}

// addressOf is what failed logins are counted by: the IP address (of IPv6 the network, since a client has all of it), or
// all of a Unix socket.
func addressOf(a net.Addr) string {
	tcp, ok := a.(*net.TCPAddr)
	if !ok {
		return a.Network()
	}
	if ip4 := tcp.IP.To4(); ip4 != nil {
		return ip4.String()
	}
	return tcp.IP.Mask(net.CIDRMask(64, 128)).String() + "/64"
}

// waitTurn holds the client back if logins from its address have failed.
func (c *conn) waitTurn(address string) error {
	wait, ok := c.srv.failed.turn(address)
	if !ok {
		c.log.Warn("a login is refused: too many have failed", "address", address)
		return &failure{code: "28000", message: "too many failed logins from this address",
			hint: fmt.Sprintf("Try again in %d seconds.", int(wait.Seconds())+1)}
	}
	if wait == 0 {
		return nil
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-c.ctx.Done():
		return errClientGone
	case <-c.srv.quit:
		return errStopped
	}
}

// exchange plays the server's part of SCRAM-SHA-256. Users who do not exist go the same way.
func (c *conn) exchange(user string) error {
	v, err := c.srv.verifierOf(user)
	if err != nil {
		return err
	}
	c.out.send(&pgproto3.AuthenticationSASL{AuthMechanisms: c.door.binding.Mechanisms()})
	first, err := receive[*pgproto3.SASLInitialResponse](c, pgproto3.AuthTypeSASL)
	if err != nil {
		return err
	}
	if m := first.AuthMechanism; m != scram.Mechanism && m != scram.Plus {
		return protocolError("the client wants to log in by %q; the server offers %s", m, scram.Mechanism)
	}
	exchange, reply, err := v.Start(c.door.binding, first.AuthMechanism, first.Data)
	if err != nil {
		return protocolError("%v", err)
	}
	c.out.send(&pgproto3.AuthenticationSASLContinue{Data: reply})
	final, err := receive[*pgproto3.SASLResponse](c, pgproto3.AuthTypeSASLContinue)
	if err != nil {
		return err
	}
	reply, err = exchange.Finish(final.Data)
	switch {
	case errors.Is(err, scram.ErrPassword):
		return failuref("28P01", "password authentication failed for user %q", user)
	case errors.Is(err, scram.ErrBinding):
		return failuref("28000", "%v", err)
	case err != nil:
		return protocolError("%v", err)
	}
	c.out.send(&pgproto3.AuthenticationSASLFinal{Data: reply})
	return nil
}

// receive sends what is waiting and takes the client's next message, which must be an M.
func receive[M pgproto3.FrontendMessage](c *conn, authType uint32) (M, error) {
	var none M
	if err := c.out.flush(); err != nil {
		return none, err
	}
	if err := c.be.SetAuthType(authType); err != nil {
		return none, err
	}
	msg, err := c.be.Receive()
	if err != nil {
		return none, c.receiveError(err)
	}
	m, ok := msg.(M)
	if !ok {
		return none, protocolError("expected the client's proof of its password, got %T", msg)
	}
	return m, nil
}
