package engine

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	duck "github.com/duckdb/duckdb-go/v2/mapping"

	"tarn/catalog"
	"tarn/catalog/sqltype"
	"tarn/engine/sqltext"
)

// DuckDB has no savepoints, and an error ends its transaction. So a transaction keeps what it did to temporary tables, and going back to a
// savepoint begins it again and does what came before. What would not come out the same a second time cannot be gone back over.

// maxRedo is about how much memory one transaction keeps to be able to go back, in bytes.
const maxRedo = 64 << 20

// change is a statement that changed temporary tables, types, sequences or macros.
type change struct {
	sql      string
	declared []sqltype.Type
	args     []Arg
	views    viewTx   // that it saw
	settings []string // that were made
	once     string   // why it would not do the same again; empty if it would
}

// size is about how many bytes the change takes.
func (c *change) size() int {
	n := len(c.sql) + 200
	for _, a := range c.args {
		n += len(a.Text) + 24
	}
	return n
}

// counts reports whether a statement may change what DuckDB keeps: tables, types, macros.
func (st *Statement) counts() bool {
	switch st.kind {
	case duck.StatementTypeSet, duck.StatementTypeVariableSet:
		return false
	case duck.StatementTypeCall, duck.StatementTypePragma:
		return true
	case duck.StatementTypeExplain:
		return st.explain.on && changesData(st.sql)
	}
	return changesSession(st.kind)
}

// keepChange keeps what the statement did, if it may have changed anything.
func (st *Statement) keepChange(args []Arg) {
	s := st.s
	makes := st.kind == duck.StatementTypeCreate || st.kind == duck.StatementTypeAlter
	if !st.counts() || s.status != TxOpen && !makes {
		return
	}
	once := st.once()
	if once != "" && makes {
		tokens := slices.DeleteFunc(sqltext.Tokens(st.sql), func(t sqltext.Token) bool { return t.Kind == sqltext.Comment })
		for i, t := range tokens { // it may be a default, and then concerns those who insert
			if t.Kind == sqltext.Word && strings.EqualFold(t.Text(st.sql), "TABLE") {
				s.unsteady[madeName(st.sql, tokens[i+1:])] = true
				break
			}
		}
	}
	if s.status != TxOpen {
		return
	}
	c := change{sql: st.sql, declared: st.declared, args: slices.Clone(args), views: s.views.clipped(), settings: slices.Sorted(slices.Values(s.settings)), once: once}
	if s.redoSize += c.size(); s.redoSize > maxRedo {
		c = change{sql: quoted(st.sql), once: fmt.Sprintf("the changes of a transaction are kept up to %d MB", maxRedo>>20)}
	}
	s.redo = append(s.redo, c)
}

// once says why the statement may not do the same a second time, or is empty.
func (st *Statement) once() string {
	s := st.s
	if st.kind == duck.StatementTypeCall || st.kind == duck.StatementTypePragma {
		return st.tag + " may do something else the next time"
	}
	if refs := findReferences(st.reach, s.Snapshot()); st.postgres || refs.all || refs.system {
		return "it reads a list of tables or the like, which may have changed"
	}
	if namesOf(st.reach, s.unsteady) {
		return "a table that it names was made by a statement whose values differ from one time to the next"
	}
	inexact := slices.ContainsFunc(st.tables, func(t *catalog.Table) bool {
		return slices.ContainsFunc(t.Columns, func(c catalog.Column) bool { return hasFloat(c.Type) })
	})
	return onceIn(st.reach, inexact)
}

// sameAgain are the aggregates whose value depends on no order of their rows; sums and averages of floating numbers do.
var (
	sameAgain = wordSet("count count_star count_if countif min max bool_and bool_or every bit_and bit_or bit_xor")
	sums      = wordSet("sum avg mean")
	inexacts  = wordSet("float float4 float8 double real")
)

// onceIn looks for what gives a statement other values at another time: functions, samples, sums of floating numbers, which is what inexact says of its tables.
func onceIn(sql string, inexact bool) string {
	tokens := slices.DeleteFunc(sqltext.Tokens(sql), func(t sqltext.Token) bool { return t.Kind == sqltext.Comment })
	inexact = inexact || namesOf(sql, inexacts)
	for i, t := range tokens {
		name := ""
		if t.Kind == sqltext.Word || t.Kind == sqltext.QuotedWord {
			name = strings.ToLower(t.Name(sql))
		}
		called := i+1 < len(tokens) && tokens[i+1].Kind == sqltext.Operator && tokens[i+1].Text(sql) == "("
		switch {
		case name == "":
		case t.Kind == sqltext.Word && valueWords[name]:
			return "it names " + name
		case t.Kind == sqltext.Word && (name == "tablesample" || name == "sample"):
			return "it takes a sample"
		case !called:
		case functions()[name] == aggregateFunction:
			if !sameAgain[name] && (inexact || !sums[name]) {
				return name + "() may depend on the order of the rows"
			}
		case functions()[name] != unknownFunction:
			if why := function(name, 2); why != "" || name == "age" {
				return name + "() may give another value the next time"
			}
		case strings.HasPrefix(name, "duckdb_") || strings.HasPrefix(name, "pragma_") || strings.HasPrefix(name, "read_") || strings.HasPrefix(name, "parquet_") || unsteady[name] || name == "glob" || name == "timeofday":
			return name + "() may give other rows the next time"
		}
	}
	return ""
}

// redoTo begins DuckDB's transaction again, and does what had been done to temporary tables at the savepoint. The transaction has failed if it returns an error.
func (s *Session) redoTo(ctx context.Context, p savepoint) error {
	all := s.redo
	kept := all[:p.redo:p.redo]
	for _, c := range kept {
		why := c.once
		if why == "" && !slices.Equal(c.settings, slices.Sorted(slices.Values(s.settings))) {
			why = "settings have changed since"
		}
		if why != "" {
			return p.refused(fmt.Sprintf("temporary tables were changed before it, and %s cannot be repeated: %s", quoted(c.sql), why))
		}
	}
	s.changes++ // whatever goes wrong from here on, DuckDB's transaction is not that of any savepoint
	s.status = TxFailed
	if err := s.resume(ctx); err != nil {
		return err
	}
	s.redo, s.redoSize = nil, 0
	for _, c := range kept {
		s.views = c.views
		if err := s.again(ctx, c); err != nil {
			s.redo, s.status = all, TxFailed
			return p.refused(fmt.Sprintf("%s, which changed temporary tables before it, failed when it was repeated: %v", quoted(c.sql), err))
		}
	}
	s.redo, s.changes = kept, p.changes
	return nil
}

// again runs a change a second time.
func (s *Session) again(ctx context.Context, c change) error {
	st, err := s.prepare(ctx, c.sql, c.declared)
	if err != nil {
		return err
	}
	defer st.Close()
	rows, err := st.run(ctx, c.args)
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

// quoted is the beginning of a statement, for an error.
func quoted(sql string) string {
	const most = 60
	text := []rune(strings.Join(strings.Fields(sql), " "))
	if len(text) > most {
		text = append(text[:most], '…')
	}
	return "`" + string(text) + "`"
}
