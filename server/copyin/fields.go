package copyin

import (
	"bytes"
	"encoding/binary"
)

// splitText cuts a line of the text format into fields (CopyReadAttributesText in PostgreSQL's copyfromparse.c).
func (r *Reader) splitText(line []byte) error {
	r.fields = r.fields[:0]
	if cap(r.scratch) < len(line) {
		r.scratch = make([]byte, 0, 2*len(line))
	}
	r.scratch = r.scratch[:0]
	for start := 0; ; {
		end, escaped := start, false
		for end < len(line) && line[end] != r.f.Delimiter {
			if line[end] == '\\' && end+1 < len(line) {
				escaped = true
				end++
			} else if line[end] == '\r' {
				return r.fail("literal carriage return found in data")
			}
			end++
		}
		raw := line[start:end]
		switch {
		case string(raw) == r.f.Null:
			r.fields = append(r.fields, nil)
		case escaped:
			at := len(r.scratch)
			r.scratch = unescape(r.scratch, raw)
			r.fields = append(r.fields, r.scratch[at:len(r.scratch):len(r.scratch)])
		default:
			r.fields = append(r.fields, raw[:len(raw):len(raw)])
		}
		if end >= len(line) {
			return nil
		}
		start = end + 1
	}
}

// unescape appends a field with its backslash sequences read. It is no longer than raw.
func unescape(dst, raw []byte) []byte {
	for i := 0; i < len(raw); i++ {
		c := raw[i]
		if c != '\\' || i+1 == len(raw) {
			dst = append(dst, c)
			continue
		}
		i++
		if at := bytes.IndexByte([]byte("bfnrtv"), raw[i]); at >= 0 {
			dst = append(dst, "\b\f\n\r\t\v"[at])
			continue
		}
		value, n := 0, 0
		switch c := raw[i]; {
		case c >= '0' && c <= '7':
			for n < 3 && i+n < len(raw) && raw[i+n] >= '0' && raw[i+n] <= '7' {
				value = value<<3 | int(raw[i+n]-'0')
				n++
			}
			i += n - 1
		case c == 'x' && i+1 < len(raw) && hex(raw[i+1]) >= 0:
			for n < 2 && i+1+n < len(raw) && hex(raw[i+1+n]) >= 0 {
				value = value<<4 | hex(raw[i+1+n])
				n++
			}
			i += n
		default:
			value = int(c)
		}
		dst = append(dst, byte(value))
	}
	return dst
}

func hex(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

// splitCSV cuts a row of CSV into fields (CopyReadAttributesCSV in PostgreSQL's copyfromparse.c).
func (r *Reader) splitCSV(line []byte) error {
	r.fields = r.fields[:0]
	if cap(r.scratch) < len(line) {
		r.scratch = make([]byte, 0, 2*len(line))
	}
	r.scratch = r.scratch[:0]
	i := 0
	for {
		start, at, quoted, within := i, len(r.scratch), false, false
		for ; i < len(line) && (within || line[i] != r.f.Delimiter); i++ {
			c := line[i]
			switch {
			case within && c == r.f.Escape && i+1 < len(line) && (line[i+1] == r.f.Quote || line[i+1] == r.f.Escape):
				i++
				r.scratch = append(r.scratch, line[i])
			case c == r.f.Quote:
				within, quoted = !within, true
			default:
				r.scratch = append(r.scratch, c)
			}
		}
		if within {
			return r.fail("unterminated CSV quoted field")
		}
		field := r.scratch[at:len(r.scratch):len(r.scratch)]
		column := len(r.fields)
		null := string(field) == r.f.Null && (!quoted && string(line[start:i]) == r.f.Null && !chosen(r.f.ForceNotNull, column) || quoted && chosen(r.f.ForceNull, column))
		if null {
			field = nil
		}
		r.fields = append(r.fields, field)
		if i >= len(line) {
			return nil
		}
		i++
	}
}

func chosen(list []bool, i int) bool { return i < len(list) && list[i] }

var signature = []byte("PGCOPY\n\xff\r\n\x00")

// tuples takes all whole rows of the binary format out of the buffer.
func (r *Reader) tuples() error {
	buf := r.buf
	if r.head {
		n := len(signature) + 8
		if !bytes.HasPrefix(buf, signature[:min(len(buf), len(signature))]) {
			return r.fail("COPY file signature not recognized")
		}
		if len(buf) < n {
			return nil
		}
		if flags := binary.BigEndian.Uint32(buf[len(signature):]); flags != 0 {
			return r.fail("unrecognized critical flags in COPY file header")
		}
		extra := int32(binary.BigEndian.Uint32(buf[len(signature)+4:]))
		if extra < 0 || extra > MaxRow {
			return r.fail("invalid COPY file header (wrong length)")
		}
		if n += int(extra); len(buf) < n {
			return nil
		}
		buf, r.head = buf[n:], false
	}
	for len(buf) >= 2 && !r.ended {
		count := int16(binary.BigEndian.Uint16(buf))
		if count == -1 {
			buf, r.ended = nil, true
			break
		}
		if int(count) != len(r.f.Columns) {
			return r.fail("row field count is %d, expected %d", count, len(r.f.Columns))
		}
		n, err := r.tuple(buf[2:])
		if err != nil {
			return err
		}
		if n < 0 {
			break
		}
		buf = buf[2+n:]
		err = r.row(r.fields)
		r.line++
		if err != nil {
			return err
		}
	}
	r.buf = append(r.buf[:0], buf...)
	return nil
}

// tuple reads the fields of a row and returns their length; -1 if they are not all there.
func (r *Reader) tuple(buf []byte) (int, error) {
	r.fields = r.fields[:0]
	at := 0
	for range r.f.Columns {
		if len(buf)-at < 4 {
			return -1, nil
		}
		n := int32(binary.BigEndian.Uint32(buf[at:]))
		at += 4
		switch {
		case n == -1:
			r.fields = append(r.fields, nil)
			continue
		case n < 0 || n > MaxRow:
			return 0, r.fail("invalid field size")
		case len(buf)-at < int(n):
			return -1, nil
		}
		r.fields = append(r.fields, buf[at:at+int(n):at+int(n)])
		at += int(n)
	}
	return at, nil
}
