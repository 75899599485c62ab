package infer

// jsonChunk is the least maximum_object_size that read_json is given, which is also how much it reads at a time.
const jsonChunk = 16 << 20

// jsonSequence is what decides the shape of a file of records one after another.
type jsonSequence struct {
	records int64
	loose   int64 // line of the first record that is a number, true, false or null; 0 if there is none
	spread  int64 // line of the first record that shares its line with another or takes several; 0 if there is none
}

// readSequence reads the file as records one after another, and returns its shape, and whether only Records reads it.
func (r *jsonReader) readSequence(bom bool) (shape string, own bool, err error) {
	var s jsonSequence
	var lastLine, lastStart int64
	for {
		c, ok := r.peek()
		if !ok {
			break
		}
		line := r.line
		lastStart = r.offset()
		if c != '{' && c != '[' && c != '"' && s.loose == 0 {
			s.loose = line
		}
		if s.records > 0 && !jsonBegins(c) {
			return "", false, r.between()
		}
		if err := r.record(); err != nil {
			return "", false, err
		}
		if (line == lastLine || r.line != line) && s.spread == 0 {
			s.spread = line
		}
		s.records++
		lastLine = r.line
	}
	if r.err != nil {
		return "", false, r.err
	}
	shape, own = r.sequenceShape(s, bom, lastStart)
	return shape, own, nil
}

// sequenceShape chooses the shape that read_json reads such a file with. Checked against DuckDB 1.5.6:
//   - newline_delimited takes no byte order mark; unstructured does, but numbers, true, false and null only alone.
//   - newline_delimited finds nothing in a file of one digit.
//   - newline_delimited fails, with several threads, on a last line that has no line feed and does not lie within one
//     chunk; chunks are as long as maximum_object_size.
func (r *jsonReader) sequenceShape(s jsonSequence, bom bool, lastStart int64) (shape string, own bool) {
	tail := r.offset() - r.last
	from := min(lastStart, r.last)
	across := tail > 0 && r.offset() > jsonChunk &&
		(from/jsonChunk != r.offset()/jsonChunk || r.maxRecord > jsonChunk/2)
	alone := s.loose > 0 && s.records == 1
	if !bom && s.spread == 0 && !across && !alone {
		return jsonLines, false
	}
	return jsonUnstructured, s.loose > 0 && !alone
}

// between returns the error that something stands between records.
func (r *jsonReader) between() error {
	if r.buf[r.pos] == ',' {
		return r.wrong("put [ and ] around the records, or remove the commas", "expected a record, found ,")
	}
	return r.expected("a record or the end of the file")
}
