package plan

import (
	"strings"

	"tarn/catalog/sqltype"
	"tarn/engine/prune"
)

// operators by DuckDB's names.
var operators = map[string]prune.Operator{
	"COMPARE_EQUAL": prune.Equal, "COMPARE_NOTEQUAL": prune.Unequal, "COMPARE_LESSTHAN": prune.Less, "COMPARE_LESSTHANOREQUALTO": prune.LessEqual,
	"COMPARE_GREATERTHAN": prune.More, "COMPARE_GREATERTHANOREQUALTO": prune.MoreEqual,
	"COMPARE_NOT_DISTINCT_FROM": prune.Same, "COMPARE_DISTINCT_FROM": prune.Differs,
}

// mirrored are the operators with their sides exchanged.
var mirrored = map[prune.Operator]prune.Operator{prune.Less: prune.More, prune.LessEqual: prune.MoreEqual, prune.More: prune.Less,
	prune.MoreEqual: prune.LessEqual, prune.Equal: prune.Equal, prune.Unequal: prune.Unequal, prune.Same: prune.Same, prune.Differs: prune.Differs}

// tableFilter reads a filter that the optimizer pushed into a scan, on one column.
func tableFilter(v any, c column) prune.Expr {
	f, _ := v.(node)
	switch f["filter_type"] {
	case "CONSTANT_COMPARISON":
		op, _ := f["comparison_type"].(string)
		return compare(prune.Term{Column: c.name}, operators[op], f["constant"])
	case "IN_FILTER":
		values, _ := f["values"].([]any)
		return in(prune.Term{Column: c.name}, values)
	case "IS_NULL":
		return prune.IsNull{Column: c.name}
	case "IS_NOT_NULL":
		return prune.Not{Expr: prune.IsNull{Column: c.name}}
	case "OPTIONAL_FILTER":
		return tableFilter(f["child_filter"], c)
	case "EXPRESSION_FILTER":
		return condition(f["expr"], []column{c})
	case "CONJUNCTION_AND":
		return prune.And(tableFilters(f["child_filters"], c))
	case "CONJUNCTION_OR":
		return prune.Or(tableFilters(f["child_filters"], c))
	}
	return prune.Unknown{}
}

func tableFilters(v any, c column) []prune.Expr {
	list, _ := v.([]any)
	if len(list) == 0 {
		return []prune.Expr{prune.Unknown{}}
	}
	out := make([]prune.Expr, len(list))
	for i, f := range list {
		out[i] = tableFilter(f, c)
	}
	return out
}

// condition reads an expression that is true or false, over columns.
func condition(v any, columns []column) prune.Expr {
	e, _ := v.(node)
	switch e["expression_class"] {
	case "BOUND_COMPARISON":
		return comparison(e, columns)
	case "BOUND_CONJUNCTION":
		list, _ := e["children"].([]any)
		parts := make([]prune.Expr, len(list))
		for i, c := range list {
			parts[i] = condition(c, columns)
		}
		if len(parts) > 0 && e["type"] == "CONJUNCTION_AND" {
			return prune.And(parts)
		} else if len(parts) > 0 && e["type"] == "CONJUNCTION_OR" {
			return prune.Or(parts)
		}
	case "BOUND_BETWEEN":
		return between(e, columns)
	case "BOUND_OPERATOR":
		return operator(e, columns)
	case "BOUND_REF":
		if c := reference(e, columns); c.scan != nil && typeOf(e["return_type"]).Kind == sqltype.Boolean {
			return prune.Compare{Term: prune.Term{Column: c.name}, Op: prune.Equal, Value: truth(true)}
		}
	}
	return prune.Unknown{}
}

