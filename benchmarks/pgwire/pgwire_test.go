package pgwire

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// serve plays a server: it logs the client in and answers requests up to Query or Sync by what they hold.
func serve(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go session(c)
		}
	}()
	return l.Addr().String()
}

func session(c net.Conn) {
	defer c.Close()
	in := bufio.NewReader(c)
	body(in)
	c.Write(message(nil, 'R', "\x00\x00\x00\x00"))
	c.Write(message(nil, 'K', "\x00\x00\x00\x2a\x00\x00\x00\x01"))
	c.Write(message(nil, 'Z', "I"))
	for {
		kind, err := in.ReadByte()
		if err != nil || kind == 'X' {
			return
		}
		text := body(in)
		switch {
		case kind != 'Q' && kind != 'S':
		case text == "fail\x00":
			c.Write(message(nil, 'E', "SERROR\x00C42601\x00Mno such thing\x00\x00"))
			c.Write(message(nil, 'Z', "I"))
		case text == "hang\x00":
		default:
			m := message(nil, 'T', "\x00\x00")
			m = message(m, 'D', "\x00\x03\x00\x00\x00\x01a\xff\xff\xff\xff\x00\x00\x00\x00")
			m = message(m, 'D', "\x00\x01\x00\x00\x00\x02bc")
			m = message(m, 'C', "SELECT 2\x00")
			c.Write(message(m, 'Z', "I"))
		}
	}
}

func body(in *bufio.Reader) string {
	var head [4]byte
	if _, err := io.ReadFull(in, head[:]); err != nil {
		return ""
	}
	b := make([]byte, binary.BigEndian.Uint32(head[:])-4)
	io.ReadFull(in, b)
	return string(b)
}

func TestConn(t *testing.T) {
	ctx := context.Background()
	c, err := Dial(ctx, serve(t), "me", "db")
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if c.PID() != 42 {
		t.Errorf("the process is %d", c.PID())
	}
	for range 2 { // the second time after an error of the server
		rows, total, err := c.Collect(ctx, "rows")
		if diff := cmp.Diff([][]string{{"a", "", ""}, {"bc"}}, rows); diff != "" || err != nil || total <= 0 {
			t.Errorf("%v, %v, %s", total, err, diff)
		}
		for _, drain := range []func(context.Context, string) (Drained, error){c.Drain, c.DrainBinary} {
			d, err := drain(ctx, "rows")
			if err != nil || d.Rows != 2 || d.Bytes != 23 || d.First <= 0 || d.Total < d.First {
				t.Errorf("drained %+v, %v", d, err)
			}
		}
		refused := (*ServerError)(nil)
		if _, _, err := c.Collect(ctx, "fail"); !errors.As(err, &refused) || refused.Code != "42601" || refused.Message != "no such thing" {
			t.Errorf("got %v", err)
		}
		if _, err := c.Drain(ctx, "fail"); !errors.As(err, &refused) {
			t.Errorf("got %v", err)
		}
	}
	why := errors.New("took too long")
	ctx, cancel := context.WithTimeoutCause(ctx, 20*time.Millisecond, why)
	defer cancel()
	if _, err := c.Drain(ctx, "hang"); !errors.Is(err, why) {
		t.Errorf("a statement that hangs ended with %v", err)
	}
}
