package pgsql

import "strings"

// operatorMacros are the macros of operators whose meaning depends on their operands in a way that DuckDB does not know: interval / number,
// time - time, list || element, json @> json.
var operatorMacros = map[string]string{"/": "op_divide", "-": "op_minus", "||": "op_concat", "@>": "op_contains", "<@": "op_contained"}

// listOperators take a text beside a list for one of its type.
var listOperators = map[string]bool{"=": true, "<>": true, "!=": true, "<": true, ">": true, "<=": true, ">=": true, "&&": true, "@>": true, "<@": true, "||": true}

// HasOperators reports whether the mode ByOperands could make another translation of the statement than others do.
func HasOperators(sql string) bool {
	for _, mark := range []string{"/", "-", "||", "@>", "<@", "'{"} {
		if strings.Contains(sql, mark) {
			return true
		}
	}
	return false
}

// byOperands leaves left OPERATOR right to a macro that knows the types of both, whose call is written by call; false if it has none.
func (p *parser) byOperands(left, right expr, operator string, call func(before, after string)) bool {
	if listOperators[operator] {
		p.likeList(left, right)
		p.likeList(right, left)
	}
	macro := operatorMacros[operator]
	if macro == "" {
		return false
	}
	if operator == "||" {
		p.concatenation(left, right)
	}
	call(operandSchema+"."+macro+"(", ")")
	return true
}

// likeList gives the literal of an array the type of the list beside it.
func (p *parser) likeList(list, e expr) {
	text, dims, ok := p.arrayAt(e.literal)
	if !ok || dims != 1 || list.literal >= 0 {
		return
	}
	if beside := p.copied(list.start, list.end); beside != "" {
		p.replace(e.literal, e.literal+1, operandSchema+".like_list("+beside+", "+text+")")
	}
}
