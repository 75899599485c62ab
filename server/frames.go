package server

import (
	"encoding/binary"
	"io"
)

// frames gives the bytes of one message at a time to whoever decodes them, so that what follows a message stays where peek sees it.
type frames struct {
	in   *inlet
	head [5]byte
	have int    // bytes of head
	left uint32 // bytes of the message that are still to come, once head is whole
}

// Read implements io.Reader.
func (f *frames) Read(p []byte) (int, error) {
	if f.have == len(f.head) && f.left == 0 {
		f.have = 0
	}
	if f.have < len(f.head) {
		n, err := f.in.Read(p[:min(len(p), len(f.head)-f.have)])
		copy(f.head[f.have:], p[:n])
		if f.have += n; f.have == len(f.head) {
			if length := binary.BigEndian.Uint32(f.head[1:]); length > 4 {
				f.left = length - 4
			}
		}
		return n, err
	}
	n, err := f.in.Read(p[:min(len(p), int(min(f.left, 1<<30)))])
	f.left -= uint32(n)
	return n, err
}

var _ io.Reader = &frames{}
