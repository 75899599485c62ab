package pgwire

import (
	"bufio"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"strings"
	"time"
)

// readBuffer holds many rows, so that a system call is not what is measured.
const readBuffer = 256 << 10

// Conn is one connection. It is not for concurrent use, and of no use after an error that is no *ServerError.
type Conn struct {
	net  net.Conn
	in   *bufio.Reader
	body []byte // of the message that was read last
	pid  uint32
}

// ServerError is what the server says is wrong with a statement.
type ServerError struct {
	Code    string
	Message string
}

// Error is the message with its code.
func (e *ServerError) Error() string { return e.Message + " (SQLSTATE " + e.Code + ")" }

// Dial connects and logs in.
func Dial(ctx context.Context, address, user, database string) (*Conn, error) {
	var d net.Dialer
	n, err := d.DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("connecting to %s: %w", address, err)
	}
	c := &Conn{net: n, in: bufio.NewReaderSize(n, readBuffer)}
	if err := c.login(user, database); err != nil {
		n.Close()
		return nil, fmt.Errorf("logging in at %s: %w", address, err)
	}
	return c, nil
}

func (c *Conn) login(user, database string) error {
	text := "user\x00" + user + "\x00database\x00" + database + "\x00\x00"
	m := binary.BigEndian.AppendUint32(nil, uint32(8+len(text)))
	m = binary.BigEndian.AppendUint32(m, 3<<16)
	if _, err := c.net.Write(append(m, text...)); err != nil {
		return err
	}
	for {
		kind, body, err := c.read()
		if err != nil {
			return err
		}
		switch kind {
		case 'R':
			if binary.BigEndian.Uint32(body) != 0 {
				return fmt.Errorf("the server wants a password; only trusted connections are made here")
			}
		case 'K':
			c.pid = binary.BigEndian.Uint32(body)
		case 'E':
			return serverError(body)
		case 'Z':
			return nil
		}
	}
}

// PID is what the server calls the process of this connection.
func (c *Conn) PID() int { return int(c.pid) }

// Close ends the connection.
func (c *Conn) Close() error {
	c.net.Write([]byte{'X', 0, 0, 0, 4})
	return c.net.Close()
}

// watch makes reads and writes fail once ctx has ended; the caller must call the function it gets.
func (c *Conn) watch(ctx context.Context) (stop func() bool) {
	c.net.SetDeadline(time.Time{})
	return context.AfterFunc(ctx, func() { c.net.SetDeadline(time.Unix(1, 0)) })
}

// read returns the next message; its body is valid until the next read.
func (c *Conn) read() (kind byte, body []byte, err error) {
	head, err := c.in.Peek(5)
	if err != nil {
		return 0, nil, err
	}
	kind = head[0]
	n := int(binary.BigEndian.Uint32(head[1:])) - 4
	c.in.Discard(5)
	if n > cap(c.body) {
		c.body = make([]byte, n)
	}
	c.body = c.body[:n]
	_, err = io.ReadFull(c.in, c.body)
	return kind, c.body, err
}

// serverError takes the code and the message out of an ErrorResponse.
func serverError(body []byte) *ServerError {
	e := &ServerError{}
	for _, field := range strings.Split(string(body), "\x00") {
		switch {
		case strings.HasPrefix(field, "C"):
			e.Code = field[1:]
		case strings.HasPrefix(field, "M"):
			e.Message = field[1:]
		}
	}
	return e
}
