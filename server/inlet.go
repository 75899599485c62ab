package server

import (
	"errors"
	"io"
)

// inlet reads from the client ahead of the protocol, so that a client that goes away is noticed while its statement
// runs. It holds at most two chunks.
type inlet struct {
	chunks chan []byte // filled, in order; closed at the end
	free   chan []byte
	quit   <-chan struct{} // reading fails when it is closed and nothing is there to read
	done   chan struct{}   // closed when nobody reads any more
	cur    []byte          // the rest of the current chunk
	whole  []byte          // the current chunk
	err    error           // why chunks was closed
	wake   <-chan struct{} // reading gives up with errWoken when it is closed or has a value; nil waits
}

// newInlet starts to read src. gone is called once, from another goroutine, when src fails or ends.
func newInlet(src io.Reader, quit <-chan struct{}, gone func()) *inlet {
	in := &inlet{chunks: make(chan []byte, 2), free: make(chan []byte, 2), quit: quit, done: make(chan struct{})}
	for range 2 {
		in.free <- make([]byte, 16<<10)
	}
	go in.fill(src, gone)
	return in
}

func (in *inlet) fill(src io.Reader, gone func()) {
	defer close(in.chunks)
	for {
		var buf []byte
		select {
		case buf = <-in.free:
		case <-in.done:
			return
		}
		n, err := src.Read(buf)
		if n > 0 {
			in.chunks <- buf[:n]
		}
		if err != nil {
			in.err = err
			gone()
			return
		}
	}
}

// Read implements io.Reader. It returns errStopped instead of waiting once quit is closed.
func (in *inlet) Read(p []byte) (int, error) {
	if len(in.cur) == 0 {
		if err := in.next(); err != nil {
			return 0, err
		}
	}
	n := copy(p, in.cur)
	in.cur = in.cur[n:]
	return n, nil
}

// next waits for a chunk.
func (in *inlet) next() error {
	if in.whole != nil {
		in.free <- in.whole[:cap(in.whole)]
		in.whole = nil
	}
	var ok bool
	select {
	case in.whole, ok = <-in.chunks: // what is there goes before quit
	default:
		select {
		case in.whole, ok = <-in.chunks:
		case <-in.quit:
			return errStopped
		case <-in.wake:
			return errWoken
		}
	}
	if !ok {
		return in.err
	}
	in.cur = in.whole
	return nil
}

// errWoken says that reading was given up for something else; it may go on.
var errWoken = errors.New("reading was interrupted")

// peek returns the next byte if it is there already.
func (in *inlet) peek() (byte, bool) {
	if len(in.cur) == 0 {
		select {
		case chunk, ok := <-in.chunks:
			if !ok {
				return 0, false
			}
			if in.whole != nil {
				in.free <- in.whole[:cap(in.whole)]
			}
			in.whole, in.cur = chunk, chunk
		default:
			return 0, false
		}
	}
	return in.cur[0], true
}

// close lets the reading goroutine end; the source is to be closed too.
func (in *inlet) close() { close(in.done) }
