package infer

import (
	"bytes"
	"context"
	"io"
)

// jsonMaxHeld is how many bytes of a record are held where records are read one by one; a longer one is rejected.
const jsonMaxHeld = 256 << 20

// jsonScan goes over the records of a file one by one and passes over what is malformed:
//   - In newline_delimited text that is a line: one of which any byte is wrong gives no records. Several records may
//     share a line, but none goes on to the next one.
//   - Else it is one record, if it is certain where the next one begins (jsonReader.resume), and all the rest if not.
//
// No part of what is malformed is ever taken for a record.
type jsonScan struct {
	*jsonReader             // of the file
	layout      Layout      // how the file is arranged
	part        *jsonReader // of one line
	parts       []jsonPart  // the records of the line
	at          int         // the next of them

	opened   bool
	done     bool  // nothing more is read
	passed   int64 // records, malformed ones too
	ready    bool  // a comma came before, or there is none to come
	closed   bool  // the array of records is
	ownLine  bool  // nothing but white space precedes the record on its line
	indent   int64 // how much white space that is
	lastFeed int64 // what last was when the record began
	again    int64 // how many bytes malformed records made it read twice: to bound the time, they end the scan some day
	rejected int64
	rejects  []Reject
}

// jsonPart is the place of one record of a line.
type jsonPart struct{ from, to int }

// newJSONScan scans text that is UTF-8 but for malformed records. fixer may be nil.
func newJSONScan(ctx context.Context, src io.Reader, l *Layout, fixer *jsonFixer) *jsonScan {
	root := &jsonNode{}
	s := &jsonScan{jsonReader: newJSONReader(ctx, src), layout: *l, ready: true}
	s.part = &jsonReader{jsonInput: &jsonInput{ctx: ctx}, root: root, column: root, inLine: true}
	s.fixer, s.part.fixer = fixer, fixer
	s.decoded = jsonUTF16(l.Encoding)
	s.part.decoded = s.decoded
	return s
}

// next returns the text of the next record, valid until the next call, and the line on which it begins. It returns
// io.EOF after the last one.
func (s *jsonScan) next() (text []byte, line int64, err error) {
	if !s.opened {
		s.opened = true
		if _, err := s.byteOrderMark(); err != nil {
			return nil, 0, err
		}
		s.last = s.offset()
		if c, ok := s.peek(); ok && c == '[' && s.layout.Shape == jsonOneArray {
			s.array = s.line
			s.pos++
		}
	}
	if s.layout.Shape == jsonLines {
		return s.nextInLine()
	}
	return s.nextOfAll()
}

// nextInLine is next for newline_delimited text.
func (s *jsonScan) nextInLine() ([]byte, int64, error) {
	for s.at == len(s.parts) {
		if _, ok := s.peek(); !ok {
			return nil, 0, s.ended()
		}
		line, whole := s.takeLine()
		if s.err != nil {
			return nil, 0, s.err
		}
		if !s.layout.Own {
			return bytes.TrimRight(line, " \t\r"), s.line, nil
		}
		s.part.reset(line, s.line)
		bad := errJSONLong
		if whole {
			bad = s.split()
		}
		if bad != nil {
			s.reject(s.line, line[:min(len(line), maxRejectText)], bad)
			s.parts, s.at = s.parts[:0], 0
			s.skipLine()
		}
	}
	p := s.parts[s.at]
	s.at++
	return s.fixer.fix(s.part.buf[p.from:p.to], int64(p.from)), s.line, nil
}

// split finds the records of the line in part. It returns what is malformed about the line.
func (s *jsonScan) split() error {
	s.fixer.reset()
	s.parts, s.at = s.parts[:0], 0
	if _, err := s.part.byteOrderMark(); err != nil { // of a file that this one was put together from
		return err
	}
	for {
		if _, ok := s.part.peek(); !ok {
			return nil
		}
		from := s.part.pos
		if err := s.check(s.part); err != nil {
			if len(s.parts) > 0 && s.part.pos == from {
				err = s.part.expected("the end of the line after a record")
			}
			return err
		}
		s.parts = append(s.parts, jsonPart{from, s.part.pos})
	}
}

// check goes over one record. It returns what is malformed about it.
func (s *jsonScan) check(r *jsonReader) error {
	r.begin, r.column = r.line, r.root
	if c, _ := r.peek(); s.layout.Records && c != '{' && c != 'n' && jsonBegins(c) {
		return r.wrong("", "the record is no object, while the others are")
	}
	if err := r.value(nil, 0); err != nil {
		return err
	}
	if r.lost {
		return errJSONLong
	}
	return nil
}

// jsonBegins reports whether a value can begin with c.
func jsonBegins(c byte) bool {
	return c == '{' || c == '[' || c == '"' || c == '-' || c-'0' <= 9 || c == 't' || c == 'f' || c == 'n'
}

// ended returns why there is no more.
func (s *jsonScan) ended() error {
	if s.err != nil {
		return s.err
	}
	return io.EOF
}

// nextOfAll is next for an array, and for records that go over any number of lines.
func (s *jsonScan) nextOfAll() ([]byte, int64, error) {
	for !s.done {
		s.hold, s.lost = -1, false
		found, bad := s.begins()
		if bad == nil && !found {
			break
		}
		s.passed++
		s.hold = s.pos
		if bad == nil {
			s.fixer.reset()
			bad = s.check(s.jsonReader)
		}
		if s.err != nil {
			return nil, 0, s.err
		}
		s.ready = false
		if bad == nil {
			text := s.buf[s.hold:s.pos]
			return s.fixer.fix(text, s.offset()-int64(len(text))), s.begin, nil
		}
		s.passOver(bad)
	}
	s.hold = -1
	return nil, 0, s.ended()
}

// begins goes to where the next record begins; false if there is none. An error says what stands there instead.
func (s *jsonScan) begins() (bool, error) {
	c, ok := s.place()
	if s.layout.Shape != jsonOneArray {
		if ok && !jsonBegins(c) {
			return false, s.between()
		}
		return ok, nil
	}
	switch {
	case s.closed && ok:
		return false, s.expected("the end of the file after the array")
	case s.closed:
		return false, nil
	case ok && c == ']' && (!s.ready || s.passed == 0):
		s.pos++
		s.closed = true
		return s.begins()
	case ok && c == ',' && !s.ready:
		s.pos++
		s.ready = true
		if c, ok = s.place(); ok && c == ']' {
			return false, s.expected(jsonWantValue)
		}
	case ok && !s.ready:
		return false, s.expected("a comma or ] after a record")
	}
	if !ok {
		s.closed, s.begin = true, 0
		return false, s.cut()
	}
	return true, nil
}

// place skips white space and notes where on its line the next byte stands.
func (s *jsonScan) place() (byte, bool) {
	at, first := s.offset(), s.passed == 0 && s.array == 0
	c, ok := s.peek()
	s.begin, s.lastFeed, s.indent = s.line, s.last, s.offset()-s.last
	s.ownLine = s.last > at || first
	return c, ok
}
