package infer

import (
	"bytes"
	"context"
	"io"
	"unicode/utf8"
)

// jsonMaxDepth is how deep arrays and objects may lie in each other, records included.
const jsonMaxDepth = 200

// jsonReader walks over the records of one file and notes in a tree of nodes what it sees.
type jsonReader struct {
	*jsonInput
	root    *jsonNode // the records
	column  *jsonNode // the column that is being read, or root
	objects int64     // how many objects have begun: their number
	nodes   int       // in the tree
	scratch []byte    // the last text with escapes

	begin     int64 // the line on which the current record begins; 0 between records
	array     int64 // the line on which the array of all records begins; 0 if there is none
	maxRecord int64 // bytes
	objectsAt int64 // how many records are objects

	decoded bool       // from UTF-16
	notUTF8 bool       // a string is not UTF-8
	inLine  bool       // the text is one line of a file
	fixer   *jsonFixer // notes what to change in the text; nil if nothing is
}

func newJSONReader(ctx context.Context, src io.Reader) *jsonReader {
	root := &jsonNode{}
	root.keepStatistics()
	return &jsonReader{jsonInput: newJSONInput(ctx, src), root: root, column: root}
}

// record reads one record.
func (r *jsonReader) record() error {
	if _, ok := r.peek(); !ok {
		return r.cut()
	}
	start := r.offset()
	r.begin = r.line
	r.column = r.root
	if r.buf[r.pos] == '{' {
		r.objectsAt++
	}
	if err := r.value(r.root, 0); err != nil {
		return err
	}
	r.begin = 0
	r.maxRecord = max(r.maxRecord, r.offset()-start)
	return nil
}

// value reads one value and notes it in n; n is nil where nothing is told apart. depth counts what it lies in.
func (r *jsonReader) value(n *jsonNode, depth int) error {
	c, ok := r.peek()
	switch {
	case !ok:
		return r.cut()
	case c == '"':
		text, err := r.text()
		if n != nil && err == nil {
			n.addString(text, r.line)
		}
		return err
	case c == '-' || c-'0' <= 9:
		return r.numberInto(n, depth)
	case depth == jsonMaxDepth && (c == '{' || c == '['):
		return r.wrong("flatten the data", "arrays and objects lie more than %d deep in each other", jsonMaxDepth)
	case c == '{':
		return r.objectInto(n, depth+1)
	case c == '[':
		return r.arrayInto(n, depth+1)
	default:
		return r.wordInto(n, c)
	}
}

// wordInto reads true, false or null.
func (r *jsonReader) wordInto(n *jsonNode, c byte) error {
	var word string
	switch c {
	case 't':
		word = "true"
	case 'f':
		word = "false"
	case 'n':
		word = "null"
	default:
		return r.expected(jsonWantValue)
	}
	if r.has(len(word)); string(r.buf[r.pos:min(r.pos+len(word), r.end)]) != word {
		if r.end-r.pos < len(word) && word[:r.end-r.pos] == string(r.buf[r.pos:r.end]) {
			r.pos = r.end
		}
		return r.expected(word)
	}
	r.pos += len(word)
	switch {
	case n == nil:
	case c == 'n':
		n.nulls++
	case c == 't':
		n.addBool(jsonTrue, word, r.line)
	default:
		n.addBool(jsonFalse, word, r.line)
	}
	return nil
}

func (r *jsonReader) numberInto(n *jsonNode, depth int) error {
	tok := r.number()
	if n == nil && len(tok) <= 16 && jsonIsNumber(tok) {
		return nil
	}
	num, ok := jsonParseNumber(tok)
	if !ok {
		if r.err != nil || r.pos == r.end && r.eof {
			return r.cut()
		}
		hint := "JSON numbers have no leading zeros and no plus sign, and digits on both sides of the point"
		if c := r.buf[r.pos]; len(tok) == 1 && c == 'I' {
			hint = jsonHints[c]
		}
		return r.wrong(hint, "expected a number, found %.40s", tok)
	}
	if num.long && (r.fixer != nil || r.column.rounded == 0 || n != nil && n.digits.lossy == 0) && !jsonFaithful(tok, num) {
		num.lossy = true
		if r.column.rounded == 0 {
			r.column.rounded, r.column.roundedAs = r.line, string(tok)
		}
	}
	if r.fixer != nil && num.kind != jsonInt {
		r.fixer.number(tok, num, r.offset(), depth)
	}
	if n != nil {
		n.addNumber(num, tok, r.line)
	}
	return nil
}

