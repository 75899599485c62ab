package server

import (
	"io"

	"github.com/jackc/pgx/v5/pgproto3"
)

// outletSize is how much is collected before it is written to the client: about a batch of rows, so that a client that is as
// fast as the server is woken once a batch.
const outletSize = 256 << 10

// outletKept is the largest buffer that is kept for what comes next.
const outletKept = 1 << 20

// outlet collects messages for the client and writes them in large pieces. A client that reads slowly makes flush
// wait, and so holds up the statement. After an error everything is dropped.
type outlet struct {
	w   io.Writer
	buf []byte
	err error // the first failure to write

	recode *encoding // of messages other than rows; nil for UTF-8
}

// send adds a message.
func (o *outlet) send(m pgproto3.BackendMessage) {
	if o.recode != nil {
		m = o.recode.message(m)
	}
	buf, err := m.Encode(o.buf)
	if err != nil {
		if o.err == nil {
			o.err = err
		}
		return
	}
	o.buf = buf
	o.spill()
}

// spill writes what was collected once it is enough.
func (o *outlet) spill() {
	if len(o.buf) >= outletSize {
		o.flush()
	}
}

// flush writes everything and returns the first error since the connection began.
func (o *outlet) flush() error {
	if o.err == nil && len(o.buf) > 0 {
		_, o.err = o.w.Write(o.buf)
	}
	o.buf = o.buf[:0]
	if cap(o.buf) > outletKept { // a single huge row
		o.buf = nil
	}
	return o.err
}