// comparison reads a comparison of a term with a constant, on either side.
func comparison(e node, columns []column) prune.Expr {
	name, _ := e["type"].(string)
	op := operators[name]
	if t, ok := term(e["left"], columns); ok {
		if c, ok := constantOf(e["right"]); ok {
			return compare(t, op, c)
		}
	}
	if t, ok := term(e["right"], columns); ok {
		if c, ok := constantOf(e["left"]); ok {
			return compare(t, mirrored[op], c)
		}
	}
	return prune.Unknown{}
}

func between(e node, columns []column) prune.Expr {
	t, ok := term(e["input"], columns)
	low, ok1 := constantOf(e["lower"])
	high, ok2 := constantOf(e["upper"])
	if !ok || !ok1 || !ok2 {
		return prune.Unknown{}
	}
	from, to := prune.MoreEqual, prune.LessEqual
	if e["lower_inclusive"] != true {
		from = prune.More
	}
	if e["upper_inclusive"] != true {
		to = prune.Less
	}
	return prune.And{compare(t, from, low), compare(t, to, high)}
}

// operator reads IS NULL, NOT and IN.
func operator(e node, columns []column) prune.Expr {
	list, _ := e["children"].([]any)
	if len(list) == 0 {
		return prune.Unknown{}
	}
	switch c := reference(list[0], columns); e["type"] {
	case "OPERATOR_IS_NULL":
		if c.scan != nil {
			return prune.IsNull{Column: c.name}
		}
	case "OPERATOR_IS_NOT_NULL":
		if c.scan != nil {
			return prune.Not{Expr: prune.IsNull{Column: c.name}}
		}
	case "OPERATOR_NOT":
		return prune.Not{Expr: condition(list[0], columns)}
	case "COMPARE_IN", "COMPARE_NOT_IN":
		t, ok := term(list[0], columns)
		if !ok {
			break
		}
		var values []any
		for _, v := range list[1:] {
			c, ok := constantOf(v)
			if !ok {
				return prune.Unknown{}
			}
			values = append(values, c)
		}
		if e["type"] == "COMPARE_IN" {
			return in(t, values)
		}
		return prune.Not{Expr: in(t, values)}
	}
	return prune.Unknown{}
}

// in is a condition that a term is one of some constants.
func in(t prune.Term, values []any) prune.Expr {
	var parts prune.Or
	for _, v := range values {
		parts = append(parts, compare(t, prune.Equal, v))
	}
	if len(parts) == 0 {
		return prune.Unknown{}
	}
	return parts
}

// compare makes a condition of a constant as DuckDB serialises it.
func compare(t prune.Term, op prune.Operator, v any) prune.Expr {
	value, ok := constant(v)
	if !ok || op == "" {
		return prune.Unknown{}
	}
	return prune.Compare{Term: t, Op: op, Value: value}
}

// term reads a column, or a monotone function of one.
func term(v any, columns []column) (prune.Term, bool) {
	if c := reference(v, columns); c.scan != nil {
		return prune.Term{Column: c.name}, true
	}
	e, _ := v.(node)
	step := prune.Step{Type: typeOf(e["return_type"])}
	var inner any
	switch e["expression_class"] {
	case "BOUND_CAST":
		if e["try_cast"] == true {
			return prune.Term{}, false
		}
		step.Func, inner = "cast", e["child"]
	case "BOUND_FUNCTION":
		list, _ := e["children"].([]any)
		switch name, _ := e["name"].(string); {
		case name == "year" && len(list) == 1:
			step.Func, inner = "year", list[0]
		case (name == "date_trunc" || name == "datetrunc") && len(list) == 2:
			c, _ := constantOf(list[0])
			unit, ok := textConstant(c)
			if !ok {
				return prune.Term{}, false
			}
			step.Func, inner = "date_trunc "+strings.ToLower(unit), list[1]
		}
	}
	if inner == nil || step.Type.Kind == sqltype.Invalid {
		return prune.Term{}, false
	}
	t, ok := term(inner, columns)
	if !ok {
		return t, false
	}
	t.Steps = append(t.Steps, step)
	return t, true
}
