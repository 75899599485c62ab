package server

import (
	"crypto/rand"
	"io"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgproto3"
)

// greet takes the client from its first byte to the first ReadyForQuery. It returns false for connections that end
// here without an error: cancel requests.
func (c *conn) greet() (proceed bool, err error) {
	defer c.srv.callers.leave()
	c.net.SetDeadline(time.Now().Add(c.srv.opts.LoginTimeout))
	settled := c.hurry()
	m, err := c.firstMessage()
	settled()
	if err != nil || m == nil {
		return false, err
	}
	c.in = newInlet(c.net, c.srv.quit, func() { c.end(errClientGone) })
	c.be = pgproto3.NewBackend(&frames{in: c.in}, io.Discard)
	c.be.SetMaxBodyLen(maxStartupPacket)
	user := m.values["user"]
	if user == "" {
		return false, failuref("28000", "no PostgreSQL user name specified in startup packet")
	}
	if m.negotiated() {
		c.out.send(&pgproto3.NegotiateProtocolVersion{NewestMinorProtocol: 3<<16 | m.minor(), UnrecognizedOptions: m.unknown})
	}
	if err := c.authenticate(user, m.database()); err != nil {
		return false, err
	}
	if !c.srv.seats.take() {
		return false, errTooMany
	}
	c.seated = true
	if err := c.srv.opts.knows(m.database(), user); err != nil {
		return false, err
	}
	ses, err := c.srv.open(c.ctx)
	if err != nil {
		return false, &failure{code: "53300", message: "cannot open a session: " + err.Error()}
	}
	c.client = newClient(ses, c.srv.open, newSettings(c.srv.opts.Version, user), c.out)
	if err := c.client.startSettings(c.ctx, m); err != nil {
		return false, asFailure(err)
	}
	c.announce(m.minor())
	c.be.SetMaxBodyLen(maxMessage)
	if err := c.ready(); err != nil {
		return false, err
	}
	c.net.SetDeadline(time.Time{})
	return true, nil
}

// hurry ends the reading of the first messages, which nobody reads ahead, when the server stops. The function it returns
// ends the watch.
func (c *conn) hurry() (settled func()) {
	done, ended := make(chan struct{}), make(chan struct{})
	nc := c.net
	go func() {
		defer close(ended)
		select {
		case <-c.srv.quit:
			nc.SetReadDeadline(time.Unix(1, 0))
		case <-done:
		}
	}()
	return func() {
		close(done)
		<-ended
	}
}

// cancelOther carries out a cancel request: the process ID and secret of the connection whose statement is to stop.
// It gets no answer, whether the secret is right or not.
func (c *conn) cancelOther(body []byte) {
	if len(body) < 4 {
		return
	}
	id := uint32(body[0])<<24 | uint32(body[1])<<16 | uint32(body[2])<<8 | uint32(body[3])
	if !c.srv.conns.cancel(id, body[4:]) {
		c.log.Warn("a cancel request with a wrong key", "connection", id)
	}
}

// announce sends what a client learns at the start: the settings, and the key for cancel requests.
func (c *conn) announce(minor uint32) {
	c.secret = make([]byte, 4) // all that 3.0 allows
	if minor >= 2 {
		c.secret = make([]byte, 32)
	}
	rand.Read(c.secret)
	c.noteLogin()
	c.id = c.srv.conns.add(c)
	c.log = c.log.With("connection", c.id)
	c.client.channels.box = &mailbox{hub: &c.srv.hub, sender: c.id, wake: make(chan struct{}, 1)}
	c.client.settings.report(c.out)
	c.out.send(&pgproto3.BackendKeyData{ProcessID: c.id, SecretKey: c.secret})
}

// asFailure makes any error one that can end a connection with a message.
func asFailure(err error) error {
	m := errorResponse(err)
	return &failure{code: m.Code, message: m.Message, detail: m.Detail, hint: m.Hint, fatal: true}
}

// startPairs lists the settings that a startup message asks for.
func startPairs(m *startup) ([][2]string, error) {
	var pairs [][2]string
	for _, name := range m.names {
		value := m.values[name]
		switch name {
		case "user", "database":
		case "replication":
			switch strings.ToLower(value) {
			case "false", "off", "no", "0", "":
			default:
				return nil, failuref("0A000", "replication is not supported")
			}
		case "options":
			more, err := parseOptions(value)
			if err != nil {
				return nil, err
			}
			pairs = append(pairs, more...)
		default:
			pairs = append(pairs, [2]string{name, value})
		}
	}
	return pairs, nil
}

// parseOptions reads settings from the command line that a client may send: -c name=value or --name=value.
func parseOptions(text string) ([][2]string, error) {
	words := splitOptions(text)
	var pairs [][2]string
	for i := 0; i < len(words); i++ {
		arg, ok := strings.CutPrefix(words[i], "--")
		if !ok {
			if arg, ok = strings.CutPrefix(words[i], "-c"); ok && arg == "" && i+1 < len(words) {
				i++
				arg = words[i]
			}
		}
		name, value, assigned := strings.Cut(arg, "=")
		if !ok || !assigned || name == "" {
			return nil, failuref("42601", "invalid command-line argument in the startup packet's options: %q", words[i])
		}
		pairs = append(pairs, [2]string{strings.ReplaceAll(name, "-", "_"), value})
	}
	return pairs, nil
}

// splitOptions splits at white space; a backslash takes the next character as it is (pg_split_opts in PostgreSQL's
// postinit.c).
func splitOptions(text string) []string {
	var words []string
	var word strings.Builder
	open := false
	for i := 0; i < len(text); i++ {
		c := text[i]
		if strings.IndexByte(" \t\r\n\v\f", c) >= 0 {
			if open {
				words = append(words, word.String())
				word.Reset()
			}
			open = false
			continue
		}
		if c == '\\' && i+1 < len(text) {
			i++
			c = text[i]
		}
		word.WriteByte(c)
		open = true
	}
	if open {
		words = append(words, word.String())
	}
	return words
}
