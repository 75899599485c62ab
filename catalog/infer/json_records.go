package infer

import (
	"context"
	"fmt"
	"io"
)

// Records reads the records of one JSON file exactly as JSON proved them: what JSON counts as a record is one, what it
// rejected is passed over. It holds one record and a buffer, and does not allocate per record.
type Records struct {
	scan *jsonScan
	src  io.Closer
}

// NewRecords opens a file's records. Each comes as JSON text in UTF-8. If the layout is Own, numbers that the engine
// would round come as strings, and keys that differ only in case in one spelling; else as the file has it. The caller
// closes the Records.
func NewRecords(open Opener, l *Layout) (*Records, error) {
	text, src, err := jsonUTF8(open, l.Encoding)
	if err != nil {
		return nil, fmt.Errorf("open JSON text: %w", err)
	}
	var fixer *jsonFixer
	if l.Own {
		fixer = newJSONFixer(l.Keys)
	}
	return &Records{newJSONScan(context.Background(), text, l, fixer), src}, nil
}

// Next returns the text of the next record, valid until the next call, and the physical line on which it begins, from
// 1. It returns io.EOF after the last record.
func (r *Records) Next() (text []byte, line int64, err error) { return r.scan.next() }

// Close closes the file.
func (r *Records) Close() error { return r.src.Close() }
