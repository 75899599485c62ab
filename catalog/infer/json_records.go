package infer

import (
	"bytes"
	"context"
	"io"
)

// Records reads the records of one JSON file.
type Records struct {
	src  io.Closer
	data []byte
	pos  int
	line int64
}

// NewRecords opens a file's records. The caller closes the Records.
func NewRecords(open Opener, l *Layout) (*Records, error) {
	src, err := open()
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(newJSONInput(context.Background(), src).src)
	if err != nil {
		src.Close()
		return nil, err
	}
	return &Records{src: src, data: data, line: 1}, nil
}

// Next returns the text of the next record and the physical line on which it begins, from 1; io.EOF after the last.
func (r *Records) Next() (text []byte, line int64, err error) {
	for r.pos < len(r.data) && bytes.IndexByte([]byte(" \t\r\n,[]"), r.data[r.pos]) >= 0 {
		if r.data[r.pos] == '\n' {
			r.line++
		}
		r.pos++
	}
	if r.pos == len(r.data) {
		return nil, 0, io.EOF
	}
	start, line, depth, quoted := r.pos, r.line, 0, false
	for ; r.pos < len(r.data); r.pos++ {
		switch c := r.data[r.pos]; {
		case quoted && c == '\\':
			r.pos++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			depth--
		case c == '\n':
			r.line++
		}
		if depth == 0 && !quoted {
			r.pos++
			break
		}
	}
	return r.data[start:r.pos], line, nil
}

// Close closes the file.
func (r *Records) Close() error { return r.src.Close() }
