package engine

import (
	"sync"

	"github.com/apache/arrow-go/v18/arrow/memory"
)

// arena is the memory of a stream's batches. Each batch lies in one piece, which is used again once the batch is released:
// a long result then costs no garbage, and is written to memory that is in the processor's cache still. The first batch of
// a stream, which is often the only one, has memory of its own.
type arena struct {
	buf   *memory.Buffer // of the batch being made; nil before the second one
	at    int            // of buf is taken
	short int            // bytes that did not fit
}

const (
	arenaAlign = 64
	arenaStep  = 64 << 10 // sizes are multiples of this
	arenaMost  = 16 << 20 // larger pieces are left to the garbage collector
)

// begin starts a batch.
func (a *arena) begin() {
	want := a.at + a.short
	a.buf, a.at, a.short = nil, 0, 0
	if want = (want + arenaStep - 1) / arenaStep * arenaStep; want == 0 || want > arenaMost {
		return
	}
	a.buf = memory.NewBufferWithAllocator(recycled.Allocate(want), recycled)
}

// end gives the piece to the buffers taken from it.
func (a *arena) end() {
	if a.buf != nil {
		a.at = max(a.at, a.buf.Len()) // the next batch gets no less
		a.buf.Release()
		a.buf = nil
	}
}

// take returns n bytes of any content. The caller releases them.
func (a *arena) take(n int) *memory.Buffer {
	if a == nil {
		return memory.NewBufferBytes(make([]byte, n))
	}
	size := (n + arenaAlign - 1) / arenaAlign * arenaAlign
	if a.buf == nil || a.at+size > a.buf.Len() {
		a.short += size
		return memory.NewBufferBytes(make([]byte, n))
	}
	b := memory.SliceBuffer(a.buf, a.at, n)
	a.at += size
	return b
}

// recycler keeps freed memory for the next to come. It is an arrow allocator so that a buffer frees itself there.
type recycler struct {
	pool  sync.Pool
	spoil bool // freed memory is overwritten: for tests
}

var recycled = &recycler{}

// Allocate returns size bytes of any content.
func (r *recycler) Allocate(size int) []byte {
	if b, _ := r.pool.Get().(*[]byte); b != nil && cap(*b) >= size {
		return (*b)[:size]
	}
	return make([]byte, size)
}

// Reallocate returns size bytes that begin as b does.
func (r *recycler) Reallocate(size int, b []byte) []byte {
	out := r.Allocate(size)
	copy(out, b)
	r.Free(b)
	return out
}

// Free takes the bytes back.
func (r *recycler) Free(b []byte) {
	if r.spoil {
		for i := range b {
			b[i] = 0xa5
		}
	}
	r.pool.Put(&b)
}
