package prune

import (
	"fmt"
	"strings"

	"tarn/catalog/sqltype"
)

// Expr is a condition on the rows of one table, in SQL's logic of three values.
type Expr interface {
	fmt.Stringer
	// can returns what the condition can be in the rows of a file.
	can(f *file) truth
}

// Term is a value of each row: a column, or a monotone function of one.
type Term struct {
	Column string
	// Steps are functions that are applied to the column, the innermost first. Each keeps the order of values.
	Steps []Step
}

// Step is a monotone function.
type Step struct {
	Func string       // cast, year, or date_trunc with its unit, as in "date_trunc month"
	Type sqltype.Type // of its result
}

// String writes the term as SQL does.
func (t Term) String() string {
	s := t.Column
	for _, step := range t.Steps {
		if step.Func == "cast" {
			s = fmt.Sprintf("%s::%s", s, step.Type)
		} else {
			s = fmt.Sprintf("%s(%s)", step.Func, s)
		}
	}
	return s
}

// Operator compares.
type Operator string

// The operators. Same and Differs are IS [NOT] DISTINCT FROM, which are never NULL.
const (
	Equal     Operator = "="
	Unequal   Operator = "<>"
	Less      Operator = "<"
	LessEqual Operator = "<="
	More      Operator = ">"
	MoreEqual Operator = ">="
	Same      Operator = "IS NOT DISTINCT FROM"
	Differs   Operator = "IS DISTINCT FROM"
)

// Compare is a comparison of a term with a constant.
type Compare struct {
	Term  Term
	Op    Operator
	Value Value
}

// String writes the condition as SQL does.
func (e Compare) String() string { return fmt.Sprintf("%s %s %s", e.Term, e.Op, e.Value) }

// IsNull is the condition that a column is NULL.
type IsNull struct{ Column string }

// String writes the condition as SQL does.
func (e IsNull) String() string { return e.Column + " IS NULL" }

// And, Or and Not combine conditions.
type (
	And []Expr
	Or  []Expr
	Not struct{ Expr Expr }
)

// String writes the condition as SQL does.
func (e And) String() string { return join(e, " AND ") }

// String writes the condition as SQL does.
func (e Or) String() string { return join(e, " OR ") }

// String writes the condition as SQL does.
func (e Not) String() string { return "NOT " + e.Expr.String() }

func join(list []Expr, with string) string {
	parts := make([]string, len(list))
	for i, e := range list {
		parts[i] = e.String()
	}
	return "(" + strings.Join(parts, with) + ")"
}

// Unknown is a condition that is not understood: it can be anything.
type Unknown struct{}

// String writes the condition as SQL does, or a question mark.
func (Unknown) String() string { return "?" }

// truth is the set of what a condition can be.
type truth uint8

const (
	canTrue truth = 1 << iota
	canFalse
	canNull
	anything = canTrue | canFalse | canNull
)

func (Unknown) can(*file) truth { return anything }

func (e And) can(f *file) truth {
	out, null := canTrue, truth(0)
	for _, x := range e {
		t := x.can(f)
		if t&canTrue == 0 {
			out &^= canTrue
		}
		out |= t & canFalse
		null |= t & canNull
	}
	return out | null
}

func (e Or) can(f *file) truth {
	out, null := canFalse, truth(0)
	for _, x := range e {
		t := x.can(f)
		if t&canFalse == 0 {
			out &^= canFalse
		}
		out |= t & canTrue
		null |= t & canNull
	}
	return out | null
}

func (e Not) can(f *file) truth {
	t := e.Expr.can(f)
	out := t & canNull
	if t&canTrue != 0 {
		out |= canFalse
	}
	if t&canFalse != 0 {
		out |= canTrue
	}
	return out
}

func (e IsNull) can(f *file) truth {
	r := f.column(e.Column)
	var out truth
	if r.nulls {
		out |= canTrue
	}
	if r.values {
		out |= canFalse
	}
	return out
}

func (e Compare) can(f *file) truth {
	r := f.column(e.Term.Column)
	for _, s := range e.Term.Steps {
		next := s.apply(*r)
		r = &next
	}
	var out truth
	switch {
	case e.Op == Same || e.Op == Differs:
		return e.distinct(r)
	case e.Value.null:
		return canNull
	case r.nulls:
		out |= canNull
	}
	if r.values {
		out |= r.compare(e.Op, e.Value)
	}
	return out
}

// distinct is can for IS [NOT] DISTINCT FROM.
func (e Compare) distinct(r *span) truth {
	var same truth // as if the operator were Same
	if r.nulls {
		if e.Value.null {
			same |= canTrue
		} else {
			same |= canFalse
		}
	}
	if r.values {
		if e.Value.null {
			same |= canFalse
		} else {
			same |= r.compare(Equal, e.Value)
		}
	}
	if e.Op == Same {
		return same
	}
	var out truth
	if same&canTrue != 0 {
		out |= canFalse
	}
	if same&canFalse != 0 {
		out |= canTrue
	}
	return out
}
