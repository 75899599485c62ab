package plan

import (
	"slices"

	"tarn/engine/prune"
)

// walk hands what is needed of each operator down to the tables.
type walk struct {
	scans      []prune.Scan
	understood bool // every operator is of a kind that is known
}

// first says that only the first rows of an operator's output are needed, and in which order. The order's key is a reference.
type first struct {
	rows  int64
	order *order
}

// down goes through an operator. Rows of its output for which one of the needs is not true change nothing of the result; nor do
// those that are not among the first, unless that is nil.
func (w *walk) down(n *node, needs []*expr, top *first) {
	switch n.Type {
	case logical + "GET":
		w.scan(n, needs, top)
	case logical + "FILTER":
		w.filter(n, needs, top)
	case logical + "PROJECTION":
		list, _ := n.expressions()
		w.below(n, through(needs, list), top.through(list))
	case logical + "ORDER_BY":
		if top != nil && (top.order != nil || len(n.Orders) == 0 || len(n.Map) > 0) {
			top = nil
		} else if top != nil {
			top = &first{top.rows, &n.Orders[0]}
		}
		if len(n.Map) > 0 {
			needs = nil
		}
		w.below(n, needs, top)
	case logical + "LIMIT":
		w.below(n, nil, n.first())
	case logical + "DISTINCT":
		if n.Distinct != "DISTINCT" {
			needs = nil
		}
		w.below(n, needs, nil)
	case logical + "AGGREGATE_AND_GROUP_BY":
		if !n.grouped() {
			needs = nil
		}
		w.below(n, replaceAll(needs, instead(n.Groups)), nil)
	case logical + "UNNEST":
		w.below(n, replaceAll(needs, moved(0, n.Children[0].width, 0)), nil)
	case logical + "UNION":
		w.below(n, needs, top)
	case logical + "EXCEPT", logical + "INTERSECT":
		w.below(n, needs, nil)
	case logical + "MATERIALIZED_CTE":
		w.materialized(n, needs)
	case logical + "WINDOW", logical + "SAMPLE", logical + "RECURSIVE_CTE", logical + "POSITIONAL_JOIN", logical + "CTE_REF",
		logical + "DELIM_GET", logical + "CHUNK_GET", logical + "DUMMY_SCAN", logical + "EMPTY_RESULT", logical + "EXPRESSION_GET":
		w.below(n, nil, nil)
	default:
		w.join(n, needs)
	}
}

// below hands the same needs to all operators below.
func (w *walk) below(n *node, needs []*expr, top *first) {
	for _, c := range n.Children {
		w.down(c, needs, top)
	}
}

// filter adds its conditions to the needs.
func (w *walk) filter(n *node, needs []*expr, top *first) {
	list, _ := n.expressions()
	if len(n.Map) > 0 {
		kept := make([]*expr, len(n.Map))
		for i, m := range n.Map {
			kept[i] = &expr{Class: classRef, Index: m}
		}
		needs, top = through(needs, kept), top.through(kept)
	}
	w.below(n, slices.Concat(needs, list), top)
}

// materialized hands needs to the query, but not to the table that it may read more than once.
func (w *walk) materialized(n *node, needs []*expr) {
	for i, c := range n.Children {
		if i == len(n.Children)-1 {
			w.down(c, needs, nil)
		} else {
			w.down(c, nil, nil)
		}
	}
}

// join hands needs to the sides of a join, and what holds for one side over equal columns to the other.
func (w *walk) join(n *node, needs []*expr) {
	j := n.join()
	if j == nil {
		w.understood = false
		w.below(n, nil, nil)
		return
	}
	left, right := n.Children[0], n.Children[1]
	var toLeft, toRight []*expr
	if left.width >= 0 && right.width >= 0 {
		if j.needLeft {
			toLeft = replaceAll(needs, moved(0, left.width, 0))
		}
		if j.needRight {
			toRight = replaceAll(needs, moved(left.width, left.width+right.width, -left.width))
		}
	}
	ofLeft, ofRight := slices.Concat(left.facts, toLeft), slices.Concat(right.facts, toRight)
	if j.matchLeft {
		toLeft = append(toLeft, replaceAll(ofRight, j.toLeft)...)
	}
	if j.matchRight {
		toRight = append(toRight, replaceAll(ofLeft, j.toRight)...)
	}
	w.down(left, toLeft, nil)
	w.down(right, toRight, nil)
}

