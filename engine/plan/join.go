package plan

import (
	"slices"

	"tarn/engine/prune"
)

// direction says between which sides of a join conditions on equal columns may pass.
type direction struct{ toLeft, toRight bool }

// directions of the types of joins. A side gets the conditions of the other if its rows matter only where they match one: a
// MARK join is left out because there a NULL among the right rows matters, too.
var directions = map[string]direction{
	"INNER": {true, true}, "SEMI": {true, true}, "RIGHT_SEMI": {true, true},
	"LEFT": {false, true}, "ANTI": {false, true}, "RIGHT": {true, false}, "RIGHT_ANTI": {true, false},
}

// join passes conditions from one side to the other: those on a column that equals one of the other side's.
func join(n node, left, right flow) flow {
	kind, _ := n["join_type"].(string)
	conditions, _ := n["conditions"].([]any)
	for _, v := range conditions {
		c, _ := v.(node)
		a, b := reference(c["left"], left.columns), reference(c["right"], right.columns)
		if c["comparison"] != "COMPARE_EQUAL" || a.scan == nil || b.scan == nil {
			continue
		}
		fromLeft, fromRight := slices.Clone(a.scan.out.Filters), slices.Clone(b.scan.out.Filters)
		if directions[kind].toRight && !a.scan.sampled {
			pass(fromLeft, a, b)
		}
		if directions[kind].toLeft && !b.scan.sampled {
			pass(fromRight, b, a)
		}
	}
	l, r := mapped(n["left_projection_map"], left.columns), mapped(n["right_projection_map"], right.columns)
	switch kind {
	case "INNER", "LEFT", "RIGHT", "OUTER":
		if len(l) > 0 { // else it is not known where those of the right begin
			return flow{columns: slices.Concat(l, r)}
		}
	case "SEMI", "ANTI", "MARK":
		return flow{columns: l}
	case "RIGHT_SEMI", "RIGHT_ANTI":
		return flow{columns: r}
	}
	return flow{}
}

// pass adds conditions on column from to the scan of column to.
func pass(filters []prune.Expr, from, to column) {
	for _, e := range filters {
		if renamed, ok := prune.Rename(e, from.name, to.name); ok {
			to.scan.add(renamed)
		}
	}
}
