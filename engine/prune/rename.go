package prune

import "strings"

// Rename returns a condition with another name of its column. It is false if the condition is not of that column alone, or is
// not understood.
func Rename(e Expr, from, to string) (Expr, bool) {
	switch e := e.(type) {
	case Compare:
		same := strings.EqualFold(e.Term.Column, from)
		e.Term.Column = to
		return e, same
	case IsNull:
		return IsNull{to}, strings.EqualFold(e.Column, from)
	case Not:
		inner, ok := Rename(e.Expr, from, to)
		return Not{inner}, ok
	case And:
		list, ok := renameAll(e, from, to)
		return And(list), ok
	case Or:
		list, ok := renameAll(e, from, to)
		return Or(list), ok
	}
	return nil, false
}

func renameAll(list []Expr, from, to string) ([]Expr, bool) {
	out := make([]Expr, len(list))
	for i, e := range list {
		var ok bool
		if out[i], ok = Rename(e, from, to); !ok {
			return nil, false
		}
	}
	return out, true
}
