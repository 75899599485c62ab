package prune

import (
	"slices"
	"strings"

	"tarn/catalog/sqltype"
)

// Expr is a condition on the rows of one table: a Const, Compare, In, Prefix, Null, And, Or, Not or Unknown.
type Expr interface {
	// String spells the condition for tests and messages.
	String() string
	// bind fits the condition to the statistics of a table.
	bind(t *statistics) node
}

// Const is a condition that is the same for all rows: true, or false for false and NULL.
type Const bool

// Unknown is a condition of which nothing is known but what it was.
type Unknown string

// Term is a column of the table, and what is done to its values before they are compared.
type Term struct {
	Column string
	Type   sqltype.Type // of the column, as it was planned with
	Steps  []Step
}

// Op is a comparison.
type Op string

// The comparisons. The last two never give NULL: they take NULL for a value that differs from all others.
const (
	Equal        Op = "="
	NotEqual     Op = "<>"
	Less         Op = "<"
	LessEqual    Op = "<="
	Greater      Op = ">"
	GreaterEqual Op = ">="
	Distinct     Op = "IS DISTINCT FROM"
	NotDistinct  Op = "IS NOT DISTINCT FROM"
)

// Compare compares the term with a value that is not NULL.
type Compare struct {
	Term  Term
	Op    Op
	Value Value
}

// In says that the term equals one of the values, of which none is NULL.
type In struct {
	Term   Term
	Values []Value // ascending
}

// NewIn returns an In with its values in order.
func NewIn(t Term, values []Value) In {
	values = slices.Clone(values)
	slices.SortFunc(values, Value.compare)
	return In{t, values}
}

// Prefix says that the term, a VARCHAR, begins with a text.
type Prefix struct {
	Term Term
	Text string
}

// Null says that the column is NULL.
type Null struct {
	Term Term
}

// And holds if all conditions do.
type And []Expr

// Or holds if one of the conditions does.
type Or []Expr

// Not holds if the condition is false.
type Not struct {
	Expr Expr
}

// String writes the condition as SQL does.
func (c Const) String() string {
	if c {
		return "true"
	}
	return "false"
}

// String is a question mark.
func (u Unknown) String() string { return "?" }

// String spells the steps as calls, from the inside out.
func (t Term) String() string {
	s := t.Column
	for _, step := range t.Steps {
		s = step.show(s)
	}
	return s
}

// String writes the condition as SQL does.
func (c Compare) String() string {
	return c.Term.String() + " " + string(c.Op) + " " + c.Value.String()
}

// String writes the condition as SQL does.
func (i In) String() string {
	texts := make([]string, len(i.Values))
	for n, v := range i.Values {
		texts[n] = v.String()
	}
	return i.Term.String() + " IN (" + strings.Join(texts, ", ") + ")"
}

// String writes the condition as SQL does.
func (p Prefix) String() string {
	return "prefix(" + p.Term.String() + ", " + sqltype.QuoteText(p.Text) + ")"
}

// String writes the condition as SQL does.
func (n Null) String() string { return n.Term.String() + " IS NULL" }

// String writes the condition as SQL does.
func (a And) String() string { return joined(a, " AND ") }

// String writes the condition as SQL does.
func (o Or) String() string { return joined(o, " OR ") }

// String writes the condition as SQL does.
func (n Not) String() string {
	if null, ok := n.Expr.(Null); ok {
		return null.Term.String() + " IS NOT NULL"
	}
	return "NOT (" + n.Expr.String() + ")"
}

func joined(list []Expr, word string) string {
	texts := make([]string, len(list))
	for i, e := range list {
		texts[i] = e.String()
	}
	return "(" + strings.Join(texts, word) + ")"
}
