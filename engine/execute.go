package engine

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/apache/arrow-go/v18/arrow/array"
	duck "github.com/duckdb/duckdb-go/v2/mapping"

	"tarn/catalog/sqltype"
	"tarn/engine/sqltext"
)

// PREPARE in SQL keeps a text, and EXECUTE is that text with values in the places of its parameters. So it skips files, reads copies and is
// explained as any statement is; DuckDB's own EXECUTE would hide from Tarn what it reads.

// template is a statement of PREPARE.
type template struct {
	sql    string
	params []string // what stands behind $, in the order in which EXECUTE gives values
	types  []string // of the first of them, as PREPARE has them
}

// newTemplate finds the parameters of a text. A ? is the next number.
func newTemplate(sql string, types []string) *template {
	t := &template{sql: sql, types: types}
	highest := 0
	t.replace(func(name string) string {
		if n, err := strconv.Atoi(name); err == nil {
			highest = max(highest, n)
		} else if !slices.Contains(t.params, name) {
			t.params = append(t.params, name)
		}
		return ""
	})
	for n := range highest {
		t.params = append(t.params, strconv.Itoa(n+1))
	}
	return t
}

// replace returns the text with other texts for its parameters.
func (t *template) replace(value func(name string) string) string {
	var b strings.Builder
	end, marks := 0, 0
	for _, tok := range sqltext.Tokens(t.sql) {
		if tok.Kind != sqltext.Param {
			continue
		}
		name := strings.ToLower(tok.Text(t.sql)[1:])
		if name == "" {
			marks++
			name = strconv.Itoa(marks)
		}
		b.WriteString(t.sql[end:tok.Start] + value(name))
		end = tok.End
	}
	return b.String() + t.sql[end:]
}

// parsePrepared returns the statement if it is PREPARE or DEALLOCATE, or nil.
func (s *Session) parsePrepared(ctx context.Context, sql string) (*ownStatement, error) {
	p := newParser(sql)
	switch {
	case p.take("PREPARE"):
		return s.parsePrepare(ctx, p)
	case p.take("DEALLOCATE"):
		_ = p.take("PREPARE")
		return s.parseDeallocate(p)
	}
	return nil, nil
}

func (s *Session) parsePrepare(ctx context.Context, p *parser) (*ownStatement, error) {
	name, err := p.word("the name of a prepared statement")
	if err != nil {
		return nil, err
	}
	var types []string
	if inner, ok := p.bracketed(); ok {
		types = sqltext.Items(inner)
	}
	if !p.take("AS") || p.at == len(p.tokens) {
		return nil, p.wrong("AS and a statement")
	}
	begin := p.tokens[p.at].Start
	t := newTemplate(p.sql[begin:p.tokens[len(p.tokens)-1].End], types)
	if err := s.check(ctx, t); err != nil {
		return nil, moved(err, utf8.RuneCountInString(p.sql[:begin]))
	}
	return &ownStatement{tag: "PREPARE", run: func(context.Context, *Session, *ownStatement) ([][]any, error) {
		if s.templates == nil {
			s.templates = map[string]*template{}
		}
		s.templates[name] = t
		return nil, nil
	}}, nil
}

// check refuses what cannot be prepared. The types of parameters come with their values.
func (s *Session) check(ctx context.Context, t *template) error {
	st := s.statement(t.sql, nil)
	st.template = true
	if err := st.prepare(ctx); err != nil {
		return err
	}
	defer st.Close()
	if st.own != nil || st.tx != txNone || st.save != nil || st.kind == duck.StatementTypeSet || st.kind == duck.StatementTypeVariableSet {
		return &Error{Kind: KindSyntax, Message: "only queries and changes of tables can be prepared", Position: 1}
	}
	for _, typ := range t.types {
		if _, err := s.evaluate(ctx, []string{"CAST(NULL AS " + typ + ")"}); err != nil {
			return moved(err, 0)
		}
	}
	return nil
}

func (s *Session) parseDeallocate(p *parser) (*ownStatement, error) {
	all := p.take("ALL")
	name := ""
	if !all {
		var err error
		if name, err = p.word("the name of a prepared statement"); err != nil {
			return nil, err
		}
	}
	if p.at < len(p.tokens) {
		return nil, p.wrong("the end of the statement")
	}
	return &ownStatement{tag: "DEALLOCATE", run: func(context.Context, *Session, *ownStatement) ([][]any, error) {
		if all {
			clear(s.templates)
			return nil, nil
		}
		if s.templates[name] == nil {
			return nil, noTemplate(name)
		}
		delete(s.templates, name)
		return nil, nil
	}}, nil
}

func noTemplate(name string) error {
	return &Error{Kind: KindPrepared, Message: fmt.Sprintf("prepared statement %q does not exist", name), Hint: "PREPARE " + sqltype.QuoteName(name) + " AS ... makes it."}
}

