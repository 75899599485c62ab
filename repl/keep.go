package repl

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"

	"tarn/catalog/sqltype"
	"tarn/engine/cell"
	"tarn/engine/sqltext"
	"tarn/repl/render"
)

// keptBytes is how much of the last result is kept for .last, _ and \chart.
const keptBytes = 64 << 20

// kept is the last result. What is too large is let go, and only counted.
type kept struct {
	columns []render.Column
	style   cell.Style
	batches []arrow.RecordBatch
	rows    int64
	bytes   int64
	cut     bool // too large
	table   bool // the session's table _ holds it
}

// add keeps a batch.
func (k *kept) add(rec arrow.RecordBatch) {
	k.rows += rec.NumRows()
	if k.cut {
		return
	}
	if k.bytes += sizeOf(rec); k.bytes > keptBytes {
		k.release()
		k.cut = true
		return
	}
	rec.Retain()
	k.batches = append(k.batches, rec)
}

// sizeOf is the bytes that a batch's buffers take.
func sizeOf(rec arrow.RecordBatch) (n int64) {
	for _, c := range rec.Columns() {
		n += sizeOfData(c.Data())
	}
	return n
}

func sizeOfData(d arrow.ArrayData) (n int64) {
	for _, b := range d.Buffers() {
		if b != nil {
			n += int64(b.Len())
		}
	}
	for _, c := range d.Children() {
		n += sizeOfData(c)
	}
	return n
}

func (k *kept) release() {
	if k == nil {
		return
	}
	for _, rec := range k.batches {
		rec.Release()
	}
	k.batches = nil
}

// whole returns the last result, or says why there is none.
func (r *REPL) whole() (*kept, error) {
	switch k := r.last; {
	case k == nil:
		return nil, errors.New("there is no last result: run a query first")
	case k.cut:
		return nil, fmt.Errorf("the last result, of %s, is too large to be kept: run the query again with \\g FILE, \\g | less or LIMIT", render.Count(k.rows, "row"))
	default:
		return k, nil
	}
}

// showLast writes all rows of the last result.
func (r *REPL) showLast(context.Context, string) error {
	k, err := r.whole()
	if err != nil {
		return err
	}
	out := r.current()
	w, end := out.w, func() error { return nil }
	room := r.room(out)
	room.MaxRows = 0
	if out.terminal {
		w, end = r.page()
		if _, pages := w.(*paged); pages {
			room.Width, room.MaxWidth = 0, 0 // which scrolls
		}
	}
	f, err := r.formatFor(out, nil)
	if err != nil {
		return err
	}
	return errors.Join(outputFailure(k.write(f.New(w, room))), end())
}

// write gives all batches to a writer.
func (k *kept) write(w render.Writer) error {
	defer render.Discard(w)
	if err := w.Begin(k.columns, k.style); err != nil {
		return err
	}
	for _, rec := range k.batches {
		if err := w.Batch(rec); err != nil {
			return err
		}
	}
	return w.End(render.Summary{})
}

// lastName is the relation that holds the last result.
const lastName = "_"

// namesLast reports whether a statement names the last result where a relation can stand.
func namesLast(sql string) bool {
	tokens := sqltext.Tokens(sql)
	for i, t := range tokens {
		if i > 0 && t.Kind <= sqltext.QuotedWord && t.Name(sql) == lastName {
			switch before := strings.ToUpper(tokens[i-1].Text(sql)); before {
			case "FROM", "JOIN", ",", "SUMMARIZE", "DESCRIBE", "TABLE", "PIVOT", "UNPIVOT":
				return true
			}
		}
	}
	return false
}

// provideLast makes the session's temporary table _ of the last result, if sql names it.
func (r *REPL) provideLast(ctx context.Context, sql string) error {
	if !strings.Contains(sql, lastName) || !namesLast(sql) {
		return nil
	}
	k, err := r.whole()
	if err != nil || k.table {
		return err
	}
	var create strings.Builder
	create.WriteString("CREATE OR REPLACE TEMP TABLE " + lastName + " (")
	for i, name := range render.UniqueNames(k.columns) {
		if i > 0 {
			create.WriteString(", ")
		}
		create.WriteString(sqltype.QuoteName(name) + " " + k.columns[i].Type.String())
	}
	if err := r.execute(ctx, create.String()+")"); err != nil {
		return fmt.Errorf("make the table _ of the last result: %w", err)
	}
	var b bytes.Buffer
	for _, rec := range k.batches {
		b.Reset()
		one := kept{columns: k.columns, style: k.style, batches: []arrow.RecordBatch{rec}}
		if err := one.write(render.NewInsert(&b, lastName, int(rec.NumRows()))); err != nil {
			return err
		}
		if err := r.execute(ctx, strings.TrimRight(b.String(), ";\n")); err != nil {
			return fmt.Errorf("fill the table _ with the last result: %w", err)
		}
	}
	k.table = true
	return nil
}

// execute runs a statement of which nothing is shown.
func (r *REPL) execute(ctx context.Context, sql string) error {
	rows, err := r.session.Query(ctx, sql)
	if err != nil {
		return err
	}
	defer rows.Close()
	for {
		rec, err := rows.Next(ctx)
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		rec.Release()
	}
}
