package pgsql

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strconv"
	"strings"
)

// What operators and functions of jsonb compute (chapter 9.16 of PostgreSQL's manual). Values are what encoding/json makes of texts, with
// numbers as they are spelled.

func readJSON(text string) (v any, err error) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		return nil, fmt.Errorf("invalid input syntax for type json: %w", err)
	}
	return v, nil
}

// readBoth reads two texts.
func readBoth(args []string) (a, b any, err error) {
	if a, err = readJSON(args[0]); err == nil {
		b, err = readJSON(args[1])
	}
	return a, b, err
}

// appendJSON writes a value without blanks, with keys in the order of jsonb: the shorter first.
func appendJSON(b *bytes.Buffer, v any) {
	switch v := v.(type) {
	case map[string]any:
		for i, k := range slices.SortedFunc(maps.Keys(v), func(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b)) }) {
			b.WriteByte("{,"[min(i, 1)])
			appendJSON(b, k)
			b.WriteByte(':')
			appendJSON(b, v[k])
		}
		if len(v) == 0 {
			b.WriteByte('{')
		}
		b.WriteByte('}')
	case []any:
		b.WriteByte('[')
		for i, e := range v {
			if i > 0 {
				b.WriteByte(',')
			}
			appendJSON(b, e)
		}
		b.WriteByte(']')
	default:
		e := json.NewEncoder(b)
		e.SetEscapeHTML(false)
		_ = e.Encode(v) // of a text, number, boolean or null: it does not fail
		b.Truncate(b.Len() - 1)
	}
}

func jsonText(v any) (string, bool, error) {
	var b bytes.Buffer
	appendJSON(&b, v)
	return b.String(), true, nil
}

// jsonContains reports whether the first value contains the second one.
func jsonContains(args []string) (string, bool, error) {
	a, b, err := readBoth(args)
	list, isList := a.([]any)
	_, inList := b.([]any)
	_, inObject := b.(map[string]any)
	found := contains(a, b) || isList && !inList && !inObject && slices.ContainsFunc(list, func(e any) bool { return sameScalar(e, b) })
	return strconv.FormatBool(found), true, err
}

func contains(a, b any) bool {
	switch b := b.(type) {
	case map[string]any:
		a, ok := a.(map[string]any)
		for k, v := range b {
			mine, has := a[k]
			ok = ok && has && contains(mine, v)
		}
		return ok
	case []any:
		a, ok := a.([]any)
		for _, v := range b {
			ok = ok && slices.ContainsFunc(a, func(mine any) bool { return contains(mine, v) })
		}
		return ok
	}
	return sameScalar(a, b)
}

// sameScalar compares what is no list and no object.
func sameScalar(a, b any) bool {
	switch a := a.(type) {
	case map[string]any, []any:
		return false
	case json.Number:
		other, ok := b.(json.Number)
		if !ok || a == other {
			return ok
		}
		x, okX := new(big.Rat).SetString(short(a))
		y, okY := new(big.Rat).SetString(short(other))
		return okX && okY && x.Cmp(y) == 0
	}
	switch b.(type) {
	case map[string]any, []any:
		return false
	}
	return a == b
}

// short is a number's text; empty if its exponent would make of it a number that fills the memory.
func short(n json.Number) string {
	_, exponent, _ := strings.Cut(strings.ToLower(n.String()), "e")
	if len(exponent) > 4 {
		return ""
	}
	return n.String()
}

// jsonExistsAll and jsonExistsAny report whether texts are keys of an object, or elements of a list.
func jsonExistsAll(args []string) (string, bool, error) { return jsonKeys(args, false) }

func jsonExistsAny(args []string) (string, bool, error) { return jsonKeys(args, true) }

// jsonKeys looks for the texts until one is there, or is not there.
func jsonKeys(args []string, until bool) (string, bool, error) {
	v, keys, err := readBoth(args)
	list, ok := keys.([]any)
	if err != nil || !ok {
		return "", false, err
	}
	for _, k := range list {
		if k, ok := k.(string); ok && hasKey(v, k) == until {
			return strconv.FormatBool(until), true, nil
		}
	}
	return strconv.FormatBool(!until), true, nil
}

func hasKey(v any, key string) bool {
	switch v := v.(type) {
	case map[string]any:
		_, ok := v[key]
		return ok
	case []any:
		return slices.Contains(v, any(key))
	}
	return v == any(key)
}
