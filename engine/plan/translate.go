package plan

import (
	"encoding/json"
	"strconv"
	"strings"

	"tarn/catalog/sqltype"
	"tarn/engine/prune"
)

// columns finds the column of the scanned table that a reference means; ok is false if it means none.
type columns func(ref *expr) (name string, ok bool)

// translate returns what an expression says of a table. What is not understood is prune.Unknown.
func translate(e *expr, cols columns) prune.Expr {
	switch e.Class {
	case classConstant:
		if b, ok := e.Value.boolean(); ok {
			return prune.Const(b)
		}
	case classRef:
		if t, kind, ok := term(e, cols); ok && kind.Kind == sqltype.Boolean {
			return prune.Compare{Term: t, Op: prune.Equal, Value: prune.Int(1).As(kind)}
		}
	case classConjunction:
		list := make([]prune.Expr, len(e.Children))
		for i, c := range e.Children {
			list[i] = translate(c, cols)
		}
		if e.Type == "CONJUNCTION_AND" {
			return prune.And(list)
		}
		if e.Type == "CONJUNCTION_OR" {
			return prune.Or(list)
		}
	case classBetween:
		return between(e, cols)
	case classComparison:
		return comparison(e.Type, e.Left, e.Right, cols)
	case classOperator:
		return operator(e, cols)
	case classFunction:
		return function(e, cols)
	}
	return prune.Unknown(e.Class)
}

func between(e *expr, cols columns) prune.Expr {
	low, high := "COMPARE_GREATERTHAN", "COMPARE_LESSTHAN"
	if e.LowerInclusive {
		low += "OREQUALTO"
	}
	if e.UpperInclusive {
		high += "OREQUALTO"
	}
	if e.Input == nil || e.Lower == nil || e.Upper == nil {
		return prune.Unknown(e.Class)
	}
	return prune.And{comparison(low, e.Input, e.Lower, cols), comparison(high, e.Input, e.Upper, cols)}
}

// ops are the comparisons, and what they are with their sides exchanged.
var ops = map[string]struct{ op, back prune.Op }{
	"COMPARE_EQUAL":                {prune.Equal, prune.Equal},
	"COMPARE_NOTEQUAL":             {prune.NotEqual, prune.NotEqual},
	"COMPARE_LESSTHAN":             {prune.Less, prune.Greater},
	"COMPARE_GREATERTHAN":          {prune.Greater, prune.Less},
	"COMPARE_LESSTHANOREQUALTO":    {prune.LessEqual, prune.GreaterEqual},
	"COMPARE_GREATERTHANOREQUALTO": {prune.GreaterEqual, prune.LessEqual},
	"COMPARE_DISTINCT_FROM":        {prune.Distinct, prune.Distinct},
	"COMPARE_NOT_DISTINCT_FROM":    {prune.NotDistinct, prune.NotDistinct},
}

func comparison(kind string, left, right *expr, cols columns) prune.Expr {
	op, ok := ops[kind]
	if !ok || left == nil || right == nil {
		return prune.Unknown(kind)
	}
	if left.Class == classConstant {
		left, right, op.op = right, left, op.back
	}
	if right.Class != classConstant {
		return prune.Unknown(kind)
	}
	t, typ, ok := term(left, cols)
	if !ok || !typ.Equal(right.Value.Type.sql()) {
		return prune.Unknown(kind)
	}
	if right.Value.Null {
		return withNull(op.op, t)
	}
	v, ok := right.Value.value(typ)
	if !ok {
		return prune.Unknown(kind)
	}
	return prune.Compare{Term: t, Op: op.op, Value: v}
}

// withNull is the comparison of a term with NULL.
func withNull(op prune.Op, t prune.Term) prune.Expr {
	switch op {
	case prune.Distinct:
		return prune.Not{Expr: prune.Null{Term: t}}
	case prune.NotDistinct:
		return prune.Null{Term: t}
	}
	return prune.Unknown("NULL")
}

func operator(e *expr, cols columns) prune.Expr {
	if len(e.Children) == 0 {
		return prune.Unknown(e.Type)
	}
	switch e.Type {
	case "OPERATOR_NOT":
		return prune.Not{Expr: translate(e.Children[0], cols)}
	case "OPERATOR_IS_NULL", "OPERATOR_IS_NOT_NULL":
		t, _, ok := term(e.Children[0], cols)
		if !ok {
			return prune.Unknown(e.Type)
		}
		if e.Type == "OPERATOR_IS_NULL" {
			return prune.Null{Term: t}
		}
		return prune.Not{Expr: prune.Null{Term: t}}
	case "COMPARE_IN", "COMPARE_NOT_IN":
		in, null := inList(e, cols)
		if in == nil {
			return prune.Unknown(e.Type)
		}
		if null { // what is not in the list gives NULL
			in = prune.Or{in, prune.Unknown("NULL")}
		}
		if e.Type == "COMPARE_NOT_IN" {
			return prune.Not{Expr: in}
		}
		return in
	}
	return prune.Unknown(e.Type)
}

// inList returns IN over a list of constants, and whether NULL is one of them.
func inList(e *expr, cols columns) (in prune.Expr, null bool) {
	t, typ, ok := term(e.Children[0], cols)
	if !ok {
		return nil, false
	}
	var values []prune.Value
	for _, c := range e.Children[1:] {
		if c.Class != classConstant || !typ.Equal(c.Value.Type.sql()) {
			return nil, false
		}
		if c.Value.Null {
			null = true
			continue
		}
		v, ok := c.Value.value(typ)
		if !ok {
			return nil, false
		}
		values = append(values, v)
	}
	return prune.NewIn(t, values), null
}

