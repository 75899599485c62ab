package server

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/apache/arrow-go/v18/arrow/array"

	"tarn/catalog/sqltype"
	"tarn/engine"
	"tarn/engine/pgcatalog"
	"tarn/engine/sqltext"
	"tarn/server/pgvalue"
)

// PREPARE and EXECUTE use the statements of the protocol, whose names they share, and not the engine's own, so that a statement skips
// files and reads copies however it is prepared.

// prepareStatement reads PREPARE name [(types)] AS statement; nil if the statement is another one.
func (k *client) prepareStatement(w *words) (*ownStatement, error) {
	if !w.eat("PREPARE") {
		return nil, nil
	}
	name, ok := w.name()
	if !ok {
		return nil, w.unexpected()
	}
	var oids []uint32
	if w.next("(") {
		list, ok := w.bracketed()
		if !ok {
			return nil, w.unexpected()
		}
		for _, text := range sqltext.Items(list) {
			oid, err := typeOID(text)
			if err != nil {
				return nil, err
			}
			oids = append(oids, oid)
		}
	}
	if !w.eat("AS") || w.end() {
		return nil, w.unexpected()
	}
	start, query := w.tokens[0].Start, w.rest()
	return &ownStatement{run: func(ctx context.Context, _ []engine.Arg) (*engine.Rows, error) {
		if k.statements[name] != nil {
			return nil, failuref("42P05", "prepared statement %q already exists", name)
		}
		ps := &prepared{sql: query, sqlText: w.sql, made: time.Now()}
		for _, oid := range oids {
			ps.declared = append(ps.declared, pgvalue.Param(oid))
		}
		if err := ps.prepare(ctx, k, oids); err != nil {
			return nil, inWhole(err, w.sql[:start])
		}
		if _, own := ps.st.(*ownStatement); own {
			ps.st.Close()
			return nil, &failure{code: "42601", message: "only queries and changes of tables can be prepared", position: len([]rune(w.sql[:start])) + 1}
		}
		k.statements[name] = ps
		return textRows("PREPARE", nil), nil
	}}, nil
}

// typeOID finds the OID of a type by its name.
func typeOID(text string) (uint32, error) {
	if strings.EqualFold(text, "unknown") {
		return 0, nil
	}
	name := strings.TrimPrefix(strings.ToLower(text), "pg_catalog.")
	if t := pgcatalog.TypeNamed(map[string]string{"oid": "pgoid", `"char"`: "pgchar"}[name]); t != nil {
		return t.OID, nil
	} else if t := pgcatalog.TypeNamed(name); t != nil {
		return t.OID, nil
	}
	t, err := sqltype.Parse(name)
	if err != nil {
		return 0, failuref("42704", "type %q does not exist", text)
	}
	return pgvalue.Of(t).OID, nil
}

// executeStatement reads EXECUTE name [(values)], or EXPLAIN of that; nil if the statement is another one.
func (k *client) executeStatement(ctx context.Context, w *words, types []sqltype.Type) (*ownStatement, error) {
	explain := w.beforeExecute()
	if !w.eat("EXECUTE") {
		return nil, nil
	}
	name, ok := w.name()
	if !ok {
		return nil, w.unexpected()
	}
	var values []string
	if w.next("(") {
		list, ok := w.bracketed()
		if !ok {
			return nil, w.unexpected()
		}
		if strings.TrimSpace(list) != "" {
			values = sqltext.Items(list)
		}
	}
	if !w.end() {
		return nil, w.unexpected()
	}
	ps := k.statements[name]
	if ps == nil || name == "" {
		return nil, failuref("26000", "prepared statement %q does not exist", name)
	}
	if len(values) != len(ps.st.Params()) {
		return nil, &failure{code: "42601", message: "wrong number of parameters for prepared statement \"" + name + "\"",
			detail: fmt.Sprintf("Expected %d parameters but got %d.", len(ps.st.Params()), len(values))}
	}
	if explain == "" {
		return k.executing(ctx, ps, values, types)
	}
	st, err := k.prepare(ctx, explain+ps.sql, ps.st.Params())
	if err != nil {
		return nil, withoutPosition(err)
	}
	own, err := k.executing(ctx, &prepared{sql: explain + ps.sql, st: st}, values, types)
	if err != nil {
		st.Close()
		return nil, err
	}
	free := own.free
	own.free = func() error {
		if free != nil {
			free()
		}
		return st.Close()
	}
	return own, nil
}

// beforeExecute goes past an EXPLAIN with its options if EXECUTE comes behind it, and returns its text.
func (w *words) beforeExecute() string {
	if w.end() || !strings.EqualFold(w.tokens[0].Text(w.sql), "EXPLAIN") {
		return ""
	}
	depth := 0
	for i, t := range w.tokens[1:] {
		switch text := t.Text(w.sql); {
		case text == "(":
			depth++
		case text == ")":
			depth--
		case depth > 0 || strings.EqualFold(text, "ANALYZE") || strings.EqualFold(text, "VERBOSE"):
		case strings.EqualFold(text, "EXECUTE"):
			begin := w.tokens[0].Start
			w.tokens = w.tokens[i+1:]
			return w.sql[begin:t.Start]
		default:
			return ""
		}
	}
	return ""
}

// executing is EXECUTE with its values, which may themselves have the parameters of the extended protocol.
func (k *client) executing(ctx context.Context, ps *prepared, values []string, types []sqltype.Type) (*ownStatement, error) {
	var query statement
	own := &ownStatement{columns: ps.st.Columns()}
	if len(values) > 0 {
		for i, t := range ps.st.Params() {
			values[i] = "CAST(CAST((" + values[i] + ") AS " + t.String() + ") AS VARCHAR)"
		}
		var err error
		if query, err = k.prepare(ctx, "SELECT "+strings.Join(values, ", "), types); err != nil {
			return nil, withoutPosition(err)
		}
		own.params, own.free = query.Params(), query.Close
	}
	own.run = func(ctx context.Context, args []engine.Arg) (*engine.Rows, error) {
		var values []engine.Arg
		if query != nil {
			rows, err := k.run(ctx, query, "SELECT", args)
			if err != nil {
				return nil, withoutPosition(err)
			}
			if values, err = oneRow(ctx, rows); err != nil {
				return nil, err
			}
		}
		rows, err := k.run(ctx, ps.st, ps.sql, values)
		return rows, withoutPosition(err)
	}
	return own, nil
}

// oneRow reads a row of texts, and closes the rows.
func oneRow(ctx context.Context, rows *engine.Rows) ([]engine.Arg, error) {
	defer rows.Close()
	rec, err := rows.Next(ctx)
	if err != nil {
		return nil, because(ctx, err)
	}
	defer rec.Release()
	args := make([]engine.Arg, rec.NumCols())
	for i := range args {
		if args[i].Null = rec.Column(i).IsNull(0); !args[i].Null {
			args[i].Text = rec.Column(i).(*array.String).Value(0)
		}
	}
	return args, nil
}

// withoutPosition drops the place of an error in a text that the client does not know.
func withoutPosition(err error) error {
	if e, ok := err.(*engine.Error); ok {
		moved := *e
		moved.Position = 0
		return &moved
	}
	return err
}
