package server

import (
	"context"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"tarn/catalog/sqltype"
	"tarn/engine"
	"tarn/server/spool"
)

// direction is which rows a FETCH means.
type direction uint8

const (
	forward direction = iota
	backward
	absolute
	relative
)

// fetch is a FETCH or MOVE.
type fetch struct {
	verb  string // FETCH, MOVE
	how   direction
	count int64
	all   bool
	name  string
}

// declare is what DECLARE says.
type declare struct {
	cursor
	query string
	start int // of the query in the statement
}

// parseDeclare reads what follows DECLARE; not ok if it is no cursor.
func parseDeclare(w *words) (d declare, ok bool, err error) {
	name, named := w.name()
	if !named {
		return d, false, nil
	}
	d.cursor = cursor{name: name, sql: w.sql, size: -1}
	for {
		switch {
		case w.eat("BINARY"):
			d.binary = true
			continue
		case w.eat("INSENSITIVE"), w.eat("ASENSITIVE"): // every cursor sees one version of the lake
			continue
		case w.eat("NO", "SCROLL"):
			d.scroll = false
			continue
		case w.eat("SCROLL"):
			d.scroll = true
			continue
		}
		break
	}
	if !w.eat("CURSOR") {
		return d, true, w.unexpected()
	}
	if w.eat("WITH", "HOLD") {
		d.hold = true
	} else {
		w.eat("WITHOUT", "HOLD")
	}
	if !w.eat("FOR") || w.end() {
		return d, true, w.unexpected()
	}
	d.query, d.start = w.rest(), w.tokens[0].Start
	return d, true, nil
}

// parseFetch reads what follows FETCH or MOVE.
func parseFetch(verb string, w *words) (f fetch, err error) {
	f = fetch{verb: verb, count: 1}
	if len(w.tokens) > 1 {
		f.parseDirection(w)
		w.eatAny("FROM", "IN")
	}
	var ok bool
	if f.name, ok = w.name(); !ok || !w.end() {
		return f, w.unexpected()
	}
	return f, nil
}

func (f *fetch) parseDirection(w *words) {
	number := func(otherwise int64) int64 {
		if n, ok := w.integer(); ok {
			return n
		}
		return otherwise
	}
	switch {
	case w.eat("NEXT"):
	case w.eat("PRIOR"):
		f.how = backward
	case w.eat("FIRST"):
		f.how, f.count = absolute, 1
	case w.eat("LAST"):
		f.how, f.count = absolute, -1
	case w.eat("ABSOLUTE"):
		f.how, f.count = absolute, number(math.MaxInt32)
	case w.eat("RELATIVE"):
		f.how, f.count = relative, number(1)
	case w.eat("ALL"):
		f.all = true
	case w.eat("FORWARD"):
		if f.all = w.eat("ALL"); !f.all {
			f.count = number(1)
		}
	case w.eat("BACKWARD"):
		f.how = backward
		if f.all = w.eat("ALL"); !f.all {
			f.count = number(1)
		}
	default:
		f.count = number(1)
	}
}

// cursorStatement returns the statement if it is one about cursors, or nil.
func (k *client) cursorStatement(ctx context.Context, w *words, types []sqltype.Type) (*ownStatement, error) {
	switch {
	case w.eat("DECLARE"):
		d, ok, err := parseDeclare(w)
		if !ok || err != nil {
			return nil, err
		}
		return k.declareStatement(ctx, d, types)
	case w.eat("FETCH"):
		f, err := parseFetch("FETCH", w)
		return k.fetchStatement(f), err
	case w.eat("MOVE"):
		f, err := parseFetch("MOVE", w)
		return &ownStatement{run: func(ctx context.Context, _ []engine.Arg) (*engine.Rows, error) { return k.runMove(ctx, f) }}, err
	case w.eat("CLOSE"):
		if w.eat("ALL") && w.end() {
			return &ownStatement{run: func(context.Context, []engine.Arg) (*engine.Rows, error) {
				k.dropCursors(func(*cursor) bool { return true })
				return textRows("CLOSE CURSOR ALL", nil), nil
			}}, nil
		}
		name, ok := w.name()
		if !ok || !w.end() {
			return nil, w.unexpected()
		}
		return &ownStatement{run: func(context.Context, []engine.Arg) (*engine.Rows, error) { return k.runClose(name) }}, nil
	}
	return nil, nil
}

