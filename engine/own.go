package engine

import (
	"context"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"tarn/catalog"
	"tarn/engine/cell"
	"tarn/engine/sqltext"
)

// ownStatement is a statement about the catalog, which DuckDB does not know: REFRESH, WARM, EXPLAIN CRAWL, and Tarn's
// own settings.
type ownStatement struct {
	tag     string
	columns []Column
	run     func(ctx context.Context, s *Session, o *ownStatement) ([][]any, error)

	notices []Notice // of the last run
	parquet bool     // WARM is to copy Parquet files, too

	name     []string // of the table it is about, with or without its schema; none for all
	position int      // of the name in the statement, in characters from 1
}

// remark notes something that the user may like to know; kind is what it would be as an error, else KindInternal.
func (o *ownStatement) remark(kind ErrorKind, format string, args ...any) {
	o.notices = append(o.notices, Notice{Message: fmt.Sprintf(format, args...), Remark: true, Kind: kind})
}

// parseOwn returns the statement if it is one of the engine's own, or nil.
func parseOwn(sql string) (*ownStatement, error) {
	var tokens []sqltext.Token
	for _, t := range sqltext.Tokens(sql) {
		if t.Kind != sqltext.Comment && t.Kind != sqltext.Semicolon {
			tokens = append(tokens, t)
		}
	}
	is := func(i int, word string) bool {
		return i < len(tokens) && tokens[i].Kind == sqltext.Word && strings.EqualFold(tokens[i].Text(sql), word)
	}
	var o *ownStatement
	var usage string
	switch {
	case is(0, "REFRESH") && is(1, "MATERIALIZED"):
		return nil, &Error{Kind: KindUnsupported, Message: "there are no materialized views", Hint: "REFRESH crawls the lake, REFRESH TABLE name reads a table's files again."}
	case is(0, "REFRESH"):
		o, tokens = &ownStatement{tag: "REFRESH", columns: refreshColumns, run: runRefresh}, tokens[1:]
		usage = "Write REFRESH, or REFRESH TABLE name."
	case is(0, "WARM"):
		o, tokens = &ownStatement{tag: "WARM", columns: warmColumns, run: runWarm}, tokens[1:]
		usage = "Write WARM, WARM TABLE name, or either with WITH PARQUET at the end."
		if n := len(tokens); n > 1 && is(n-2, "WITH") && is(n-1, "PARQUET") {
			o.parquet, tokens = true, tokens[:n-2]
		}
	case is(0, "EXPLAIN") && is(1, "CRAWL"):
		o, tokens = &ownStatement{tag: "EXPLAIN", columns: explainColumns, run: runExplain}, tokens[2:]
		usage = "Write EXPLAIN CRAWL, or EXPLAIN CRAWL name."
	default:
		return parseSwitch(sql, tokens)
	}
	return o, o.parseName(sql, tokens, is(0, "TABLE"), usage)
}

// parseName reads the table's name that ends the statement. A single word TABLE announces a name.
func (o *ownStatement) parseName(sql string, tokens []sqltext.Token, announced bool, usage string) error {
	if announced {
		tokens = tokens[1:]
	}
	wrong := func(at int) error {
		return &Error{Kind: KindSyntax, Message: "expected the name of a table", Hint: usage, Position: utf8.RuneCountInString(sql[:at]) + 1}
	}
	if len(tokens) == 0 {
		if announced {
			return wrong(len(sql))
		}
		return nil
	}
	o.position = utf8.RuneCountInString(sql[:tokens[0].Start]) + 1
	for i, t := range tokens {
		switch {
		case i%2 == 1 && t.Text(sql) == "." && i+1 < len(tokens):
		case i%2 == 0 && (t.Kind == sqltext.Word || t.Kind == sqltext.QuotedWord):
			o.name = append(o.name, strings.ToLower(t.Name(sql)))
		default:
			return wrong(t.Start)
		}
	}
	if len(o.name) > 1 && o.name[0] == database {
		o.name = o.name[1:]
	}
	if len(o.name) > 2 {
		return wrong(tokens[4].Start)
	}
	return nil
}

// table returns the table that the statement is about.
func (o *ownStatement) table(snap *catalog.Snapshot) (*catalog.Table, error) {
	name := o.name[len(o.name)-1]
	if len(o.name) == 2 {
		if t := snap.Lookup(o.name[0], name); t != nil {
			return t, nil
		}
	} else if t := snap.Lookup("public", name); t != nil {
		return t, nil
	} else if found := snap.Find(name); len(found) == 1 {
		return found[0], nil
	} else if len(found) > 1 {
		return nil, ambiguousTable(name, found)
	}
	return nil, &Error{Kind: KindUndefinedTable, Message: "table with name " + strings.Join(o.name, ".") + " does not exist",
		Hint: suggestTable(name, snap), Position: o.position}
}

// runOwn carries the statement out.
func (st *Statement) runOwn(ctx context.Context) (*Rows, error) {
	ctx, done := st.s.cancellable(ctx)
	defer done()
	values, err := st.own.run(ctx, st.s, st.own)
	if err != nil {
		if e := cancelled(ctx); e != nil {
			return nil, e
		}
		return nil, err
	}
	if st.own.columns == nil {
		return doneRows(st.own.tag, st.own.notices...), nil
	}
	return st.own.rows(values)
}

// rows makes a result of texts, whole numbers and nils.
func (o *ownStatement) rows(values [][]any) (*Rows, error) {
	schema, err := arrowSchema(o.columns)
	if err != nil {
		return nil, err
	}
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	defer b.Release()
	for _, row := range values {
		for i, v := range row {
			switch v := v.(type) {
			case string:
				b.Field(i).(*array.StringBuilder).Append(v)
			case int64:
				b.Field(i).(*array.Int64Builder).Append(v)
			default:
				b.Field(i).AppendNull()
			}
		}
	}
	out := &single{}
	if len(values) > 0 {
		out.rec = b.NewRecordBatch()
	}
	return NewRows(o.tag, o.columns, schema, cell.Style{}, out), nil
}

// single is a stream of one batch.
type single struct{ rec arrow.RecordBatch }

func (s *single) Next(context.Context) (arrow.RecordBatch, error) {
	if s.rec == nil {
		return nil, io.EOF
	}
	rec := s.rec
	s.rec = nil
	return rec, nil
}

func (s *single) Notices() []Notice { return nil }

func (s *single) Close() error {
	if s.rec != nil {
		s.rec.Release()
		s.rec = nil
	}
	return nil
}
