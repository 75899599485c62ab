package repl

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/apache/arrow-go/v18/arrow"

	"tarn/catalog/sqltype"
	"tarn/engine/cell"
	"tarn/repl/render"
)

// errNoBuffer says that a command has no statement to run.
var errNoBuffer = errors.New("there is no statement to run: write one before the command")

// runBuffer runs the statement before the command, into a file or program if one is named.
func (r *REPL) runBuffer(ctx context.Context, target string) error {
	return r.runInto(ctx, target, false)
}

func (r *REPL) runBufferExpanded(ctx context.Context, target string) error {
	return r.runInto(ctx, target, true)
}

func (r *REPL) runInto(ctx context.Context, target string, expanded bool) error {
	if r.buffer.sql == "" {
		return errNoBuffer
	}
	target, format, err := r.target(target)
	if err != nil {
		return err
	}
	d := delivery{expanded: expanded, format: format}
	if target == "" {
		return r.statement(ctx, r.buffer, d)
	}
	if d.to, err = r.openOutput(target, true); err != nil {
		return err
	}
	err = r.statement(ctx, r.buffer, d)
	if e := d.to.close(err != nil); err == nil && e != nil {
		err = fmt.Errorf("end the output to %s: %w", d.to.name, e)
	}
	return err
}

// target reads the argument of \g: (format=F) in front of a file or program, as psql has it.
func (r *REPL) target(arg string) (string, *render.Format, error) {
	var format *render.Format
	if strings.HasPrefix(arg, "(") {
		end := strings.IndexByte(arg, ')')
		if end < 0 {
			return "", nil, errors.New(`the options of \g have no closing )`)
		}
		for _, o := range strings.Fields(strings.ReplaceAll(arg[1:end], ",", " ")) {
			name, value, _ := strings.Cut(o, "=")
			if name != "format" {
				return "", nil, fmt.Errorf(`\g knows the option format=NAME, not %q`, name)
			}
			f, err := render.Lookup(value)
			if err != nil {
				return "", nil, err
			}
			format = &f
		}
		arg = strings.TrimSpace(arg[end+1:])
	}
	if strings.HasPrefix(arg, "|") {
		return arg, format, nil
	}
	words, err := r.arguments(arg)
	if err == nil && len(words) > 1 {
		err = fmt.Errorf("%s: one file, its name in quotes if it has spaces", arg)
	}
	return strings.Join(words, ""), format, err
}

// collector is a writer that keeps a result's texts, up to a number of rows.
type collector struct {
	most    int
	columns []render.Column
	style   cell.Style
	rows    [][]*string // nil is NULL
}

func (c *collector) Begin(columns []render.Column, style cell.Style) error {
	c.columns, c.style = columns, style
	return nil
}

func (c *collector) Batch(rec arrow.RecordBatch) error {
	for row := range int(rec.NumRows()) {
		if len(c.rows) == c.most {
			return fmt.Errorf("the result has more than %s", render.Count(int64(c.most), "row"))
		}
		out := make([]*string, len(c.columns))
		for i, col := range c.columns {
			if col.Type.Kind != sqltype.Null && !rec.Column(i).IsNull(row) {
				text := string(c.style.Append(nil, col.Type, rec.Column(i), row))
				out[i] = &text
			}
		}
		c.rows = append(c.rows, out)
	}
	return nil
}

func (c *collector) End(render.Summary) error { return nil }

// collect runs a statement and returns its values as text.
func (r *REPL) collect(ctx context.Context, q query, most int) (*collector, error) {
	if q.sql == "" {
		return nil, errNoBuffer
	}
	c := &collector{most: most}
	return c, r.statement(ctx, q, delivery{writer: c})
}

// runBufferSet sets variables from the one row of a result.
func (r *REPL) runBufferSet(ctx context.Context, prefix string) error {
	c, err := r.collect(ctx, r.buffer, 2)
	if err != nil {
		return err
	}
	if len(c.rows) != 1 {
		return fmt.Errorf(`\gset needs a result of one row, this one has %s`, map[int]string{0: "none", 2: "more"}[len(c.rows)])
	}
	for i, col := range c.columns {
		name := prefix + col.Name
		if c.rows[0][i] == nil {
			delete(r.vars, name)
			continue
		}
		if err := r.setVariable(name, *c.rows[0][i]); err != nil {
			return err
		}
	}
	return nil
}

