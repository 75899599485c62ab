package server

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/binary"
	"sync"
)

// registry finds connections by their process ID, for cancel requests. Its zero value is empty.
type registry struct {
	mu    sync.Mutex
	conns map[uint32]*conn
}

// add gives c an ID that no other connection has.
func (r *registry) add(c *conn) uint32 {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.conns == nil {
		r.conns = map[uint32]*conn{}
	}
	for {
		var b [4]byte
		rand.Read(b[:])
		id := binary.BigEndian.Uint32(b[:]) >> 1 // clients take it for a signed number
		if _, taken := r.conns[id]; !taken && id != 0 {
			r.conns[id] = c
			return id
		}
	}
}

func (r *registry) remove(id uint32) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.conns, id)
}

// cancel stops what the connection runs, if the secret is its own.
func (r *registry) cancel(id uint32, secret []byte) bool {
	r.mu.Lock()
	c := r.conns[id]
	r.mu.Unlock()
	if c == nil || subtle.ConstantTimeCompare(c.secret, secret) != 1 {
		return false
	}
	c.interrupt(errUserCancel)
	return true
}

// killAll ends all connections at once.
func (r *registry) killAll() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, c := range r.conns {
		c.kill()
	}
}
