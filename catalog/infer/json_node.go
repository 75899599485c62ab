package infer

import (
	"bytes"
	"hash/maphash"
	"strings"
)

// jsonSeen is a set of the shapes that values have.
type jsonSeen uint16

const (
	jsonTrue jsonSeen = 1 << iota
	jsonFalse
	jsonInt   // within 64 bits
	jsonWide  // an integer within 128 bits
	jsonHuge  // a number beyond HUGEINT, or beyond DOUBLE
	jsonFloat // a number with a point or an exponent
	jsonString
	jsonArray
	jsonObject

	jsonBools   = jsonTrue | jsonFalse
	jsonNumbers = jsonInt | jsonWide | jsonHuge | jsonFloat
	jsonScalars = jsonBools | jsonNumbers | jsonString
)

// The limits that keep memory flat and types usable.
const (
	jsonMaxColumns = 4096  // keys of a record that become columns
	jsonMaxFields  = 200   // keys of an object inside a record; more, over all records, make it a map
	jsonMaxNodes   = 20000 // places in the records (columns, fields, elements) that are told apart
)

// jsonNode is what was seen at one place of the records: a column, a field, the elements of an array, the values of a
// map, or the records themselves.
type jsonNode struct {
	seen  jsonSeen
	count int64 // values other than null
	nulls int64
	first [9]int64 // the line of the first value of each shape, in the order of the bits of jsonSeen

	stats              bool // keep bounds of values for statistics: it is a column
	minInt, maxInt     int64
	minFloat, maxFloat float64
	minWide, maxWide   string    // digits of jsonWide; empty if there are none
	text               *jsonText // strings; nil if there are none

	elem   *jsonNode   // elements of arrays; nil if there are none
	object *jsonFields // keys of objects; nil if there are none

	opaque     string // why nothing below is told apart, so that it must stay JSON text; empty if it need not
	opaqueLine int64
	rounded    int64  // line of the first number in the column whose digits DOUBLE cannot hold; 0 if there is none
	roundedAs  string // that number
}

// note records one value of a shape, on a line.
func (n *jsonNode) note(s jsonSeen, line int64) {
	n.count++
	if n.seen&s == 0 {
		n.seen |= s
		for i := range n.first {
			if s == 1<<i {
				n.first[i] = line
			}
		}
	}
}

// firstOf returns the line of the first value among the shapes of s.
func (n *jsonNode) firstOf(s jsonSeen) int64 {
	var line int64
	for i, l := range n.first {
		if s&(1<<i) != 0 && l > 0 && (line == 0 || l < line) {
			line = l
		}
	}
	return line
}

// addNumber records a number, written as tok.
func (n *jsonNode) addNumber(num jsonNumber, tok []byte, line int64) {
	had := n.seen&num.kind != 0
	n.note(num.kind, line)
	switch num.kind {
	case jsonInt:
		if !had || num.int < n.minInt {
			n.minInt = num.int
		}
		if !had || num.int > n.maxInt {
			n.maxInt = num.int
		}
	case jsonFloat:
		if !had || num.float < n.minFloat {
			n.minFloat = num.float
		}
		if !had || num.float > n.maxFloat {
			n.maxFloat = num.float
		}
	case jsonWide:
		if !n.stats {
			return
		}
		text := string(tok)
		if !had || jsonCompareInts(text, n.minWide) < 0 {
			n.minWide = text
		}
		if !had || jsonCompareInts(text, n.maxWide) > 0 {
			n.maxWide = text
		}
	}
}

// addString records a string.
func (n *jsonNode) addString(text []byte, line int64) {
	n.note(jsonString, line)
	if n.text == nil {
		n.text = &jsonText{}
	}
	n.text.add(text, n.stats)
}

// hide makes the node opaque. The first reason stays.
func (n *jsonNode) hide(reason string, line int64) {
	if n.opaque == "" {
		n.opaque, n.opaqueLine = reason, line
	}
	n.elem, n.object = nil, nil
}

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
	lower map[string]struct{} // the names without regard to case
	next  int                 // where the next key is expected, because objects repeat their order

	// Once there are too many keys, value stands for all values, and list is empty.
	value *jsonNode
	seen  map[uint64]struct{} // hashes of objects' numbers with their keys, to find a key that is there twice
}

func newJSONFields() *jsonFields {
	return &jsonFields{index: map[string]int{}, lower: map[string]struct{}{}}
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

// add appends a new key. bad says why it cannot be a column or field.
func (f *jsonFields) add(key string, node *jsonNode, object int64) (bad string) {
	folded := strings.ToLower(key)
	switch _, clash := f.lower[folded]; {
	case key == "":
		return "a key is empty"
	case strings.IndexByte(key, 0) >= 0:
		return "a key contains the character NUL"
	case clash:
		return "two keys differ only in upper and lower case: " + key
	}
	f.lower[folded] = struct{}{}
	f.index[key] = len(f.list)
	f.list = append(f.list, jsonField{key, node, object})
	f.next = len(f.list)
	return ""
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
	f.list, f.index, f.lower = nil, nil, nil
}

// jsonText is what is known of the strings at one place.
type jsonText struct {
	forms    jsonForms // the forms seen so far
	min, max []byte    // bytewise, for statistics
	long     bool      // a bound is too long to keep
	from, to jsonTime  // the first and last of strings that are points in time
	timed    bool      // from and to are set
}

// maxStatText is how long a bound may be in bytes to be kept among the statistics.
const maxStatText = 256

func (t *jsonText) add(s []byte, stats bool) {
	first := t.forms == 0
	if t.forms&jsonPlainText == 0 {
		form, at := jsonFormOf(s)
		t.forms |= form
		if form&jsonTimes != 0 {
			t.span(at, at)
		}
	}
	if !stats || t.long {
		return
	}
	if first || bytes.Compare(s, t.min) < 0 {
		t.min = append(t.min[:0], s...)
		t.long = len(s) > maxStatText
	}
	if first || bytes.Compare(s, t.max) > 0 {
		t.max = append(t.max[:0], s...)
		t.long = t.long || len(s) > maxStatText
	}
}

// span widens the range of points in time.
func (t *jsonText) span(from, to jsonTime) {
	if !t.timed || from.before(t.from) {
		t.from = from
	}
	if !t.timed || t.to.before(to) {
		t.to = to
	}
	t.timed = true
}