// maxGenerated is how many rows of statements \gexec takes.
const maxGenerated = 100_000

// runBufferExec runs each value of a result as a statement.
func (r *REPL) runBufferExec(ctx context.Context, _ string) error {
	c, err := r.collect(ctx, r.buffer, maxGenerated)
	if err != nil {
		return err
	}
	own := r.lastSQL // for the next \g
	defer func() { r.lastSQL = own }()
	for _, row := range c.rows {
		for _, text := range row {
			if text == nil || *text == "" {
				continue
			}
			s := newScript(*text, true)
			for it, ok := s.next(); ok; it, ok = s.next() {
				if it.command {
					return fmt.Errorf(`\gexec runs statements, not commands: %s`, it.text)
				}
				if err := r.statement(ctx, query{it.text, *text, it.offset}, delivery{}); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// runBufferDescribe lists the columns of the statement's result.
func (r *REPL) runBufferDescribe(ctx context.Context, _ string) error {
	if r.buffer.sql == "" {
		return errNoBuffer
	}
	sql := r.interpolate(r.buffer.sql)
	if err := r.provideLast(ctx, sql); err != nil {
		return err
	}
	rows, err := r.session.Query(ctx, "SELECT * FROM (\n"+sql+"\n) LIMIT 0")
	if err != nil {
		return err
	}
	defer rows.Close()
	var list [][]any
	for _, c := range rows.Columns() {
		list = append(list, []any{c.Name, c.Type.String()})
	}
	return r.showList(textColumns("column", "type"), list)
}

// watch runs the statement again and again.
func (r *REPL) watch(ctx context.Context, arg string) error {
	if r.buffer.sql == "" {
		return errNoBuffer
	}
	every, times, err := watchArgs(arg)
	if err != nil {
		return err
	}
	ctx, done := r.waits(ctx)
	defer done()
	q := r.buffer
	for n := 1; ; n++ {
		if r.interactive {
			if err := r.print(time.Now().Format("2006-01-02 15:04:05") + fmt.Sprintf(" (every %s)\n", every)); err != nil {
				return err
			}
		}
		if err := r.statement(ctx, q, delivery{}); err != nil {
			return err
		}
		if n == times {
			return nil
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(every):
		}
	}
}

// waits is like interruptible, for what runs several statements: Ctrl-C ends it also between them.
func (r *REPL) waits(ctx context.Context) (context.Context, func()) {
	own := r.interrupts
	ctx, done := r.interruptible(ctx)
	if own == nil {
		return ctx, done
	}
	r.interrupts = nil // the statements within end with ctx
	return ctx, func() {
		r.interrupts = own
		done()
	}
}

// watchArgs reads the interval and the number of times: 5, or i=5 c=3.
func watchArgs(arg string) (every time.Duration, times int, err error) {
	every = 2 * time.Second
	for _, w := range strings.Fields(arg) {
		name, value, named := strings.Cut(w, "=")
		if !named {
			name, value = "i", w
		}
		switch name {
		case "i", "interval":
			var s float64
			if s, err = strconv.ParseFloat(value, 64); err == nil && s >= 0 && s < 1e9 {
				every = time.Duration(s * float64(time.Second))
				continue
			}
		case "c", "count":
			if times, err = atLeast(value, 1); err == nil {
				continue
			}
		}
		return 0, 0, fmt.Errorf(`\watch takes seconds and c=TIMES, not %q`, w)
	}
	return every, times, nil
}

func (r *REPL) printBuffer(context.Context, string) error {
	q := r.buffer
	if q.sql == "" {
		return r.print("There is no statement.\n")
	}
	r.keepBuffer(q)
	return r.print(q.sql + "\n")
}

// keepBuffer leaves a statement that is being typed as it was.
func (r *REPL) keepBuffer(q query) {
	if r.interactive && q.sql != r.lastSQL {
		r.pending = q.sql + "\n"
	}
}

func (r *REPL) resetBuffer(context.Context, string) error {
	r.pending = ""
	return r.confirm("The statement is forgotten.")
}