// text reads a string and returns what it stands for, valid until the next read.
func (r *jsonReader) text() ([]byte, error) {
	raw, escaped, high, ok := r.quoted()
	if !ok {
		if !r.has(2) {
			r.pos = r.end
			return nil, r.cut()
		}
		return nil, r.wrong(`write \n for a line break and \t for a tab; or a closing quote is missing`,
			"expected the closing quote of a string, found the control character %U", r.buf[r.pos])
	}
	if high && !utf8.Valid(raw) {
		r.notUTF8 = true
		return nil, r.wrong("convert the file to UTF-8", "a string is not valid UTF-8")
	}
	if high && r.decoded && bytes.Contains(raw, []byte("\ufffd")) {
		return nil, r.wrong("", "half of a surrogate pair stands alone in UTF-16 text, or the character U+FFFD, which means the same")
	}
	if !escaped {
		return raw, nil
	}
	var bad string
	if r.scratch, bad = jsonDecode(r.scratch[:0], raw); bad != "" {
		return nil, r.wrong("", "%s", bad)
	}
	return r.scratch, nil
}

func (r *jsonReader) arrayInto(n *jsonNode, depth int) error {
	var elem *jsonNode
	if n != nil {
		n.note(jsonArray, r.line)
		if n.opaque == "" && n.elem == nil {
			n.elem = r.node(n)
		}
		elem = n.elem
	}
	r.pos++
	if c, ok := r.peek(); ok && c == ']' {
		r.pos++
		return nil
	}
	for {
		if err := r.value(elem, depth); err != nil {
			return err
		}
		switch c, _ := r.peek(); c {
		case ',':
			r.pos++
		case ']':
			r.pos++
			return nil
		default:
			return r.expected("a comma or ] after an element")
		}
	}
}

func (r *jsonReader) objectInto(n *jsonNode, depth int) error {
	r.objects++
	id := r.objects
	if n != nil {
		n.note(jsonObject, r.line)
		if n.opaque == "" && n.object == nil {
			n.object = newJSONFields()
		}
		if n.object != nil {
			n.object.begin()
		}
	}
	r.pos++
	c, _ := r.peek()
	if c == '}' {
		r.pos++
		return nil
	}
	for {
		if c != '"' {
			return r.expected(jsonWantKey)
		}
		if err := r.pair(n, id, depth); err != nil {
			return err
		}
		switch c, _ = r.peek(); c {
		case ',':
			r.pos++
			c, _ = r.peek()
		case '}':
			r.pos++
			return nil
		default:
			return r.expected("a comma or } after a value")
		}
	}
}

// pair reads one key with its value, of the object whose number is id.
func (r *jsonReader) pair(n *jsonNode, id int64, depth int) error {
	from := r.offset()
	key, err := r.text()
	if err != nil {
		return err
	}
	if depth == 1 {
		r.fixer.name(key, from, r.offset())
	}
	var child *jsonNode
	if n != nil {
		child = r.child(n, key, id)
	}
	if n == r.root {
		if r.column = child; child == nil {
			r.column = r.root
		}
	}
	if c, _ := r.peek(); c != ':' {
		return r.expected("a colon after a key")
	}
	r.pos++
	return r.value(child, depth)
}

// child returns the node for a key of the object whose number is id; nil if n is opaque or becomes so.
func (r *jsonReader) child(n *jsonNode, key []byte, id int64) *jsonNode {
	f := n.object
	if f == nil {
		return nil
	}
	if f.value != nil {
		if f.twice(key, id) {
			n.hide("an object has a key twice: "+string(key), r.line)
			return nil
		}
		return f.value
	}
	if i := f.find(key); i >= 0 {
		field := &f.list[i]
		if field.last == id {
			if n.twice == 0 {
				n.twice, n.twiceKey = r.line, string(key)
			}
			return nil
		}
		field.last = id
		return field.node
	}
	if n == r.root && len(f.list) > 0 && f.join(string(key), r.line) {
		return r.child(n, key, id)
	}
	if len(f.list) == jsonMaxFields && n != r.root || len(f.list) == jsonMaxColumns {
		if f.collapse(id); n.twice > 0 {
			n.hide("an object has a key twice: "+n.twiceKey, n.twice)
			return nil
		}
		r.nodes = r.root.size()
		return r.child(n, key, id)
	}
	node := r.node(n)
	if node == nil {
		return nil
	}
	if n == r.root {
		node.keepStatistics()
	}
	if bad := f.add(string(key), node, id, n == r.root); bad != "" {
		n.hide(bad, r.line)
		return nil
	}
	return node
}

// keepStatistics makes the node one of a column.
func (n *jsonNode) keepStatistics() {
	n.stats, n.distinct, n.proof = true, &distinctSketch{}, &jsonProof{}
}

// node returns a new node below n, or nil if there are too many, and then n is opaque.
func (r *jsonReader) node(n *jsonNode) *jsonNode {
	if r.nodes++; r.nodes > jsonMaxNodes {
		n.hide("the records have too many different keys", r.line)
		return nil
	}
	return &jsonNode{}
}

// size returns how many nodes there are below n.
func (n *jsonNode) size() int {
	total := 0
	if n.elem != nil {
		total += 1 + n.elem.size()
	}
	if f := n.object; f != nil {
		if f.value != nil {
			total += 1 + f.value.size()
		}
		for _, field := range f.list {
			total += 1 + field.node.size()
		}
	}
	return total
}