// executed returns what an EXECUTE, or an EXPLAIN of one, stands for; another statement as it is.
func (s *Session) executed(ctx context.Context, sql string) (string, error) {
	begin := 0
	if words := sqltext.Words(sql, 1); len(words) > 0 && words[0] == "EXPLAIN" {
		begin = max(carried(sql, sqltext.Tokens(sql)), 0)
	}
	p := newParser(sql[begin:])
	if !p.take("EXECUTE") || s.status == TxFailed {
		return sql, nil
	}
	name, err := p.word("the name of a prepared statement")
	if err != nil {
		return "", err
	}
	var args []string
	if inner, ok := p.bracketed(); ok && strings.TrimSpace(inner) != "" {
		args = sqltext.Items(inner)
	}
	if p.at < len(p.tokens) {
		return "", p.wrong("the end of the statement")
	}
	t := s.templates[name]
	if t == nil {
		return "", noTemplate(name)
	}
	if args, err = t.order(name, args); err != nil {
		return "", err
	}
	values, err := s.evaluate(ctx, args)
	if err != nil {
		return "", moved(err, 0)
	}
	return sql[:begin] + t.replace(func(param string) string { return values[slices.Index(t.params, param)] }), nil
}

// order puts values, which may have names, in the order of the parameters, with the types that PREPARE gave.
func (t *template) order(name string, args []string) ([]string, error) {
	wrong := func(detail string) error {
		return &Error{Kind: KindSyntax, Message: fmt.Sprintf("wrong number of parameters for prepared statement %q", name), Detail: detail}
	}
	if len(args) != len(t.params) {
		return nil, wrong(fmt.Sprintf("Expected %d parameters but got %d.", len(t.params), len(args)))
	}
	out := make([]string, len(args))
	for i, arg := range args {
		param := t.params[i]
		if p := newParser(arg); len(p.tokens) > 2 && p.tokens[0].Kind <= sqltext.QuotedWord && p.tokens[1].Text(arg) == ":" && p.tokens[2].Text(arg) == "=" {
			param, arg = strings.ToLower(p.tokens[0].Name(arg)), arg[p.tokens[2].End:]
		}
		at := slices.Index(t.params, param)
		if at < 0 || out[at] != "" {
			return nil, wrong(fmt.Sprintf("There is no parameter $%s left. The parameters are $%s.", param, strings.Join(t.params, ", $")))
		}
		if slices.ContainsFunc(sqltext.Tokens(arg), func(tok sqltext.Token) bool { return tok.Kind == sqltext.Param }) {
			return nil, &Error{Kind: KindUnsupported, Message: "the values of EXECUTE have no parameters of their own", Hint: "Write the values."}
		}
		if out[at] = "(" + arg + ")"; at < len(t.types) {
			out[at] = "CAST((" + arg + ") AS " + t.types[at] + ")"
		}
	}
	return out, nil
}

// evaluate returns the values of expressions as constants. TRY_CAST goes by DuckDB's texts, while a CAST may be made one by PostgreSQL's.
func (s *Session) evaluate(ctx context.Context, exprs []string) ([]string, error) {
	if len(exprs) == 0 {
		return nil, nil
	}
	st := s.statement("SELECT "+strings.Join(exprs, ", "), nil)
	if err := st.prepare(ctx); err != nil {
		return nil, err
	}
	defer st.Close()
	if len(st.columns) != len(exprs) {
		return nil, &Error{Kind: KindSyntax, Message: "a value of EXECUTE is a single one"}
	}
	var inner, outer []string
	for i, c := range st.columns {
		v := "v" + strconv.Itoa(i)
		inner = append(inner, exprs[i]+" AS "+v)
		outer = append(outer, "TRY_CAST("+v+" AS VARCHAR)", "TRY_CAST(TRY_CAST("+v+" AS VARCHAR) AS "+typeName(c.Type)+") IS NOT DISTINCT FROM "+v)
	}
	rows, err := s.Query(ctx, "SELECT "+strings.Join(outer, ", ")+" FROM (SELECT "+strings.Join(inner, ", ")+") AS given")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	rec, err := rows.Next(ctx)
	if err != nil {
		return nil, err
	}
	defer rec.Release()
	var out []string
	for i, c := range st.columns {
		text, same := rec.Column(2*i).(*array.String), rec.Column(2*i+1).(*array.Boolean)
		switch {
		case text.IsNull(0) && c.Type.Kind <= sqltype.Null:
			out = append(out, "NULL")
		case text.IsNull(0):
			out = append(out, "CAST(NULL AS "+c.Type.String()+")")
		case c.Type.Kind <= sqltype.Null || !same.Value(0) || strings.ContainsRune(text.Value(0), 0):
			return nil, &Error{Kind: KindUnsupported, Message: "cannot hand a value of type " + typeName(c.Type) + " to a prepared statement, for its text does not tell all of it",
				Hint: "Write the value in the statement itself."}
		case c.Type.Kind == sqltype.Varchar: // takes the type that its place asks for, as a literal does
			out = append(out, sqltype.QuoteText(text.Value(0)))
		default:
			out = append(out, "TRY_CAST("+sqltype.QuoteText(text.Value(0))+" AS "+c.Type.String()+")")
		}
	}
	return out, nil
}

// typeName is a type as a cast takes it; that of a bare NULL is text.
func typeName(t sqltype.Type) string {
	if t.Kind <= sqltype.Null {
		return "VARCHAR"
	}
	return t.String()
}

// moved returns an error of a part of a statement whose place is some characters into it; not known for 0.
func moved(err error, by int) error {
	e, ok := err.(*Error)
	if !ok || e.Position == 0 {
		return err
	}
	out := *e
	if out.Position += by; by == 0 {
		out.Position = 0
	}
	return &out
}