// declareStatement prepares the query of a cursor.
func (k *client) declareStatement(ctx context.Context, d declare, types []sqltype.Type) (*ownStatement, error) {
	st, err := k.prepare(ctx, d.query, types)
	if err != nil {
		return nil, inWhole(err, d.sql[:d.start])
	}
	_, own := st.(*ownStatement)
	if first := strings.ToUpper(strings.Fields(d.query + " ")[0]); own || st.Columns() == nil || first == "INSERT" || first == "UPDATE" || first == "DELETE" {
		st.Close()
		return nil, &failure{code: "42601", message: "a cursor needs a query", hint: "Write DECLARE name CURSOR FOR SELECT ...", position: len([]rune(d.sql[:d.start])) + 1}
	}
	return &ownStatement{params: st.Params(), free: st.Close, run: func(ctx context.Context, args []engine.Arg) (*engine.Rows, error) {
		return k.runDeclare(ctx, d, st, args)
	}}, nil
}

func (k *client) runDeclare(ctx context.Context, d declare, st statement, args []engine.Arg) (*engine.Rows, error) {
	switch {
	case k.tx.block == noBlock && !d.hold:
		return nil, &failure{code: "25P01", message: "DECLARE CURSOR can only be used in transaction blocks", hint: "Send BEGIN first, or declare it WITH HOLD."}
	case k.cursors[d.name] != nil || k.portals[d.name] != nil && d.name != "":
		return nil, failuref("42P03", "cursor %q already exists", d.name)
	}
	if err := k.enter(ctx); err != nil {
		return nil, err
	}
	k.tx.queried = k.tx.block != noBlock
	rows, err := st.Run(ctx, args)
	if err != nil {
		return nil, err
	}
	c := d.cursor
	c.rows, c.declared = rows, time.Now()
	if c.scroll {
		c.kept = spool.New(0)
	}
	k.cursors[c.name] = &c
	if k.tx.block == noBlock {
		if err := c.keep(ctx); err != nil {
			k.dropCursors(func(other *cursor) bool { return other == &c })
			return nil, err
		}
	}
	return textRows("DECLARE CURSOR", nil), nil
}

// noCursor is PostgreSQL's error for a name that is none.
func noCursor(name string) error { return failuref("34000", "cursor %q does not exist", name) }

func (k *client) fetchStatement(f fetch) *ownStatement {
	st := &ownStatement{run: func(context.Context, []engine.Arg) (*engine.Rows, error) {
		c := k.cursors[f.name]
		if c == nil {
			return nil, noCursor(f.name)
		}
		return c.fetch(f), nil
	}}
	if c := k.cursors[f.name]; c != nil {
		st.columns, st.binary = c.rows.Columns(), c.binary
	}
	return st
}

// fetch returns the rows that f asks for.
func (c *cursor) fetch(f fetch) *engine.Rows {
	return engine.NewRows("FETCH", c.rows.Columns(), c.rows.Schema(), c.rows.Style(), &fetching{c: c, f: f})
}

func (k *client) runMove(ctx context.Context, f fetch) (*engine.Rows, error) {
	c := k.cursors[f.name]
	if c == nil {
		return nil, noCursor(f.name)
	}
	s := &fetching{c: c, f: f}
	for {
		rec, err := s.Next(ctx)
		if err == io.EOF {
			return textRows("MOVE "+strconv.FormatInt(s.sent, 10), nil), nil
		} else if err != nil {
			return nil, err
		}
		rec.Release()
	}
}

func (k *client) runClose(name string) (*engine.Rows, error) {
	switch {
	case k.cursors[name] != nil:
		k.dropCursors(func(c *cursor) bool { return c.name == name })
	case k.portals[name] != nil:
		k.dropPortal(name)
	default:
		return nil, noCursor(name)
	}
	return textRows("CLOSE CURSOR", nil), nil
}
