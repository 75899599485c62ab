package plan

import (
	"encoding/json"
	"slices"

	"tarn/catalog/sqltype"
)

// expr is an expression of a serialised plan. Trees are never changed once they are read, so that they may share parts.
type expr struct {
	Class    string    `json:"expression_class"`
	Type     string    `json:"type"`
	Return   duckType  `json:"return_type"`
	Index    int       `json:"index"` // of a reference: the column of the operator below
	Name     string    `json:"name"`
	Children []*expr   `json:"children"`
	Left     *expr     `json:"left"`
	Right    *expr     `json:"right"`
	Child    *expr     `json:"child"`
	Try      bool      `json:"try_cast"`
	Value    *constant `json:"value"`

	Input          *expr `json:"input"` // of BETWEEN
	Lower          *expr `json:"lower"`
	Upper          *expr `json:"upper"`
	LowerInclusive bool  `json:"lower_inclusive"`
	UpperInclusive bool  `json:"upper_inclusive"`
}

// The classes of expressions that are understood.
const (
	classRef         = "BOUND_REF"
	classConstant    = "BOUND_CONSTANT"
	classComparison  = "BOUND_COMPARISON"
	classConjunction = "BOUND_CONJUNCTION"
	classOperator    = "BOUND_OPERATOR"
	classFunction    = "BOUND_FUNCTION"
	classCast        = "BOUND_CAST"
	classBetween     = "BOUND_BETWEEN"
	classUnknown     = "" // of what is not
)

// unknown is an expression that may be anything.
var unknown = &expr{Class: classUnknown}

// constant is a value.
type constant struct {
	Type  duckType        `json:"type"`
	Null  bool            `json:"is_null"`
	Value json.RawMessage `json:"value"`
}

func constantExpr(c *constant) *expr {
	if c == nil {
		return unknown
	}
	return &expr{Class: classConstant, Value: c, Return: c.Type}
}

// duckType is a type as DuckDB serialises it.
type duckType struct {
	ID   string `json:"id"`
	Info *struct {
		Type      string `json:"type"`
		Alias     string `json:"alias"`
		Collation string `json:"collation"`
		Width     uint8  `json:"width"`
		Scale     uint8  `json:"scale"`
	} `json:"type_info"`
}

// sql returns the type; it is Invalid if the type has a name, a collation or parts.
func (t duckType) sql() sqltype.Type {
	switch {
	case t.ID == "DECIMAL" && t.Info != nil:
		return sqltype.DecimalOf(t.Info.Width, t.Info.Scale)
	case t.Info != nil:
		return sqltype.Type{}
	}
	out, err := sqltype.Parse(t.ID)
	if err != nil || out.Kind == sqltype.JSON {
		return sqltype.Type{}
	}
	return out
}

// understood reports whether every part of the expression is of a class that replace can copy.
func (e *expr) understood() bool {
	switch e.Class {
	case classRef, classConstant, classComparison, classConjunction, classOperator, classFunction, classCast, classBetween:
		return true
	}
	return false
}

// parts lists the expressions that e is made of.
func (e *expr) parts() []*expr {
	out := slices.Clone(e.Children)
	for _, p := range []*expr{e.Left, e.Right, e.Child, e.Input, e.Lower, e.Upper} {
		if p != nil {
			out = append(out, p)
		}
	}
	return out
}

// replace returns the expression with other expressions in the place of its references. It is nil if one has none, or if the
// expression is not understood.
func (e *expr) replace(by func(ref *expr) *expr) *expr {
	if e == nil || !e.understood() {
		return nil
	}
	if e.Class == classRef {
		return by(e)
	}
	out := *e
	out.Children = slices.Clone(e.Children)
	for i, c := range out.Children {
		if out.Children[i] = c.replace(by); out.Children[i] == nil {
			return nil
		}
	}
	for _, p := range []**expr{&out.Left, &out.Right, &out.Child, &out.Input, &out.Lower, &out.Upper} {
		if *p == nil {
			continue
		}
		if *p = (*p).replace(by); *p == nil {
			return nil
		}
	}
	return &out
}

// replaceAll replaces in each of a list, and leaves out those for which it cannot be done.
func replaceAll(list []*expr, by func(ref *expr) *expr) []*expr {
	var out []*expr
	for _, e := range list {
		if r := e.replace(by); r != nil {
			out = append(out, r)
		}
	}
	return out
}
