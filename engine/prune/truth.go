package prune

import (
	"slices"
	"strings"
)

// truth is a set of the outcomes that a condition may have for the rows of a file.
type truth uint8

const (
	canTrue truth = 1 << iota
	canFalse
	canNull

	anything = canTrue | canFalse | canNull
)

// outcomes returns the set with true and false if they are possible.
func outcomes(isTrue, isFalse bool) (t truth) {
	if isTrue {
		t |= canTrue
	}
	if isFalse {
		t |= canFalse
	}
	return t
}

// node is a condition that is bound to a table's statistics.
type node interface {
	eval(file int) truth
}

// leaf is a condition on one column.
type leaf struct {
	ranges []Range
	steps  []Step
	// test tells the outcomes for values within a range that is known.
	test func(lo, hi Value) truth
	// in is what the values must be kept as to be compared.
	in       domain
	nullSafe truth // what NULL gives: canNull, or the outcome of a comparison that takes NULL for a value
}

func (l *leaf) eval(file int) truth {
	r := &l.ranges[file]
	if r.nulls == allNull {
		return l.nullSafe
	}
	out := truth(0)
	if r.nulls != noNull || len(l.steps) > 0 { // a step may give NULL
		out = l.nullSafe
	}
	lo, hi, ok := r.lo, r.hi, r.known
	for _, s := range l.steps {
		if !ok {
			break
		}
		lo, hi, ok = s.over(lo, hi)
	}
	if !ok || lo.in != l.in || hi.in != l.in {
		return out | canTrue | canFalse
	}
	return out | l.test(lo, hi)
}

// nullTest is IS NULL.
type nullTest struct {
	ranges []Range
}

func (n *nullTest) eval(file int) truth {
	switch n.ranges[file].nulls {
	case noNull:
		return canFalse
	case allNull:
		return canTrue
	}
	return canTrue | canFalse
}

// fixed is the same for all files.
type fixed truth

func (f fixed) eval(int) truth { return truth(f) }

// all is a conjunction.
type all []node

func (a all) eval(file int) truth {
	out := canTrue
	for _, n := range a {
		t := n.eval(file)
		out = out&t&canTrue | (out|t)&(canFalse|canNull)
	}
	return out
}

// some is a disjunction.
type some []node

func (s some) eval(file int) truth {
	out := canFalse
	for _, n := range s {
		t := n.eval(file)
		out = out&t&canFalse | (out|t)&(canTrue|canNull)
		if t&canTrue != 0 && t&canFalse == 0 && t&canNull == 0 {
			return canTrue
		}
	}
	return out
}

// negated swaps true and false.
type negated struct{ of node }

func (n negated) eval(file int) truth {
	t := n.of.eval(file)
	return outcomes(t&canFalse != 0, t&canTrue != 0) | t&canNull
}

func (c Const) bind(*statistics) node {
	if c {
		return fixed(canTrue)
	}
	return fixed(canFalse | canNull)
}

func (u Unknown) bind(*statistics) node { return fixed(anything) }

func (a And) bind(t *statistics) node {
	out := make(all, len(a))
	for i, e := range a {
		out[i] = e.bind(t)
	}
	return out
}

func (o Or) bind(t *statistics) node {
	out := make(some, len(o))
	for i, e := range o {
		out[i] = e.bind(t)
	}
	return out
}

func (n Not) bind(t *statistics) node { return negated{n.Expr.bind(t)} }

func (n Null) bind(t *statistics) node {
	ranges, ok := t.of(n.Term)
	if !ok || len(n.Term.Steps) > 0 {
		return fixed(anything)
	}
	return &nullTest{ranges}
}

// bindTerm makes the node of a condition on a term.
func bindTerm(t *statistics, term Term, in domain, test func(lo, hi Value) truth) node {
	ranges, ok := t.of(term)
	if !ok || in == noDomain {
		return fixed(anything)
	}
	return &leaf{ranges: ranges, steps: term.Steps, test: test, in: in, nullSafe: canNull}
}

func (c Compare) bind(t *statistics) node {
	n := bindTerm(t, c.Term, c.Value.in, tests[c.Op](c.Value))
	if l, ok := n.(*leaf); ok && c.Op == Distinct {
		l.nullSafe = canTrue
	} else if ok && c.Op == NotDistinct {
		l.nullSafe = canFalse
	}
	return n
}

// tests says, for a comparison with a value, which outcomes there are between two bounds.
var tests = map[Op]func(v Value) func(lo, hi Value) truth{
	Equal: isOne, NotDistinct: isOne, NotEqual: isOther, Distinct: isOther,
	Less: func(v Value) func(lo, hi Value) truth {
		return func(lo, hi Value) truth { return outcomes(lo.compare(v) < 0, hi.compare(v) >= 0) }
	},
	LessEqual: func(v Value) func(lo, hi Value) truth {
		return func(lo, hi Value) truth { return outcomes(lo.compare(v) <= 0, hi.compare(v) > 0) }
	},
	Greater: func(v Value) func(lo, hi Value) truth {
		return func(lo, hi Value) truth { return outcomes(hi.compare(v) > 0, lo.compare(v) <= 0) }
	},
	GreaterEqual: func(v Value) func(lo, hi Value) truth {
		return func(lo, hi Value) truth { return outcomes(hi.compare(v) >= 0, lo.compare(v) < 0) }
	},
}

func isOne(v Value) func(lo, hi Value) truth {
	return func(lo, hi Value) truth {
		a, b := lo.compare(v), hi.compare(v)
		return outcomes(a <= 0 && b >= 0, a != 0 || b != 0)
	}
}

func isOther(v Value) func(lo, hi Value) truth {
	return func(lo, hi Value) truth {
		t := isOne(v)(lo, hi)
		return outcomes(t&canFalse != 0, t&canTrue != 0)
	}
}

func (i In) bind(t *statistics) node {
	if len(i.Values) == 0 {
		return fixed(anything)
	}
	for _, v := range i.Values {
		if v.in != i.Values[0].in {
			return fixed(anything)
		}
	}
	return bindTerm(t, i.Term, i.Values[0].in, func(lo, hi Value) truth {
		at, found := slices.BinarySearchFunc(i.Values, lo, Value.compare)
		return outcomes(at < len(i.Values) && i.Values[at].compare(hi) <= 0, !found || lo.compare(hi) != 0)
	})
}

func (p Prefix) bind(t *statistics) node {
	return bindTerm(t, p.Term, text, func(lo, hi Value) truth {
		first, last := strings.HasPrefix(lo.s, p.Text), strings.HasPrefix(hi.s, p.Text)
		// The texts with the prefix are in one piece: they begin at the prefix itself.
		return outcomes(hi.s >= p.Text && (lo.s <= p.Text || first), !first || !last)
	})
}
