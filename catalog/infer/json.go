package infer

import (
	"context"
	"errors"
	"fmt"
	"io"
)

// The shapes of a JSON file, as DuckDB's read_json calls them.
const (
	jsonLines        = "newline_delimited" // each record on a line of its own
	jsonOneArray     = "array"             // one array of records
	jsonUnstructured = "unstructured"      // records one after another, over any number of lines
)

// JSON reads one JSON file and returns its layout and, if its records are objects, a column for each key, else the one
// column "json". It reads every record once if nothing is wrong; memory grows with the number of different keys and the
// longest string, not with the file.
//
// Malformed records are rejected (jsonScan says what is passed over with them), and the others are read a second time,
// one by one. So are records that are no objects if at least nine in ten are. A file with more malformed records than
// others is refused with the first error.
//
// Types hold every value. What DuckDB's reader would read differently, only Records reads (Layout.Own); the rest was
// checked:
//   - Numbers have the types that number gives them. A column with numbers of more digits than they hold is VARCHAR.
//   - Strings are DATE, TIMESTAMP, TIMESTAMP_NS, TIMESTAMPTZ or UUID if every one has that form, else VARCHAR.
//   - Scalars of different shapes (numbers and strings, say) are VARCHAR, scalars with arrays or objects JSON.
//   - Objects are STRUCT. They are MAP if their values are one type and their keys are data: more than 200 different
//     keys, ten and more that all are numbers, dates or UUIDs, or 32 and more of which an object has an eighth on the
//     average. Of more than 200 keys without one type they are JSON.
//   - null alone is the type Null, an empty object JSON.
//
// A key that an object has twice counts once, with its first value, as DuckDB's from_json has it. Keys of records that
// differ only in case are one column. Notices say so. Below the records, objects with such keys are JSON, as are maps
// with a key twice, and objects with an empty key; of records the empty key is a column with a name made up.
//
// An *Error says what is wrong with the file, with the line; other errors come from open, from reading, or from ctx.
func JSON(ctx context.Context, open Opener) (*File, error) {
	encoding, err := jsonEncodingOf(open)
	if err != nil {
		return nil, err
	}
	in := jsonInference{ctx: ctx, open: open, encoding: encoding}
	file, err := in.read()
	if errors.Is(err, errJSONNotUTF8) {
		if in.encoding, err = jsonLatinOf(open); err != nil {
			return nil, err
		}
		in.told = true
		file, err = in.read()
	}
	return file, err
}

// errJSONMore means that the array at the start does not hold all records, because more values follow it.
var errJSONMore = errors.New("more values follow the array")

// errJSONNotUTF8 means that the text is not UTF-8, and nobody has looked yet what else it is.
var errJSONNotUTF8 = errors.New("the text is not UTF-8")

// jsonInference reads one file as often as it takes: once if nothing is wrong with it.
type jsonInference struct {
	ctx      context.Context
	open     Opener
	encoding string
	told     bool // the encoding is certain
}

// read reads the file as it should be, and record by record if it is not.
func (in *jsonInference) read() (*File, error) {
	r, layout, err := in.readWell(true)
	if errors.Is(err, errJSONMore) {
		r, layout, err = in.readWell(false)
	}
	wrong := (*Error)(nil)
	if errors.As(err, &wrong) {
		if r.notUTF8 && !in.told && in.encoding == encodingUTF8 {
			return nil, errJSONNotUTF8
		}
		return in.readBadly(r, wrong)
	}
	if err != nil {
		return nil, err
	}
	if r.mostlyObjects() {
		layout.Records = true
		return in.readRecords(layout, nil)
	}
	layout.Own = layout.Own || in.encoding != encodingUTF8 || r.root.bareLine() > 0
	layout.MaxRecord = r.maxRecord
	return r.file(layout), nil
}

