package infer

import (
	"bytes"
	"fmt"
)

// The reasons why a record breaks the rules of quoting.
const (
	neverClosed    = "the quote that is opened here is never closed"
	textAfterQuote = "text follows a closing quote"
)

// opening returns where the quote that opens the field at b[i:] is, or -1. DuckDB lets one space stand before it.
func (r *records) opening(b []byte, i int) int {
	if i < len(b) && b[i] == ' ' && r.delim[0] != ' ' {
		n := spacesAt(b, i)
		if i += n; n > 1 && i < len(b) && b[i] == r.quote && r.quote != 0 {
			r.odd = true
		}
	}
	if i < len(b) && b[i] == r.quote && r.quote != 0 {
		return i
	}
	return -1
}

// quotedField reads the field whose opening quote is b[q].
func (r *records) quotedField(b []byte, q int) (next int, last bool, err error) {
	if r.escape == 0 {
		return r.loosely(b, q)
	}
	opened := r.line
	from, plain := q+1, true // plain: the text so far needs no unescaping
	begin := len(r.scratch)
	for j := from; j < len(b); j++ {
		c := b[j]
		if c == '\n' || c == '\r' {
			r.innerEnd(b, j)
		}
		if c == r.escape && c != r.quote || c == r.quote && r.escape == r.quote && j+1 < len(b) && b[j+1] == r.quote {
			if j+1 == len(b) {
				break
			}
			if b[j+1] != r.quote && b[j+1] != r.escape { // it stands for itself; DuckDB drops it
				r.odd = true
				continue
			}
			r.scratch = append(append(r.scratch, b[from:j]...), b[j+1])
			j++
			from, plain = j+1, false
			continue
		}
		if c != r.quote {
			continue
		}
		if j+1 < len(b) && b[j+1] == r.quote && r.escape != r.quote { // another writer doubled it
			r.odd = true
			r.scratch = append(r.scratch, b[from:j+1]...)
			j++
			from, plain = j+1, false
			continue
		}
		f := field{text: b[from:j], quoted: true}
		if !plain {
			r.scratch = append(r.scratch, b[from:j]...)
			f.text = r.scratch[begin:]
		}
		return r.closed(b, j+1, f)
	}
	if !r.eof {
		return 0, false, errPartial
	}
	return 0, false, &Error{Line: opened, Reason: neverClosed,
		Hint: "Close the quote, or double it if it is part of the text."}
}

// loosely reads the field whose opening quote is b[q] in a file that does not escape quotes: one closes the field if a
// delimiter or the end of the record follows.
func (r *records) loosely(b []byte, q int) (next int, last bool, err error) {
	opened := r.line
	for j := q + 1; j < len(b); j++ {
		c := b[j]
		if c == '\n' || c == '\r' {
			r.innerEnd(b, j)
		}
		if c != r.quote {
			continue
		}
		if j+1+len(r.delim) > len(b) && !r.eof {
			return 0, false, errPartial
		}
		if j+1 == len(b) || b[j+1] == '\n' || b[j+1] == '\r' || bytes.HasPrefix(b[j+1:], r.delim) {
			return r.closed(b, j+1, field{text: b[q+1 : j], quoted: true})
		}
	}
	if !r.eof {
		return 0, false, errPartial
	}
	return 0, false, &Error{Line: opened, Reason: neverClosed, Hint: "Close the quote."}
}

// innerEnd counts the line end at b[j], inside quotes. One of two characters counts at its second.
func (r *records) innerEnd(b []byte, j int) {
	switch {
	case b[j] == '\r' && j+1 < len(b) && b[j+1] == '\n':
		return
	case b[j] == '\r':
		r.inner.cr++
	case b[j-1] == '\r':
		r.inner.crlf++
	default:
		r.inner.lf++
	}
	r.line++
}

// closed reads what follows a closing quote: spaces, then a delimiter or the end of the record.
func (r *records) closed(b []byte, j int, f field) (next int, last bool, err error) {
	if r.delim[0] != ' ' || r.collapse && len(r.delim) > 1 {
		j += spacesAt(b, j)
	}
	if j+len(r.delim) > len(b) && !r.eof {
		return 0, false, errPartial
	}
	r.fields = append(r.fields, f)
	switch {
	case j == len(b):
		return j, true, nil
	case bytes.HasPrefix(b[j:], r.delim):
		j, err := r.behindDelimiter(b, j)
		return j, false, err
	case b[j] == '\n' || b[j] == '\r':
		n, err := r.lineEnd(b, j)
		if err != nil {
			return 0, false, err
		}
		return j + n, true, nil
	}
	return 0, false, &Error{Line: r.line, Reason: textAfterQuote,
		Hint: fmt.Sprintf("Double the quotes that are part of the text. Behind the closing quote stands %q.", shorten(b[j:]))}
}

// shorten cuts text for a message at its first line end, or after 20 bytes.
func shorten(b []byte) string {
	if i := bytes.IndexAny(b, "\r\n"); i >= 0 {
		b = b[:i]
	}
	if len(b) > 20 {
		return string(b[:20]) + "..."
	}
	return string(b)
}
