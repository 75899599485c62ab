package plan

// join is what a join says of conditions on its sides.
type join struct {
	kind string // INNER, LEFT, RIGHT, SEMI, ANTI, MARK, SINGLE or another
	// keepsLeft says that facts of the left side hold for the output, and keepsRight the same of the right side.
	keepsLeft, keepsRight bool
	// needLeft says that rows of the left side for whose output there is no need are not needed, and needRight the same of
	// the right side.
	needLeft, needRight bool
	// matchLeft says that rows of the left side that no needed row of the right side equals are not needed, and matchRight the
	// other way round.
	matchLeft, matchRight bool
	equal                 []condition
}

// joins are the kinds of joins. What is not here narrows nothing.
var joins = map[string]join{
	"INNER":  {keepsLeft: true, keepsRight: true, needLeft: true, needRight: true, matchLeft: true, matchRight: true},
	"LEFT":   {keepsLeft: true, needLeft: true, matchRight: true},
	"SINGLE": {keepsLeft: true, needLeft: true, matchRight: true},
	"RIGHT":  {keepsRight: true, needRight: true, matchLeft: true},
	"SEMI":   {keepsLeft: true, needLeft: true, matchLeft: true, matchRight: true},
	"ANTI":   {keepsLeft: true, needLeft: true, matchRight: true},
	"MARK":   {keepsLeft: true, needLeft: true}, // whether there is a NULL on the right matters
	"OUTER":  {},
	"FULL":   {},
}

// join returns what the operator is as a join, or nil if it is none or not understood.
func (n *node) join() *join {
	if len(n.Children) != 2 || len(n.LeftMap)+len(n.RightMap) > 0 || n.Flipped {
		return nil
	}
	kind := n.JoinType
	switch n.Type {
	case logical + "CROSS_PRODUCT":
		kind = "INNER"
	case logical + "COMPARISON_JOIN", logical + "DELIM_JOIN", logical + "ANY_JOIN", logical + "ASOF_JOIN":
	default:
		return nil
	}
	j, ok := joins[kind]
	if !ok {
		return nil
	}
	if n.Type == logical+"DELIM_JOIN" && j.keepsRight && kind != "INNER" { // the right side is made of the rows of the left
		return nil
	}
	j.kind = kind
	for _, c := range n.Conditions {
		if (c.Comparison == "COMPARE_EQUAL" || c.Comparison == "COMPARE_NOT_DISTINCT_FROM") && c.Left != nil && c.Right != nil {
			j.equal = append(j.equal, c)
		}
	}
	if n.Type == logical+"ASOF_JOIN" { // which row of the right side is the nearest depends on the others
		j.needRight = false
		if kind != "INNER" && kind != "LEFT" {
			return nil
		}
	}
	return &j
}

// toLeft stands for a column of the right side by the equal one of the left side. It is a function for replace.
func (j *join) toLeft(ref *expr) *expr {
	for _, c := range j.equal {
		if e := stand(c.Right, c.Left, ref); e != nil {
			return e
		}
	}
	return nil
}

// toRight is the opposite of toLeft.
func (j *join) toRight(ref *expr) *expr {
	for _, c := range j.equal {
		if e := stand(c.Left, c.Right, ref); e != nil {
			return e
		}
	}
	return nil
}

// stand returns what equals a reference, given that a and b are equal: a column of the other side, of the same type. Integers
// may be of different widths, where the wider one stands for the other, as a match is within the narrower type.
func stand(a, b, ref *expr) *expr {
	a, b = plainInteger(a), plainInteger(b)
	if a.Class != classRef || b.Class != classRef || a.Index != ref.Index {
		return nil
	}
	from, to := b.Return.sql(), ref.Return.sql()
	switch {
	case from.Equal(to) && from.Kind != 0:
		return b
	case from.Kind != to.Kind && isInteger(b) && isInteger(ref):
		return &expr{Class: classCast, Child: b, Return: ref.Return}
	}
	return nil
}

// plainInteger strips casts between integers, which keep the value.
func plainInteger(e *expr) *expr {
	for e.Class == classCast && !e.Try && e.Child != nil && isInteger(e) && isInteger(e.Child) {
		e = e.Child
	}
	return e
}

// isInteger reports whether the expression's type is one of the integers.
func isInteger(e *expr) bool {
	switch e.Return.ID {
	case "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT":
		return true
	}
	return false
}
