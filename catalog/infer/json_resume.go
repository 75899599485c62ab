package infer

import (
	"bytes"
	"errors"
	"fmt"
	"unicode"
)

// errJSONLong says that a record is not held.
var errJSONLong error = &Error{Reason: fmt.Sprintf("the record is longer than %d MiB", jsonMaxHeld>>20)}

// reject notes what is malformed about the record on a line.
func (s *jsonScan) reject(line int64, text []byte, bad error) {
	s.rejected++
	if len(s.rejects) >= maxRejects {
		return
	}
	reason := bad.Error()
	if wrong := (*Error)(nil); errors.As(bad, &wrong) {
		if reason = wrong.Reason; wrong.Line > line {
			reason = fmt.Sprintf("%s (line %d)", reason, wrong.Line)
		}
	}
	s.rejects = keepReject(s.rejects, Reject{Line: line, Reason: reason, Text: jsonReadable(text)})
}

// jsonReadable is text as it is kept: of at most maxRejectText bytes, and UTF-8.
func jsonReadable(text []byte) string {
	if len(text) > maxRejectText {
		text = text[:maxRejectText]
		text = text[:lastRune(text)]
	}
	return string(bytes.ToValidUTF8(bytes.TrimRight(text, " \t\r\n"), []byte("\ufffd")))
}

// passOver rejects what begins at hold, and goes to where the next record begins, or ends the scan.
func (s *jsonScan) passOver(bad error) {
	line := s.begin
	if wrong := (*Error)(nil); line == 0 && errors.As(bad, &wrong) { // the end of the file
		line = wrong.Line
	}
	if s.hold < 0 { // too long to be held, so that there is no way back
		s.reject(line, nil, bad)
		s.done = bad != errJSONLong
		return
	}
	s.again += int64(s.pos - s.hold)
	s.pos, s.line, s.last, s.hold, s.lost = s.hold, line, s.lastFeed, -1, false
	s.done = s.closed || s.again > jsonMaxHeld+4*s.offset()
	s.has(maxRejectText)
	text := bytes.Clone(s.buf[s.pos:min(s.pos+maxRejectText, s.end)])
	from := s.offset()
	if !s.done && !s.resume() {
		s.done = true
		if _, more := s.peek(); more {
			bad = jsonAndRest(bad)
		}
	}
	if n := s.offset() - from; !s.done && n < int64(len(text)) {
		text = text[:n]
	}
	s.reject(line, text, bad)
}

// jsonAndRest says of what is malformed that what follows is not read either.
func jsonAndRest(bad error) error {
	const rest = "; it is not certain where the next record begins, so what follows is not read"
	if wrong := (*Error)(nil); errors.As(bad, &wrong) {
		return &Error{Reason: wrong.Reason + rest, Line: wrong.Line}
	}
	return fmt.Errorf("%w%s", bad, rest)
}

// resume goes from the start of a malformed record to the start of the next, or the end of the array. False means that
// it is not certain where that is, or that the file ends.
func (s *jsonScan) resume() bool {
	if !s.has(1) {
		return false
	}
	c := s.buf[s.pos]
	switch {
	case c == ']' && s.ready: // after a comma too many
		s.ready = false
		return true
	case s.ownLine:
		return s.resumeAtLine(c)
	default:
		return s.resumeAfter()
	}
}

// resumeAtLine goes to the next line that begins as the record does, if all lines before are indented deeper, or close
// what was opened. A key or a comma there shows that the nesting is not indented.
func (s *jsonScan) resumeAtLine(opener byte) bool {
	nested := opener == '{' || opener == '['
	inArray := s.layout.Shape == jsonOneArray
	for {
		s.skipLine()
		c, ok := s.indented()
		indent := s.offset() - s.last
		switch {
		case !ok:
			return false
		case c == '\n' || indent > s.indent:
		case inArray && c == ']' && (indent < s.indent || opener != '['):
			s.ready = false
			return true
		case indent < s.indent:
			return false
		case c == '{' && opener != '[' || c == '[' && opener != '{':
			s.ready = true
			return true
		case unicode.IsLetter(rune(c)) && !(nested && jsonBegins(c)): // no JSON: another malformed record
			s.ready = true
			return true
		case c != '}' && c != ']':
			return false
		}
	}
}

// indented skips white space within the line.
func (s *jsonScan) indented() (byte, bool) {
	for s.has(1) {
		if c := s.buf[s.pos]; c != ' ' && c != '\t' && c != '\r' {
			return c, true
		}
		s.pos++
	}
	return 0, false
}

// resumeAfter goes behind the bracket that closes the record, if all brackets and quotes up to there are in pairs.
func (s *jsonScan) resumeAfter() bool {
	inArray := s.layout.Shape == jsonOneArray
	var open []byte
	for s.has(1) {
		c := s.buf[s.pos]
		switch c {
		case '"':
			if _, _, _, ok := s.quoted(); !ok {
				return false
			}
			continue
		case '{', '[':
			open = append(open, c+2) // the bracket that closes it
		case '}', ']':
			if len(open) == 0 {
				return inArray && c == ']'
			}
			if open[len(open)-1] != c {
				return false
			}
			if open = open[:len(open)-1]; len(open) == 0 {
				s.pos++
				c, ok := s.peek()
				return inArray && (c == ',' || c == ']') || !inArray && ok && (c == '{' || c == '[')
			}
		case ',':
			if len(open) == 0 {
				return inArray
			}
		case '\n':
			s.line++
			if s.last = s.offset() + 1; len(open) == 0 {
				return false
			}
		}
		s.pos++
	}
	return false
}