// through replaces references to the output of a projection by what it computes. What cannot be replaced stays, as unknown.
func through(needs, list []*expr) []*expr {
	out := make([]*expr, len(needs))
	for i, e := range needs {
		if out[i] = e.replace(instead(list)); out[i] == nil {
			out[i] = unknown
		}
	}
	return out
}

// instead returns a function for replace that puts the expressions of a list in the place of references to their places.
func instead(list []*expr) func(*expr) *expr {
	return func(ref *expr) *expr {
		if ref.Index >= len(list) || ref.Index < 0 {
			return nil
		}
		e := *list[ref.Index]
		if e.Class == classRef && e.Return.ID == "" {
			e.Return = ref.Return
		}
		return &e
	}
}

// through is the same as for needs. An order by anything but a column is none.
func (f *first) through(list []*expr) *first {
	if f == nil || f.order == nil {
		return f
	}
	e := f.order.Expr.replace(instead(list))
	if e == nil {
		return nil
	}
	return &first{f.rows, &order{f.order.Type, f.order.Nulls, e}}
}

// first returns how many rows a LIMIT needs from below.
func (n *node) first() *first {
	const most = 1 << 40
	rows := n.Limit.Rows
	if n.Limit.Type != "CONSTANT_VALUE" || rows < 0 || rows > most {
		return nil
	}
	switch n.Offset.Type {
	case "UNSET", "":
	case "CONSTANT_VALUE":
		rows += n.Offset.Rows
	default:
		return nil
	}
	if n.Offset.Rows < 0 || n.Offset.Rows > most {
		return nil
	}
	return &first{rows: rows}
}

// scan notes what is needed of a table.
func (w *walk) scan(n *node, needs []*expr, top *first) {
	if n.Name != "seq_scan" || n.Function.Table == "" {
		return // a table function reads none of the lake's tables
	}
	outputs := n.outputs()
	cols := func(ref *expr) (string, bool) {
		if ref.Index < 0 || ref.Index >= len(outputs) || outputs[ref.Index] >= uint64(len(n.Names)) {
			return "", false
		}
		return n.Names[outputs[ref.Index]], true
	}
	s := prune.Scan{Schema: n.Function.Schema, Table: n.Function.Table, Limit: -1}
	var all prune.And
	for _, e := range slices.Concat(n.facts, needs) {
		all = append(all, translate(e, cols))
	}
	if len(n.facts) < len(n.Filters.Filters) { // one is on what is no column
		all = append(all, prune.Unknown("filter"))
	}
	s.Filter = simplify(all, top != nil)
	if top == nil {
		w.scans = append(w.scans, s)
		return
	}
	if top.order == nil {
		s.Limit = top.rows
	} else if t, _, ok := term(top.order.Expr, cols); ok && len(t.Steps) == 0 {
		s.Top = &prune.Top{Column: t, Descending: top.order.Type == "DESCENDING", NullsFirst: top.order.Nulls == "NULLS FIRST", Rows: top.rows}
	}
	w.scans = append(w.scans, s)
}

// simplify drops what says nothing and what is said twice, and returns nil if nothing is left. What is unknown is kept where it
// matters that not all rows may fulfil it.
func simplify(all prune.And, keep bool) prune.Expr {
	var out prune.And
	seen := map[string]bool{}
	for _, e := range flat(all) {
		_, none := e.(prune.Unknown)
		if text := e.String(); !seen[text] && (keep || !none) {
			seen[text] = true
			out = append(out, e)
		}
	}
	switch len(out) {
	case 0:
		return nil
	case 1:
		return out[0]
	}
	return out
}

// flat opens conjunctions within a conjunction.
func flat(all prune.And) (out prune.And) {
	for _, e := range all {
		if inner, ok := e.(prune.And); ok {
			out = append(out, flat(inner)...)
		} else {
			out = append(out, e)
		}
	}
	return out
}
