package pgsql

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
)

// jsonConcat is a || b: the keys of both objects, those of the second first, or the elements of both lists.
func jsonConcat(args []string) (string, bool, error) {
	a, b, err := readBoth(args)
	if err != nil {
		return "", false, err
	}
	one, isObject := a.(map[string]any)
	other, bothObjects := b.(map[string]any)
	if isObject && bothObjects {
		maps.Copy(one, other)
		return jsonText(one)
	}
	return jsonText(append(asList(a), asList(b)...))
}

func asList(v any) []any {
	if list, ok := v.([]any); ok {
		return list
	}
	return []any{v}
}

// jsonDelete is j - key, j - keys and j - index.
func jsonDelete(args []string) (string, bool, error) {
	v, keys, err := readBoth(args)
	if err != nil {
		return "", false, err
	}
	for _, k := range asList(keys) {
		if n, ok := k.(fmt.Stringer); ok { // a number
			v, err = deleteAt(v, n.String(), false)
		} else if key, ok := k.(string); ok {
			v, err = deleteKey(v, key)
		}
		if err != nil {
			return "", false, err
		}
	}
	return jsonText(v)
}

func deleteKey(v any, key string) (any, error) {
	switch v := v.(type) {
	case map[string]any:
		delete(v, key)
		return v, nil
	case []any:
		return slices.DeleteFunc(v, func(e any) bool { return e == any(key) }), nil
	}
	return nil, fmt.Errorf("cannot delete from scalar")
}

// deleteAt leaves out what stands at a step of a path: a key of an object, or the place in a list, from its end if it is negative.
func deleteAt(v any, step string, inPath bool) (any, error) {
	switch v := v.(type) {
	case map[string]any:
		if !inPath {
			return nil, fmt.Errorf("cannot delete from object using integer index")
		}
		delete(v, step)
		return v, nil
	case []any:
		at, err := place(v, step)
		if err != nil || at < 0 || at >= len(v) {
			return v, err
		}
		return slices.Delete(v, at, at+1), nil
	}
	return nil, fmt.Errorf("cannot delete from scalar")
}

// place is where a step of a path leads to in a list, which may be outside of it.
func place(list []any, step string) (int, error) {
	at, err := strconv.Atoi(step)
	if err != nil {
		return 0, fmt.Errorf("path element is not an integer: %q", step)
	}
	if at < 0 {
		at += len(list)
	}
	return at, nil
}

// steps are those of a path, texts.
func steps(path any) (out []string, err error) {
	for _, step := range asList(path) {
		text, ok := step.(string)
		if !ok {
			return nil, fmt.Errorf("path element is null")
		}
		out = append(out, text)
	}
	return out, nil
}

// jsonDeletePath is j #- path.
func jsonDeletePath(args []string) (string, bool, error) {
	v, path, err := readBoth(args)
	if err != nil {
		return "", false, err
	}
	at, err := steps(path)
	if err != nil {
		return "", false, err
	}
	if len(at) > 0 {
		v, err = changed(v, at, func(parent any, step string) (any, error) { return deleteAt(parent, step, true) })
	}
	if err != nil {
		return "", false, err
	}
	return jsonText(v)
}

// jsonSet is jsonb_set(j, path, value, whether to make what is missing).
func jsonSet(args []string) (string, bool, error) {
	v, path, err := readBoth(args)
	if err != nil {
		return "", false, err
	}
	value, err := readJSON(args[2])
	if err != nil {
		return "", false, err
	}
	at, err := steps(path)
	if err == nil && len(at) > 0 {
		v, err = changed(v, at, func(parent any, step string) (any, error) { return setAt(parent, step, value, args[3] == "true") })
	}
	if err != nil {
		return "", false, err
	}
	return jsonText(v)
}

// changed returns v with what the last step of a path leads to changed by do; v itself if the steps before lead nowhere.
func changed(v any, path []string, do func(parent any, step string) (any, error)) (any, error) {
	if len(path) == 1 {
		return do(v, path[0])
	}
	switch v := v.(type) {
	case map[string]any:
		inner, ok := v[path[0]]
		if !ok {
			return v, nil
		}
		inner, err := changed(inner, path[1:], do)
		v[path[0]] = inner
		return v, err
	case []any:
		at, err := place(v, path[0])
		if err != nil || at < 0 || at >= len(v) {
			return v, err
		}
		v[at], err = changed(v[at], path[1:], do)
		return v, err
	}
	return v, nil
}

func setAt(v any, step string, value any, missing bool) (any, error) {
	switch v := v.(type) {
	case map[string]any:
		if _, ok := v[step]; ok || missing {
			v[step] = value
		}
		return v, nil
	case []any:
		at, err := place(v, step)
		switch {
		case err != nil:
			return nil, err
		case at >= 0 && at < len(v):
			v[at] = value
		case missing && at < 0:
			return slices.Insert(v, 0, value), nil
		case missing:
			return append(v, value), nil
		}
		return v, nil
	}
	return nil, fmt.Errorf("cannot set path in scalar")
}
