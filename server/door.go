package server

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"os"

	"tarn/server/scram"
	"tarn/server/unixsocket"
)

// TLSMode says what the server does about encryption. Its values are those of the flag --tls.
type TLSMode string

// The modes.
const (
	TLSOff     TLSMode = "off"     // connections are not encrypted
	TLSAllow   TLSMode = "allow"   // they are if the client wants
	TLSRequire TLSMode = "require" // they are, save for Unix sockets
)

// alpn is the protocol's name in TLS (PostgreSQL 17).
const alpn = "postgresql"

// door is how a client came in.
type door struct {
	secure  bool          // by TLS
	binding scram.Binding // of the TLS connection
	local   bool          // by Unix socket
}

// firstMessage answers requests for encryption and returns the startup message; nil after a cancel request. It reads from
// the connection byte by byte what it needs: what an attacker puts between a request for TLS and the handshake goes to
// the handshake, which fails (CVE-2021-23222).
func (c *conn) firstMessage() (*startup, error) {
	_, c.door.local = c.net.(*net.UnixConn)
	for range 3 { // at most one request for TLS and one for GSSAPI
		m, err := readStartup(c.net)
		if err != nil {
			return nil, c.notStopped(err)
		}
		switch {
		case m.code == codeDirectTLS || m.code == codeSSL && !c.door.secure:
			if err := c.encrypt(m); err != nil {
				return nil, c.notStopped(err)
			}
		case m.code == codeGSS && !c.door.secure:
			if err := c.answer('N'); err != nil {
				return nil, err
			}
		case m.code == codeCancel:
			c.cancelOther(m.body)
			return nil, nil
		case m.code>>16 == 3:
			return m, nil
		default:
			return nil, failuref("0A000", "unsupported frontend protocol %d.%d: server supports 3.0 to 3.%d", m.code>>16, m.code&0xffff, latestMinor)
		}
	}
	return nil, errors.New("the client asks again and again for encryption")
}

// notStopped is err, unless the server stops, which is then why reading failed.
func (c *conn) notStopped(err error) error {
	select {
	case <-c.srv.quit:
		return errStopped
	default:
		return err
	}
}

// answer sends the single byte that answers a request for encryption.
func (c *conn) answer(b byte) error {
	c.out.buf = append(c.out.buf, b)
	return c.out.flush()
}

// encrypt answers a request for TLS, or a handshake that came without one; if the server does TLS the connection does so
// from now on.
func (c *conn) encrypt(m *startup) error {
	direct := m.code == codeDirectTLS
	if c.srv.opts.TLS == TLSOff || c.door.local || c.door.secure {
		if direct {
			return errors.New("the client begins with TLS, which this connection does not speak")
		}
		return c.answer('N')
	}
	under := c.net
	if direct {
		under = &begun{Conn: under, head: m.body}
	} else if err := c.answer('S'); err != nil {
		return err
	}
	cert := c.srv.opts.Certificate.Current()
	// Tickets are off as in PostgreSQL: sessions are long, and a resumed one would show no certificate to bind to.
	secured := tls.Server(under, &tls.Config{Certificates: []tls.Certificate{*cert}, MinVersion: tls.VersionTLS12,
		NextProtos: []string{alpn}, SessionTicketsDisabled: true, DynamicRecordSizingDisabled: true})
	if err := secured.Handshake(); err != nil {
		return fmt.Errorf("the TLS handshake failed: %w", err)
	}
	if direct && secured.ConnectionState().NegotiatedProtocol != alpn { // or browsers could be tricked into speaking to us
		return errors.New("the client begins with TLS and does not ask for the protocol postgresql")
	}
	c.net, c.out.w = secured, secured
	c.door.secure, c.door.binding = true, scram.EndPoint(cert.Leaf)
	return nil
}

// begun is a connection of which some bytes were read.
type begun struct {
	net.Conn
	head []byte
}

// Read implements net.Conn.
func (b *begun) Read(p []byte) (int, error) {
	if len(b.head) > 0 {
		n := copy(p, b.head)
		b.head = b.head[n:]
		return n, nil
	}
	return b.Conn.Read(p)
}

// sameUser reports whether the client is a process of the user who runs the server, by the kernel's word.
func (c *conn) sameUser() bool {
	unix, ok := c.net.(*net.UnixConn)
	if !ok {
		return false
	}
	uid, err := unixsocket.Peer(unix)
	if err != nil {
		c.log.Info("the client's user is not known", "err", err)
		return false
	}
	return uid == os.Getuid()
}
