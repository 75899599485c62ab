package pgwire

import (
	"context"
	"encoding/binary"
	"time"
)

// Drained is what came of a statement whose rows were thrown away.
type Drained struct {
	Rows  int64
	Bytes int64         // of rows, without the heads of messages
	First time.Duration // until the first row; zero without rows
	Total time.Duration // until the server was ready again
}

// Drain sends a statement as a simple query and counts the rows, of COPY ... TO STDOUT the messages with data.
func (c *Conn) Drain(ctx context.Context, sql string) (Drained, error) {
	return c.drain(ctx, simple(sql))
}

// DrainBinary runs a statement in the extended protocol, with every column in binary.
func (c *Conn) DrainBinary(ctx context.Context, sql string) (Drained, error) {
	m := message(nil, 'P', "\x00"+sql+"\x00\x00\x00")
	m = message(m, 'B', "\x00\x00\x00\x00\x00\x00\x00\x01\x00\x01")
	m = message(m, 'E', "\x00\x00\x00\x00\x00")
	return c.drain(ctx, message(m, 'S', ""))
}

func (c *Conn) drain(ctx context.Context, request []byte) (Drained, error) {
	defer c.watch(ctx)()
	var d Drained
	start := time.Now()
	if _, err := c.net.Write(request); err != nil {
		return d, cause(ctx, err)
	}
	var failed error
	for {
		head, err := c.in.Peek(5)
		if err != nil {
			return d, cause(ctx, err)
		}
		kind, n := head[0], int(binary.BigEndian.Uint32(head[1:]))-4
		if kind == 'D' || kind == 'd' {
			if d.Rows++; d.Rows == 1 {
				d.First = time.Since(start)
			}
			d.Bytes += int64(n)
			if _, err := c.in.Discard(5 + n); err != nil {
				return d, cause(ctx, err)
			}
			continue
		}
		_, body, err := c.read()
		if err != nil {
			return d, cause(ctx, err)
		}
		switch kind {
		case 'E':
			failed = serverError(body)
		case 'Z':
			d.Total = time.Since(start)
			return d, failed
		}
	}
}

// Collect sends a statement as a simple query and returns the rows as texts; NULL is the empty text.
func (c *Conn) Collect(ctx context.Context, sql string) (rows [][]string, total time.Duration, err error) {
	defer c.watch(ctx)()
	start := time.Now()
	if _, err := c.net.Write(simple(sql)); err != nil {
		return nil, 0, cause(ctx, err)
	}
	var failed error
	for {
		kind, body, err := c.read()
		if err != nil {
			return nil, 0, cause(ctx, err)
		}
		switch kind {
		case 'D':
			rows = append(rows, cells(body))
		case 'E':
			failed = serverError(body)
		case 'Z':
			return rows, time.Since(start), failed
		}
	}
}

// cells takes a DataRow apart.
func cells(body []byte) []string {
	row := make([]string, binary.BigEndian.Uint16(body))
	body = body[2:]
	for i := range row {
		n := int32(binary.BigEndian.Uint32(body))
		body = body[4:]
		if n > 0 {
			row[i] = string(body[:n])
			body = body[n:]
		}
	}
	return row
}

func simple(sql string) []byte { return message(nil, 'Q', sql+"\x00") }

func message(m []byte, kind byte, body string) []byte {
	m = append(m, kind)
	m = binary.BigEndian.AppendUint32(m, uint32(4+len(body)))
	return append(m, body...)
}

// cause prefers the reason why the connection was cut.
func cause(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}
