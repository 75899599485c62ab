package infer

import (
	"context"
	"errors"
	"fmt"
)

// The shapes of a JSON file, as DuckDB's read_json calls them.
const (
	jsonLines        = "newline_delimited" // each record on a line of its own
	jsonOneArray     = "array"             // one array of records
	jsonUnstructured = "unstructured"      // records one after another, over any number of lines
)

// JSON reads one JSON file and returns its layout and, if its records are objects, a column for each key, else the one
// column "json". It reads every record, once, or the first array twice if more follows it; memory grows with the
// number of different keys and the longest string, not with the file.
//
// Types hold every value as DuckDB's read_json reads it, which was checked:
//   - Integers are BIGINT or HUGEINT, numbers with a point or an exponent DOUBLE. Integers up to 2^53 go with the latter.
//     Numbers that have no common type, or none at all, are VARCHAR. Digits that DOUBLE cannot hold are lost in every
//     type, because read_json goes through DOUBLE: a notice says so.
//   - Strings are DATE, TIMESTAMP, TIMESTAMP_NS, TIMESTAMPTZ or UUID if every one has that form, else VARCHAR.
//   - Scalars of different shapes (numbers and strings, say) are VARCHAR, scalars with arrays or objects JSON.
//   - Objects are STRUCT. They are MAP if they have more than 200 different keys, or ten and more that all look like
//     data (numbers, dates, UUIDs), and the values one type; without one type they are JSON.
//   - null alone is the type Null, an empty object JSON.
//
// Objects that no STRUCT can hold are JSON, with a notice: they have a key twice, an empty key, or two keys that differ
// only in case. If that happens to the records themselves, they become the one column "json".
//
// An *Error says what is wrong with the file, with the line; other errors come from open, from reading, or from ctx.
func JSON(ctx context.Context, open Opener) (*File, error) {
	file, err := readJSON(ctx, open, true)
	if errors.Is(err, errJSONMore) {
		file, err = readJSON(ctx, open, false)
	}
	return file, err
}

// errJSONMore means that the array at the start does not hold all records, because more values follow it.
var errJSONMore = errors.New("more values follow the array")

// readJSON reads the file once. asArray takes an array at the start for the array of all records.
func readJSON(ctx context.Context, open Opener, asArray bool) (*File, error) {
	src, err := open()
	if err != nil {
		return nil, fmt.Errorf("open JSON text: %w", err)
	}
	defer src.Close()
	r := newJSONReader(ctx, src)
	bom, err := r.byteOrderMark()
	if err != nil {
		return nil, err
	}
	c, ok := r.peek()
	if !ok {
		return nil, r.cut()
	}
	layout := &Layout{Shape: jsonOneArray}
	if c == '[' && asArray {
		err = r.readArray()
	} else {
		layout.Shape, err = r.readSequence(bom)
	}
	if err != nil {
		return nil, err
	}
	if line := r.root.bareLine(); line > 0 {
		return nil, &Error{"a number beyond 64 bits is a record of its own, which cannot be read", line,
			"put the numbers into objects, such as {\"n\": 1}"}
	}
	layout.MaxRecord = r.maxRecord
	return r.file(layout), nil
}

// byteOrderMark skips a byte order mark, and refuses those of UTF-16 and UTF-32.
func (r *jsonReader) byteOrderMark() (found bool, err error) {
	r.has(4)
	head := r.buf[r.pos:r.end]
	switch {
	case r.err != nil:
		return false, r.err
	case len(head) >= 3 && string(head[:3]) == "\xef\xbb\xbf":
		r.pos += 3
		return true, nil
	case len(head) >= 2 && (head[0] == 0 || head[1] == 0 || head[0] >= 0xfe && head[1] >= 0xfe):
		return false, r.wrong("convert the file to UTF-8", "the text is UTF-16 or UTF-32; JSON is UTF-8")
	}
	return false, nil
}

// readArray reads the file as one array of records.
func (r *jsonReader) readArray() error {
	r.array = r.line
	r.pos++
	if c, ok := r.peek(); ok && c == ']' {
		r.pos++
		return r.finish(r.wrong("", "the array is empty: there are no records"))
	}
	for {
		if err := r.record(); err != nil {
			return err
		}
		switch c, _ := r.peek(); c {
		case ',':
			r.pos++
		case ']':
			r.pos++
			return r.finish(nil)
		default:
			return r.expected("a comma or ] after a record")
		}
	}
}

// finish checks that nothing follows the array, and returns result then.
func (r *jsonReader) finish(result error) error {
	c, ok := r.peek()
	switch {
	case r.err != nil:
		return r.err
	case !ok:
		return result
	case c == '{' || c == '[' || c == '"' || c == '-' || c-'0' <= 9 || c == 't' || c == 'f' || c == 'n':
		return errJSONMore
	default:
		return r.expected("the end of the file after the array")
	}
}

// bareLine returns the line of the first number that read_json fails on if it is a record of its own: one that 64 bits
// cannot hold, signed or unsigned (checked against DuckDB 1.5.6). It returns 0 if there is none.
func (n *jsonNode) bareLine() int64 {
	if n.seen&jsonHuge != 0 {
		return n.firstOf(jsonHuge)
	}
	if n.seen&jsonWide != 0 && (jsonCompareInts(n.minWide, "-9223372036854775808") < 0 ||
		jsonCompareInts(n.maxWide, "18446744073709551615") > 0) {
		return n.firstOf(jsonWide)
	}
	return 0
}
