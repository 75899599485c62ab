package engine

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"tarn/catalog"
	"tarn/engine/sqltext"
	"tarn/storage"
)

// explaining says what kind of EXPLAIN a statement is.
type explaining struct {
	on      bool
	analyze bool // the statement runs, and what it reads is counted
	plain   bool // a person reads the plan, so that a row can follow it
}

// explainingOf looks at what stands before the statement that is explained. A format but text is for programs, which expect
// DuckDB's rows alone.
func explainingOf(sql string) explaining {
	if words := sqltext.Words(sql, 1); len(words) == 0 || words[0] != "EXPLAIN" {
		return explaining{}
	}
	e := explaining{on: true, plain: true}
	format := false
	for _, t := range sqltext.Tokens(sql)[1:] {
		if t.Kind == sqltext.Comment || t.Kind == sqltext.Operator {
			continue
		}
		switch word := strings.ToUpper(strings.Trim(t.Text(sql), `'"`)); {
		case format:
			e.plain, format = word == "TEXT", false
		case word == "ANALYZE":
			e.analyze = true
		case word == "FORMAT":
			format = true
		case word != "EXPLAIN":
			return e
		}
	}
	return e
}

// explained is the rows of an EXPLAIN, and one more behind them that says what Tarn itself decided.
type explained struct {
	*stream
	st   *Statement
	args []Arg
	said bool
}

// beginCount makes DuckDB count the bytes that the statement, which is about to run on the connection, reads, if it tells them.
func (st *Statement) beginCount(c *conn) (err error) {
	st.endCount() // of a run before this one
	if st.explain.analyze {
		st.count, err = st.s.db.reads.begin(c)
	}
	return err
}

// endCount ends the counting and returns the bytes, or -1 if nothing was counted. Nothing may run on the connection.
func (st *Statement) endCount() int64 {
	if st.count == nil {
		return -1
	}
	n := st.count
	st.count = nil
	return st.s.db.reads.end(n)
}

// Next returns DuckDB's rows, then Tarn's.
func (e *explained) Next(ctx context.Context) (arrow.RecordBatch, error) {
	if e.said {
		return nil, io.EOF
	}
	rec, err := e.stream.Next(ctx)
	if err != io.EOF {
		return rec, err
	}
	e.said = true
	text := e.st.account(e.c, e.args, e.st.endCount())
	if !e.st.explain.plain || len(e.schema.Fields()) != 2 || text == "" {
		if text != "" {
			e.notices = append(e.notices, Notice{Message: strings.ReplaceAll(text, "\n", "; ")})
		}
		return nil, io.EOF
	}
	b := array.NewRecordBuilder(memory.DefaultAllocator, e.schema)
	defer b.Release()
	for i, s := range []string{"tarn", text} {
		field, ok := b.Field(i).(*array.StringBuilder)
		if !ok {
			return nil, io.EOF
		}
		field.Append(s)
	}
	return b.NewRecordBatch(), nil
}

// Close ends the statement and the counting.
func (e *explained) Close() error {
	if e.closed {
		return e.stream.Close()
	}
	err := e.stream.Close()
	e.st.endCount()
	return err
}

// account says which files the statement reads, and why not the others. read is how many bytes DuckDB read, -1 if that is not
// known. Nothing may run on c.
func (st *Statement) account(c *conn, args []Arg, read int64) string {
	lines := st.decisions(c, args)
	reads := st.reads(c)
	for _, s := range st.scans {
		if slices.Contains(st.target.hiddenTwins(), s.table.ID) && s.extra == (provenance{}) {
			continue // the statement reads it with its hidden columns only
		}
		if reads != nil && !reads[s.table.ID] {
			continue // it is only called as a table is
		}
		lines = append(lines, s.account(st.cuts))
		for _, g := range s.groups {
			if s.readsText(g) && read >= 0 {
				for _, f := range g.files {
					read += f.ID.Size // Tarn's own readers are not among what DuckDB counts
				}
			}
		}
	}
	if read >= 0 {
		lines = append(lines, "bytes read: "+storage.Bytes(read))
	}
	return strings.Join(lines, "\n")
}

// hiddenTwins returns the IDs of the tables that are read with hidden columns.
func (to *target) hiddenTwins() []int64 {
	var ids []int64
	for _, src := range to.sources {
		if src.extra != (provenance{}) {
			ids = append(ids, src.table.ID)
		}
	}
	return ids
}

// account says which of the table's files the scan reads, and why not the others.
func (s *scan) account(why cuts) string {
	total, chosen := len(s.table.Files), len(s.chosen.files)
	var b strings.Builder
	fmt.Fprintf(&b, "table %s.%s: %s of %s read", s.table.Schema, s.table.Name, thousands(int64(chosen)), plural(int64(total), "file"))
	if chosen < total {
		fmt.Fprintf(&b, ", %s left out", thousands(int64(total-chosen)))
		if reasons := why.reasons(s); reasons != "" {
			b.WriteString(" (" + reasons + ")")
		}
	} else if note := why.note(s); note != "" {
		b.WriteString(" (" + note + ")")
	}
	if n := len(s.chosen.copies); n > 0 {
		fmt.Fprintf(&b, ", %s from the columnar cache", thousands(int64(n)))
	}
	var size int64
	_ = readFiles([]*scan{s}, func(_ *catalog.Table, f *catalog.File) error {
		size += f.ID.Size
		return nil
	})
	if size > 0 {
		fmt.Fprintf(&b, ", files of %s", storage.Bytes(size))
	}
	return b.String()
}

// plural writes a number of things.
func plural(n int64, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return thousands(n) + " " + what + "s"
}

// thousands writes a number with its thousands parted.
func thousands(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
