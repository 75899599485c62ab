package infer

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"math/bits"
)

// jsonBufferSize is how many bytes of the file are held at once; a longer token makes the buffer grow to hold it.
const jsonBufferSize = 256 << 10

// jsonInput reads the bytes of a file through one buffer and counts lines. A token that is marked stays in the buffer,
// so it can be looked at in place.
type jsonInput struct {
	ctx  context.Context
	src  io.Reader
	buf  []byte
	pos  int   // the next byte
	end  int   // the end of what has been read
	mark int   // where the token starts that must stay in buf; -1 if there is none
	hold int   // where the record starts that must stay in buf; -1 if there is none
	off  int64 // offset of buf[0] in the file
	line int64 // of pos, from 1
	last int64 // offset after the last line feed that was skipped
	most int   // how many bytes may be held
	lost bool  // what was to be held is longer, and was let go
	eof  bool
	err  error // why reading failed, or that ctx ended
}

func newJSONInput(ctx context.Context, src io.Reader) *jsonInput {
	return &jsonInput{ctx: ctx, src: src, buf: make([]byte, jsonBufferSize), mark: -1, hold: -1, line: 1, most: jsonMaxHeld}
}

// reset makes in read the bytes of b alone, which begin on a line.
func (in *jsonInput) reset(b []byte, line int64) {
	*in = jsonInput{ctx: in.ctx, buf: b, end: len(b), mark: -1, hold: -1, line: line, eof: true}
}

// offset returns the position in the file.
func (in *jsonInput) offset() int64 { return in.off + int64(in.pos) }

// more reads on. It returns false at the end of the file and if reading failed (err tells). What is before pos, or
// before mark if there is one, is dropped, and pos and mark move.
func (in *jsonInput) more() bool {
	if in.eof || in.err != nil {
		return false
	}
	if in.err = in.ctx.Err(); in.err != nil {
		return false
	}
	keep := in.pos
	if in.mark >= 0 {
		keep = in.mark
	}
	if in.hold >= 0 && in.pos-in.hold > in.most {
		in.hold, in.lost = -1, true
	}
	if in.hold >= 0 {
		keep, in.hold = in.hold, 0
	}
	if in.mark >= 0 {
		in.mark -= keep
	}
	copy(in.buf, in.buf[keep:in.end])
	in.pos, in.end, in.off = in.pos-keep, in.end-keep, in.off+int64(keep)
	if in.end == len(in.buf) {
		in.buf = append(in.buf, make([]byte, len(in.buf))...)
	}
	for range 100 {
		n, err := in.src.Read(in.buf[in.end:])
		in.end += n
		if err == io.EOF {
			in.eof = true
		} else if err != nil {
			in.err = fmt.Errorf("read JSON text after byte %d: %w", in.off+int64(in.end), err)
		}
		if n > 0 || err != nil {
			return n > 0
		}
	}
	in.err = fmt.Errorf("read JSON text after byte %d: %w", in.off+int64(in.end), io.ErrNoProgress)
	return false
}

// peek skips white space and returns the next byte without taking it; false at the end of the file.
func (in *jsonInput) peek() (byte, bool) {
	if in.pos < in.end && in.buf[in.pos] > ' ' {
		return in.buf[in.pos], true
	}
	return in.skipSpace()
}

// skipSpace is peek where white space may be next.
func (in *jsonInput) skipSpace() (byte, bool) {
	for {
		for in.pos < in.end {
			switch c := in.buf[in.pos]; c {
			case '\n':
				in.line++
				in.last = in.off + int64(in.pos) + 1
			case ' ', '\t', '\r':
			default:
				return c, true
			}
			in.pos++
		}
		if !in.more() {
			return 0, false
		}
	}
}

// has reports whether at least n bytes can be looked at from pos on.
func (in *jsonInput) has(n int) bool {
	for in.end-in.pos < n {
		if !in.more() {
			return false
		}
	}
	return true
}

// takeLine takes the rest of the line, without its line feed, and returns it, valid until the next read. It takes no
// much more than most bytes; whole tells whether that is all.
func (in *jsonInput) takeLine() (text []byte, whole bool) {
	in.hold = in.pos
	for {
		n := bytes.IndexByte(in.buf[in.pos:in.end], '\n')
		if n >= 0 {
			in.pos, whole = in.pos+n, true
			break
		}
		if in.pos = in.end; in.pos-in.hold > in.most {
			break
		}
		if !in.more() {
			whole = true
			break
		}
	}
	text = in.buf[in.hold:in.pos]
	in.hold = -1
	return text, whole
}

// skipLine takes the rest of the line with its line feed.
func (in *jsonInput) skipLine() {
	for in.has(1) {
		if n := bytes.IndexByte(in.buf[in.pos:in.end], '\n'); n >= 0 {
			in.pos += n + 1
			in.line++
			in.last = in.offset()
			return
		}
		in.pos = in.end
	}
}

// number takes the longest run of bytes that numbers are written with. It is valid until the next read.
func (in *jsonInput) number() []byte {
	in.mark = in.pos
	for {
		for in.pos < in.end && jsonNumberByte[in.buf[in.pos]] {
			in.pos++
		}
		if in.pos < in.end || !in.more() {
			break
		}
	}
	tok := in.buf[in.mark:in.pos]
	in.mark = -1
	return tok
}

// jsonNumberByte tells the bytes that numbers are written with.
var jsonNumberByte = [256]bool{
	'0': true, '1': true, '2': true, '3': true, '4': true, '5': true, '6': true, '7': true, '8': true, '9': true,
	'-': true, '+': true, '.': true, 'e': true, 'E': true,
}

// quoted takes a string from its opening quote on and returns what is between the quotes, valid until the next read,
// and whether there are escapes and bytes above 127 in it. ok is false if a control character or the end of the file
// stands before the closing quote; pos is there then.
func (in *jsonInput) quoted() (raw []byte, escaped, high, ok bool) {
	in.mark = in.pos
	in.pos++
	for {
		n, h := jsonPlain(in.buf[in.pos:in.end])
		in.pos += n
		high = high || h
		if in.pos == in.end {
			if !in.more() {
				break
			}
			continue
		}
		c := in.buf[in.pos]
		if c == '"' {
			raw = in.buf[in.mark+1 : in.pos]
			in.pos++
			in.mark = -1
			return raw, escaped, high, true
		}
		if c != '\\' || !in.has(2) {
			break
		}
		escaped = true
		in.pos += 2
	}
	in.mark = -1
	return nil, false, false, false
}

// jsonPlain returns how many bytes at the start of b are neither quote nor backslash nor control character, and
// whether a byte above 127 may be among them. It looks at eight bytes at a time: a byte of x is below k if
// (x-k)&^x has its top bit set, and the lowest such byte is told exactly
// (https://graphics.stanford.edu/~seander/bithacks.html#HasLessInWord).
func jsonPlain(b []byte) (n int, high bool) {
	const ones, tops = 0x0101010101010101, 0x8080808080808080
	var all uint64
	for ; n+8 <= len(b); n += 8 {
		w := binary.LittleEndian.Uint64(b[n:])
		quote, slash := w^('"'*ones), w^('\\'*ones)
		all |= w
		if m := ((quote-ones)&^quote | (slash-ones)&^slash | (w-' '*ones)&^w) & tops; m != 0 {
			return n + bits.TrailingZeros64(m)/8, all&tops != 0
		}
	}
	high = all&tops != 0
	for ; n < len(b); n++ {
		if c := b[n]; c < ' ' || c == '"' || c == '\\' {
			break
		} else if c >= 0x80 {
			high = true
		}
	}
	return n, high
}
