package repl

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"

	"tarn/catalog"
	"tarn/catalog/infer"
	"tarn/catalog/sqltype"
	"tarn/engine"
	"tarn/engine/cell"
	"tarn/repl/render"
	"tarn/storage"
)

// fakeSession answers a few statements as an engine would, and every other with its own text.
type fakeSession struct {
	interrupts chan os.Signal // gets a Ctrl-C during the statement "select slow"
}

func (s *fakeSession) Snapshot() *catalog.Snapshot { return fakeLake }

func (s *fakeSession) Query(ctx context.Context, sql string) (*engine.Rows, error) {
	if strings.HasPrefix(sql, "SELECT * FROM ") && strings.HasSuffix(sql, " LIMIT 0") {
		return nil, &engine.Error{Kind: engine.KindUndefinedTable, Message: "no such relation"}
	}
	switch sql {
	case "select many":
		return many(100, nil), nil
	case "select late":
		return many(3, &engine.Error{Kind: engine.KindInvalidValue, Message: `"abc" is no integer`, File: "t.csv", Line: 4}), nil
	case "select slow":
		s.interrupts <- os.Interrupt
		<-ctx.Done()
		return nil, &engine.Error{Kind: engine.KindCancelled, Message: "cancelled", Err: ctx.Err()}
	case "selec 1":
		return nil, &engine.Error{Kind: engine.KindSyntax, Message: `syntax error at "selec"`, Position: 1}
	case "select wrod\nfrom words", "select wrod":
		return nil, &engine.Error{Kind: engine.KindUndefinedColumn, Message: `column "wrod" does not exist`,
			Hint: `Did you mean "word"?`, Position: 8}
	case "select '日本', \x1b, oops":
		return nil, &engine.Error{Kind: engine.KindSyntax, Message: "control \x1b character", Position: 17}
	case "select broken":
		return nil, &engine.Error{Kind: engine.KindCorruptFile, Message: "the file ends within a row group", File: "a/b.parquet",
			Detail: "footer of 12 bytes\nmagic is missing", Hint: "Copy the file again."}
	case "select plain":
		return nil, errors.New("the pipe has burst")
	case "set a = 1":
		return engine.NewRows("SET", nil, nil, cell.Style{}, nil), nil
	case "explain select 1":
		return texts([]string{"explain_key", "explain_value"}, nil, []any{"physical_plan", "┌───┐\n│ x │\n└───┘\n"}), nil
	case "select noted":
		return texts([]string{"a"}, []engine.Notice{{Message: "2 rows were rejected", Hint: "See tarn.rejects."}}, []any{"x"}), nil
	}
	return texts([]string{"sql"}, nil, []any{sql}), nil
}

// batches is a stream of batches that ends with err, or io.EOF.
type batches struct {
	all     []arrow.RecordBatch
	err     error
	notices []engine.Notice
}

func (b *batches) Next(context.Context) (arrow.RecordBatch, error) {
	if len(b.all) == 0 {
		if b.err != nil {
			return nil, b.err
		}
		return nil, io.EOF
	}
	rec := b.all[0]
	b.all = b.all[1:]
	return rec, nil
}

func (b *batches) Notices() []engine.Notice { return b.notices }
func (b *batches) Close() error             { return nil }

// texts is a result of VARCHAR columns.
func texts(names []string, notices []engine.Notice, rows ...[]any) *engine.Rows {
	var columns []render.Column
	var out []engine.Column
	for _, n := range names {
		columns = append(columns, render.Column{Name: n, Type: textType})
		out = append(out, engine.Column{Name: n, Type: textType})
	}
	rec := listBatch(columns, rows)
	return engine.NewRows("SELECT", out, rec.Schema(), cell.Style{}, &batches{all: []arrow.RecordBatch{rec}, notices: notices})
}

// many is a result of the numbers from 1 to n, ten in a batch, that ends with err.
func many(n int, err error) *engine.Rows {
	columns := []render.Column{{Name: "n", Type: numberType}}
	b := &batches{err: err}
	for at := 1; at <= n; {
		var rows [][]any
		for ; at <= n && len(rows) < 10; at++ {
			rows = append(rows, []any{int64(at)})
		}
		b.all = append(b.all, listBatch(columns, rows))
	}
	return engine.NewRows("SELECT", []engine.Column{{Name: "n", Type: numberType}}, b.all[0].Schema(), cell.Style{}, b)
}

// fakeLake has a table of each sort.
var fakeLake = &catalog.Snapshot{
	Version: 1,
	Tables: []*catalog.Table{
		{Schema: "public", Name: "order lines", Columns: []catalog.Column{{Name: "id", Type: numberType}},
			Files: []*catalog.File{file("lines.json.gz", storage.JSON, storage.Gzip, -1, 900)}},
		{Schema: "public", Name: "words", Columns: []catalog.Column{{Name: "word", Type: textType}, {Name: "n", Type: numberType}},
			Notices: []string{"column n is missing in b.csv"},
			Files: []*catalog.File{file("words/a.csv", storage.CSV, storage.None, 1000, 12_345),
				file("words/b.csv", storage.CSV, storage.None, 234, 1_222_333, "2 rows have too many fields")}},
		{Schema: "sales", Name: "orders", Columns: []catalog.Column{{Name: "id", Type: numberType},
			{Name: "tags", Type: sqltype.ListOf(textType)}, {Name: "year", Type: numberType, Partition: true}},
			Files: []*catalog.File{file("sales/orders/year=2024/x.parquet", storage.Parquet, storage.None, 5, 2_000_000_000)}},
		{Schema: "old", Name: "orders"},
	},
	Skipped: []storage.Skip{{Path: "README.md", Reason: "no data"}},
}

func file(path string, f storage.Format, c storage.Compression, rows, size int64, notices ...string) *catalog.File {
	return &catalog.File{Path: path, ID: storage.Identity{Size: size}, Kind: storage.Kind{Format: f, Compression: c},
		File: infer.File{Rows: rows, Notices: notices}}
}

// typist types prepared lines into a loop. ^C is an interrupt; the end of the lines is Ctrl-D.
type typist struct {
	out      io.Writer
	lines    []string
	remember []string
}

func (t *typist) Read(pending string) (kept, typed string, err error) {
	all := prompts("tarn", pending)
	io.WriteString(t.out, all[len(all)-1])
	if len(t.lines) == 0 {
		io.WriteString(t.out, "^D\n")
		return "", "", io.EOF
	}
	line := t.lines[0]
	t.lines = t.lines[1:]
	io.WriteString(t.out, line+"\n")
	if strings.HasSuffix(line, "^C") {
		return "", "", errInterrupt
	}
	return pending, line, nil
}

func (t *typist) Remember(statement string) error {
	t.remember = append(t.remember, statement)
	return nil
}

func (t *typist) Close() error { return nil }
