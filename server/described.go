package server

import (
	"context"
	"strconv"
	"strings"

	"tarn/catalog/sqltype"
	"tarn/engine"
	"tarn/engine/sqltext"
)

// described is a statement whose columns the engine does not know before it knows the arguments, as those of
// generate_series(1, $1). They are the columns of the same statement with other arguments.
type described struct {
	statement
	columns []engine.Column
}

// Columns are what Run will return.
func (d *described) Columns() []engine.Column { return d.columns }

// unknownColumn is how the engine calls the only column of such a statement.
const unknownColumn = "unknown"

// describe finds out the columns of st if the engine does not know them.
func (k *client) describe(ctx context.Context, sql string, st statement) statement {
	params := st.Params()
	if c := st.Columns(); len(c) != 1 || c[0].Name != unknownColumn || len(params) == 0 {
		return st
	}
	var b strings.Builder
	at := 0
	for _, t := range sqltext.Tokens(sql) {
		n := 0
		if t.Kind == sqltext.Param {
			n, _ = strconv.Atoi(t.Text(sql)[1:])
		}
		if n > 0 && n <= len(params) {
			b.WriteString(sql[at:t.Start] + sample(params[n-1]))
			at = t.End
		}
	}
	b.WriteString(sql[at:])
	like, err := k.prepare(ctx, b.String(), nil)
	if err != nil {
		return st // what is wrong shows when it runs
	}
	defer like.Close()
	return &described{statement: st, columns: like.Columns()}
}

// sample is some value of a type.
func sample(t sqltype.Type) string {
	text := "NULL"
	switch {
	case t.IsNumeric() || t.Kind == sqltype.Varchar:
		text = "'1'"
	case t.Kind == sqltype.Date || t.Kind >= sqltype.TimestampS && t.Kind <= sqltype.TimestampTZ:
		text = "'2000-01-01'"
	case t.Kind == sqltype.Interval:
		text = "'1 day'"
	case t.Kind == sqltype.List:
		text = "'[]'"
	case t.Kind == sqltype.Invalid:
		return "'1'"
	}
	return "CAST(" + text + " AS " + t.String() + ")"
}