// readWell reads the file once. It returns an *Error if anything is malformed. asArray takes an array at the start for
// the array of all records.
func (in *jsonInference) readWell(asArray bool) (*jsonReader, *Layout, error) {
	text, src, err := jsonUTF8(in.open, in.encoding)
	if err != nil {
		return nil, nil, fmt.Errorf("open JSON text: %w", err)
	}
	defer src.Close()
	r := newJSONReader(in.ctx, text)
	r.decoded = jsonUTF16(in.encoding)
	layout := &Layout{Shape: jsonOneArray, Encoding: in.encoding}
	bom, err := r.byteOrderMark()
	if err != nil {
		return r, nil, err
	}
	c, ok := r.peek()
	if !ok {
		return r, nil, r.cut()
	}
	if c == '[' && asArray {
		err = r.readArray()
	} else {
		layout.Shape, layout.Own, err = r.readSequence(bom)
	}
	return r, layout, err
}

// readBadly reads what is not malformed in a file. It returns the first error if that is less than the rest.
func (in *jsonInference) readBadly(r *jsonReader, first *Error) (*File, error) {
	layout := &Layout{Shape: jsonUnstructured, Own: true, Encoding: in.encoding}
	lines, err := in.linesHold(r.array > 0)
	if err != nil {
		return nil, err
	}
	switch {
	case lines:
		layout.Shape = jsonLines
	case r.array > 0:
		layout.Shape = jsonOneArray
	}
	return in.readRecords(layout, first)
}

// readRecords reads the file record by record and passes over those that are malformed, or not what the layout says.
func (in *jsonInference) readRecords(layout *Layout, first *Error) (*File, error) {
	text, src, err := jsonUTF8(in.open, in.encoding)
	if err != nil {
		return nil, fmt.Errorf("open JSON text: %w", err)
	}
	defer src.Close()
	layout.Own = true
	s := newJSONScan(in.ctx, text, layout, nil)
	tree := newJSONReader(in.ctx, nil)
	for {
		record, line, err := s.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		tree.reset(record, line)
		if err := tree.record(); err != nil {
			return nil, err
		}
		layout.MaxRecord = max(layout.MaxRecord, int64(len(record)))
	}
	rows := tree.root.count + tree.root.nulls
	if first != nil && (rows == 0 || s.rejected > rows) {
		return nil, first
	}
	if !layout.Records && tree.mostlyObjects() {
		return in.readRecords(&Layout{Shape: layout.Shape, Records: true, Encoding: layout.Encoding}, nil)
	}
	file := tree.file(layout)
	if file.Rejected, file.Rejects = s.rejected, s.rejects; s.rejected > 0 {
		file.Notices = append(file.Notices, rejectNotice(s.rejected, s.rejects[0]))
	}
	return file, nil
}

// jsonHead is how many lines tell whether each record of a malformed file has its own.
const jsonHead = 100

// linesHold reports whether at least half of the first lines of the file hold whole values. In a file that may also be
// one array, more than half must hold whole arrays.
func (in *jsonInference) linesHold(array bool) (bool, error) {
	text, src, err := jsonUTF8(in.open, in.encoding)
	if err != nil {
		return false, fmt.Errorf("open JSON text: %w", err)
	}
	defer src.Close()
	s := newJSONScan(in.ctx, text, &Layout{Shape: jsonLines, Own: true}, nil)
	last, good, bad := int64(0), int64(0), int64(0)
	for good+bad+s.rejected < jsonHead && s.offset() < jsonMaxHeld {
		value, line, err := s.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return false, err
		}
		switch {
		case line == last:
		case array && value[0] != '[':
			bad++
		default:
			good++
		}
		last = line
	}
	if array {
		good--
	}
	return good > 0 && good >= s.rejected+bad, nil
}

// mostlyObjects reports whether the records are objects but for at most one in ten, which is a number, say. Those are
// rejected then: they would make one column of text of all the others.
func (r *jsonReader) mostlyObjects() bool {
	other := r.root.count - r.objectsAt
	return other > 0 && r.objectsAt >= 9*other
}

// byteOrderMark skips a byte order mark.
func (r *jsonReader) byteOrderMark() (found bool, err error) {
	r.has(4)
	head := r.buf[r.pos:r.end]
	switch {
	case r.err != nil:
		return false, r.err
	case len(head) >= 3 && string(head[:3]) == "\xef\xbb\xbf":
		r.pos += 3
		return true, nil
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
	case jsonBegins(c):
		return errJSONMore
	default:
		return r.expected("the end of the file after the array")
	}
}

// bareLine returns the line of the first number that read_json fails on, so that only Records reads it, if it is a record of its own: one that 64 bits
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
