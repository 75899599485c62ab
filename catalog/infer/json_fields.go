package infer

import (
	"hash/maphash"
	"strings"
)

// jsonField is a key of an object.
type jsonField struct {
	name string
	node *jsonNode
	last int64 // the number of the object that had the key last
}

// jsonFields are the keys of the objects at one place.
type jsonFields struct {
	list  []jsonField
	index map[string]int
	lower map[string]int       // the places of names without regard to case
	alias map[string]jsonAlias // keys that differ from a name only in case; only for records
	next  int                  // where the next key is expected, because objects repeat their order

	// Once there are too many keys, value stands for all values, and list is empty.
	value *jsonNode
	seen  map[uint64]struct{} // hashes of objects' numbers with their keys, to find a key that is there twice
}

// jsonAlias is the name that a key stands for, and the line where the key comes first.
type jsonAlias struct {
	name string
	line int64
}

func newJSONFields() *jsonFields {
	return &jsonFields{index: map[string]int{}, lower: map[string]int{}}
}

var jsonSeed = maphash.MakeSeed()

// twice reports whether the object, known by its number, has had the key before, and notes it. Two keys of one hash
// would make an object opaque for no reason, with a chance of 2^-64 each.
func (f *jsonFields) twice(key []byte, object int64) bool {
	if f.seen == nil {
		f.seen = map[uint64]struct{}{}
	}
	h := maphash.Bytes(jsonSeed, key) ^ uint64(object)*0x9e3779b97f4a7c15
	if _, ok := f.seen[h]; ok {
		return true
	}
	f.seen[h] = struct{}{}
	return false
}

// begin gets ready for another object.
func (f *jsonFields) begin() {
	f.next = 0
	if len(f.seen) > 1<<16 {
		f.seen = nil
	}
}

// find returns the key's place in list, or -1.
func (f *jsonFields) find(key []byte) int {
	if f.next < len(f.list) && f.list[f.next].name == string(key) {
		f.next++
		return f.next - 1
	}
	if i, ok := f.index[string(key)]; ok {
		f.next = i + 1
		return i
	}
	return -1
}

// add appends a new key. bad says why it cannot be a column or field. Of records it may be empty.
func (f *jsonFields) add(key string, node *jsonNode, object int64, record bool) (bad string) {
	folded := strings.ToLower(key)
	switch _, clash := f.lower[folded]; {
	case key == "" && !record:
		return "a key is empty"
	case strings.IndexByte(key, 0) >= 0:
		return "a key contains the character NUL"
	case clash:
		return "two keys differ only in upper and lower case: " + key
	}
	f.lower[folded] = len(f.list)
	f.index[key] = len(f.list)
	f.list = append(f.list, jsonField{key, node, object})
	f.next = len(f.list)
	return ""
}

// join makes the key, if it differs from another only in case, the same as that one.
func (f *jsonFields) join(key string, line int64) bool {
	i, ok := f.lower[strings.ToLower(key)]
	if !ok {
		return false
	}
	if f.alias == nil {
		f.alias = map[string]jsonAlias{}
	}
	f.alias[key] = jsonAlias{f.list[i].name, line}
	f.index[key] = i
	return true
}

// unnamed returns the name of the column of the empty key.
func (f *jsonFields) unnamed() string {
	for name := "_"; ; name += "_" {
		if _, ok := f.lower[name]; !ok {
			return name
		}
	}
}

// collapse joins all keys into one value, and forgets them.
func (f *jsonFields) collapse(object int64) {
	f.value = &jsonNode{}
	for _, field := range f.list {
		f.value.merge(field.node)
		if field.last == object {
			f.twice([]byte(field.name), object)
		}
	}
	f.list, f.index, f.lower, f.alias = nil, nil, nil, nil
}
