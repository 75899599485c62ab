package plan

import "slices"

// Prefix of the names of operators.
const logical = "LOGICAL_"

// maxFacts bounds the conditions that are carried on for one operator.
const maxFacts = 100

// learn fills in the width and facts of an operator and of all below it.
func (n *node) learn() error {
	for _, c := range n.Children {
		if err := c.learn(); err != nil {
			return err
		}
	}
	n.width = -1
	switch len(n.Children) {
	case 0:
		return n.learnLeaf()
	case 1:
		return n.learnOver(n.Children[0])
	}
	n.learnPair(n.Children[0], n.Children[1])
	if len(n.facts) > maxFacts {
		n.facts = n.facts[:maxFacts]
	}
	return nil
}

// learnLeaf takes the conditions of tables, and lists of values as conditions.
func (n *node) learnLeaf() error {
	switch n.Type {
	case logical + "GET":
		n.width = len(n.outputs())
		for _, f := range n.Filters.Filters {
			for i, column := range n.outputs() {
				if column == f.Column && f.Filter != nil && column < uint64(len(n.Types)) {
					n.facts = append(n.facts, f.Filter.expr(&expr{Class: classRef, Index: i, Return: n.Types[column]}))
				}
			}
		}
	case logical + "CTE_REF", logical + "DELIM_GET", logical + "CHUNK_GET":
		n.width = len(n.ChunkTypes)
	}
	return nil
}

// outputs are the columns of the table that a GET gives, in order.
func (n *node) outputs() []uint64 {
	var all []uint64
	for _, c := range n.ColumnIndexes {
		all = append(all, c.Index)
	}
	if len(n.ProjectionIDs) == 0 {
		return all
	}
	var out []uint64
	for _, p := range n.ProjectionIDs {
		if p >= 0 && p < len(all) {
			out = append(out, all[p])
		}
	}
	return out
}

// learnOver takes the facts of an operator with one below it.
func (n *node) learnOver(below *node) error {
	list, err := []*expr(nil), error(nil)
	switch n.Type {
	case logical + "FILTER", logical + "PROJECTION", logical + "AGGREGATE_AND_GROUP_BY", logical + "WINDOW", logical + "UNNEST":
		if list, err = n.expressions(); err != nil {
			return err
		}
	case logical + "EXPRESSION_GET":
		return n.learnValues()
	}
	n.width, n.facts = below.width, below.facts
	switch n.Type {
	case logical + "FILTER":
		n.facts = slices.Concat(below.facts, list)
	case logical + "LIMIT", logical + "ORDER_BY", logical + "DISTINCT", logical + "SAMPLE":
	case logical + "WINDOW", logical + "UNNEST":
		if n.width >= 0 {
			n.width += len(list)
		}
		return nil
	case logical + "PROJECTION":
		n.width, n.facts = len(list), replaceAll(below.facts, placeIn(list))
		return nil
	case logical + "AGGREGATE_AND_GROUP_BY":
		n.width, n.facts = len(n.Groups)+len(list)+len(n.Grouping), nil
		if n.grouped() {
			n.facts = replaceAll(below.facts, placeIn(n.Groups))
		}
		return nil
	default:
		n.width, n.facts = -1, nil
		return nil
	}
	if len(n.Map) > 0 {
		kept := make([]*expr, len(n.Map))
		for i, m := range n.Map {
			kept[i] = &expr{Class: classRef, Index: m}
		}
		n.width, n.facts = len(kept), replaceAll(n.facts, placeIn(kept))
	}
	return nil
}

// grouped reports whether each group has one value of each of the keys.
func (n *node) grouped() bool {
	return len(n.Groups) > 0 && (len(n.GroupingSets) == 0 || len(n.GroupingSets) == 1 && len(n.GroupingSets[0]) == len(n.Groups))
}

// placeIn returns a function for replace that finds where a list has a column unchanged.
func placeIn(list []*expr) func(*expr) *expr {
	return func(ref *expr) *expr {
		for i, e := range list {
			if e.Class == classRef && e.Index == ref.Index {
				return &expr{Class: classRef, Index: i, Return: ref.Return}
			}
		}
		return nil
	}
}

// learnValues makes each column of a list of VALUES a condition: its value is one of those.
func (n *node) learnValues() error {
	rows, err := n.rows()
	if err != nil {
		return err
	}
	n.width = len(n.ExprTypes)
	for column := range n.width {
		in := &expr{Class: classOperator, Type: "COMPARE_IN"}
		for _, r := range rows {
			if column >= len(r) || r[column].Class != classConstant {
				in = nil
				break
			}
			in.Children = append(in.Children, r[column])
		}
		if in == nil || len(in.Children) == 0 {
			continue
		}
		ref := &expr{Class: classRef, Index: column, Return: in.Children[0].Value.Type}
		in.Children = append([]*expr{ref}, in.Children...)
		n.facts = append(n.facts, in)
	}
	return nil
}

// learnPair takes the facts of joins and of operations on sets.
func (n *node) learnPair(left, right *node) {
	switch n.Type {
	case logical + "UNION", logical + "EXCEPT", logical + "INTERSECT":
		n.width = n.ColumnCount
		if n.Type != logical+"UNION" {
			n.facts = left.facts
		}
		return
	case logical + "RECURSIVE_CTE":
		n.width = n.ColumnCount
		return
	case logical + "MATERIALIZED_CTE":
		n.width, n.facts = right.width, right.facts
		return
	}
	j := n.join()
	switch {
	case j == nil || left.width < 0 || right.width < 0:
		return
	case j.kind == "MARK":
		n.width = left.width + 1
	case j.kind == "SEMI", j.kind == "ANTI":
		n.width = left.width
	default:
		n.width = left.width + right.width
	}
	shift := moved(0, right.width, left.width)
	if j.keepsLeft {
		n.facts = append(n.facts, left.facts...)
	}
	if j.kind == "INNER" || j.kind == "SEMI" {
		n.facts = append(n.facts, replaceAll(right.facts, j.toLeft)...)
	}
	if j.keepsRight {
		n.facts = append(n.facts, replaceAll(right.facts, shift)...)
		if j.kind == "INNER" {
			n.facts = append(n.facts, replaceAll(replaceAll(left.facts, j.toRight), shift)...)
		}
	}
	if j.kind == "INNER" && n.Condition != nil {
		n.facts = append(n.facts, n.Condition)
	}
}

// moved returns a function for replace that moves the references to the columns from..to by a distance; others have none.
func moved(from, to, by int) func(*expr) *expr {
	return func(ref *expr) *expr {
		if ref.Index < from || ref.Index >= to {
			return nil
		}
		out := *ref
		out.Index += by
		return &out
	}
}