// function translates those that tell how a text begins.
func function(e *expr, cols columns) prune.Expr {
	switch e.Name {
	case "prefix", "starts_with", "^@", "~~":
	default:
		return prune.Unknown(e.Name)
	}
	if len(e.Children) != 2 || e.Children[1].Class != classConstant || e.Children[1].Value.Null {
		return prune.Unknown(e.Name)
	}
	t, typ, ok := term(e.Children[0], cols)
	v := e.Children[1].Value
	var pattern string
	if !ok || typ.Kind != sqltype.Varchar || v.Type.sql().Kind != sqltype.Varchar || json.Unmarshal(v.Value, &pattern) != nil {
		return prune.Unknown(e.Name)
	}
	if e.Name != "~~" {
		return prune.Prefix{Term: t, Text: pattern}
	}
	at := strings.IndexAny(pattern, `%_\`)
	if at <= 0 {
		return prune.Unknown(e.Name)
	}
	return prune.And{prune.Prefix{Term: t, Text: pattern[:at]}, prune.Unknown(e.Name)}
}

// term returns a column, or a function of one, and the type of its values.
func term(e *expr, cols columns) (t prune.Term, typ sqltype.Type, ok bool) {
	typ = e.Return.sql()
	switch e.Class {
	case classRef:
		name, ok := cols(e)
		return prune.Term{Column: name, Type: typ}, typ, ok && typ.Kind != sqltype.Invalid
	case classCast:
		if e.Try || e.Child == nil {
			return t, typ, false
		}
		t, from, ok := term(e.Child, cols)
		if !ok {
			return t, typ, false
		}
		step, ok := prune.Cast(from, typ)
		t.Steps = append(t.Steps, step)
		return t, typ, ok
	case classFunction:
		return call(e, cols)
	}
	return t, typ, false
}

// call returns a function of one column and constants.
func call(e *expr, cols columns) (t prune.Term, typ sqltype.Type, ok bool) {
	c := prune.Call{Name: e.Name, Result: e.Return.sql()}
	var argument *expr
	for _, a := range e.Children {
		if a.Class != classConstant {
			if argument != nil {
				return t, typ, false
			}
			argument = a
			continue
		}
		v, ok := a.Value.value(a.Value.Type.sql())
		if !ok || a.Value.Null {
			return t, typ, false
		}
		if argument == nil {
			c.Before = append(c.Before, v)
		} else {
			c.After = append(c.After, v)
		}
	}
	if argument == nil {
		return t, typ, false
	}
	if t, c.Argument, ok = term(argument, cols); !ok {
		return t, typ, false
	}
	step, ok := c.Step()
	t.Steps = append(t.Steps, step)
	return t, c.Result, ok
}

// boolean returns the value of a BOOLEAN; NULL counts as false, which it is for a condition.
func (c *constant) boolean() (b, ok bool) {
	if c.Type.ID != "BOOLEAN" {
		return false, false
	}
	return !c.Null && string(c.Value) == "true", true
}

// value reads the constant, which is not NULL.
func (c *constant) value(t sqltype.Type) (prune.Value, bool) {
	v, ok := c.bare(t)
	return v.As(t), ok
}

// bare reads the constant without a word on how it is shown.
func (c *constant) bare(t sqltype.Type) (prune.Value, bool) {
	raw := string(c.Value)
	switch t.Kind {
	case sqltype.Boolean:
		return prune.Int(int64(strings.Count(raw, "true"))), raw == "true" || raw == "false"
	case sqltype.Float, sqltype.Double:
		f, err := strconv.ParseFloat(strings.Trim(raw, `"`), 64)
		return prune.Float(f), err == nil
	case sqltype.Varchar:
		var s string
		err := json.Unmarshal(c.Value, &s)
		return prune.Text(s), err == nil
	case sqltype.Blob:
		return blob(c.Value)
	case sqltype.UUID:
		return uuid(c.Value)
	case sqltype.UBigInt:
		n, err := strconv.ParseUint(raw, 10, 64)
		return prune.Wide(0, n), err == nil
	case sqltype.TinyInt, sqltype.SmallInt, sqltype.Integer, sqltype.BigInt, sqltype.HugeInt, sqltype.UTinyInt, sqltype.USmallInt,
		sqltype.UInteger, sqltype.Decimal, sqltype.Date, sqltype.Time, sqltype.TimestampS, sqltype.TimestampMS, sqltype.Timestamp,
		sqltype.TimestampNS, sqltype.TimestampTZ:
	default:
		return prune.Value{}, false
	}
	if n, err := strconv.ParseInt(raw, 10, 64); err == nil {
		return prune.Int(n), true
	}
	upper, lower, ok := halves(c.Value)
	return prune.Wide(upper, lower), ok
}

// halves reads an integer of 128 bits.
func halves(raw []byte) (upper int64, lower uint64, ok bool) {
	var h struct {
		Upper *int64  `json:"upper"`
		Lower *uint64 `json:"lower"`
	}
	if json.Unmarshal(raw, &h) != nil || h.Upper == nil || h.Lower == nil {
		return 0, 0, false
	}
	return *h.Upper, *h.Lower, true
}
