package infer

import "math/bits"

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

	stats              bool            // keep bounds of values for statistics: it is a column
	distinct           *distinctSketch // of a column
	proof              *jsonProof      // of a column
	minInt, maxInt     int64
	minFloat, maxFloat float64
	minWide, maxWide   string // digits of jsonWide; empty if there are none
	digits             jsonDigitsSeen
	text               *jsonText // strings; nil if there are none

	elem   *jsonNode   // elements of arrays; nil if there are none
	object *jsonFields // keys of objects; nil if there are none

	opaque     string // why nothing below is told apart, so that it must stay JSON text; empty if it need not
	opaqueLine int64
	twice      int64  // line of the first object that has a key twice; 0 if there is none
	twiceKey   string // that key
	rounded    int64  // line of the first number in the column whose digits DOUBLE cannot hold; 0 if there is none
	roundedAs  string // that number
}

// note records one value of a shape, on a line. It reports whether it is the first.
func (n *jsonNode) note(s jsonSeen, line int64) bool {
	n.count++
	if n.seen&s != 0 {
		return false
	}
	n.seen |= s
	n.first[bits.TrailingZeros16(uint16(s))] = line
	return true
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

// addBool records true or false.
func (n *jsonNode) addBool(s jsonSeen, word string, line int64) {
	if n.note(s, line) && n.proof != nil {
		n.proof.shape(s, []byte(word))
	}
}

// addNumber records a number, written as tok.
func (n *jsonNode) addNumber(num jsonNumber, tok []byte, line int64) {
	first := n.note(num.kind, line)
	if first && n.proof != nil {
		n.proof.shape(num.kind, tok)
	}
	switch num.kind {
	case jsonInt:
		if first || num.int < n.minInt {
			n.minInt = num.int
		}
		if first || num.int > n.maxInt {
			n.maxInt = num.int
		}
	case jsonFloat:
		if first || num.float < n.minFloat {
			n.minFloat = num.float
		}
		if first || num.float > n.maxFloat {
			n.maxFloat = num.float
		}
		if d := &n.digits; num.scale != moneyScale && d.odd == 0 {
			d.odd, d.oddAs = line, jsonProofText(tok)
		}
		n.digits.add(num, line)
	case jsonWide:
		n.digits.wide = max(n.digits.wide, int16(len(tok)))
		if n.stats {
			n.addWide(string(tok), first)
		}
	}
	if n.distinct != nil {
		n.distinct.add(num.hash(tok))
	}
}

// addWide records the bounds of integers beyond 64 bits.
func (n *jsonNode) addWide(text string, first bool) {
	if first || jsonCompareInts(text, n.minWide) < 0 {
		n.minWide = text
	}
	if first || jsonCompareInts(text, n.maxWide) > 0 {
		n.maxWide = text
	}
}

// addString records a string.
func (n *jsonNode) addString(text []byte, line int64) {
	first := n.note(jsonString, line)
	if n.text == nil {
		n.text = &jsonText{}
	}
	before := n.text.forms
	n.text.add(text, n.stats)
	if n.distinct != nil {
		n.distinct.add(distinctHash(text))
	}
	if n.proof != nil {
		if first {
			n.proof.shape(jsonString, text)
		}
		if added := n.text.forms &^ before; added != 0 {
			n.proof.form(added, line, text)
		}
	}
}

// hide makes the node opaque. The first reason stays.
func (n *jsonNode) hide(reason string, line int64) {
	if n.opaque == "" {
		n.opaque, n.opaqueLine = reason, line
	}
	n.elem, n.object = nil, nil
}
