package infer

import (
	"bytes"
	"fmt"
	"strings"
)

// csvTail holds records back that may be no rows: notes, totals or another table behind the rows, or a header that is
// repeated among them. The next full row tells.
type csvTail struct {
	held   []heldRecord
	second int64 // the line on which a second table begins, 0 while there is none

	secondLines int64 // of the second table
}

// heldRecord is a copy of a record.
type heldRecord struct {
	fields []field
	line   int64
	text   string
	apart  bool // a blank line stands before it
	fits   bool // its cells are of the columns' types
}

// maxHeld is how many records are held back before they count as rows.
const maxHeld = 10_000

// hold takes a record if it may be no row. Records that were held are rows, or rejected, once a full row follows.
func (t *csvTail) hold(p *csvPass, fields []field) bool {
	r := p.reader
	if n := len(r.named); n > 0 && len(p.columns) > 1 && len(r.raw) >= n && r.raw[0] == r.named[0] && bytes.HasPrefix(r.raw, r.named) && len(trimLine(r.raw)) == n {
		if p.skip(Reject{Line: r.start, Reason: "it repeats the header", Text: rejectText(r.raw)}) {
			return true
		}
	}
	switch {
	case t.second > 0:
		t.rejectSecond(p, r.start, rejectText(r.raw))
		return true
	case len(fields) == len(p.columns) && !r.apart && !isTotal(fields) && !isPadded(fields):
		t.release(p)
		return false
	}
	return t.doubt(p, fields)
}

// doubt is hold for a record that is short, a total, or stands behind a blank line.
func (t *csvTail) doubt(p *csvPass, fields []field) bool {
	r := p.reader
	full, fits, total := len(fields) == len(p.columns), p.fits(fields), isTotal(fields)
	switch {
	case full && fits && !(total && r.apart) && !(isPadded(fields) && isNote(fields)):
		if total {
			p.totalLine = r.start
		}
		t.release(p)
		return false
	case full && r.apart && p.likeHeader(fields):
		t.begin(p, r.start)
		t.rejectSecond(p, r.start, rejectText(r.raw))
		return true
	case !full && fits && !r.apart && len(t.held) == 0 && (len(fields) > 1 || len(p.columns) < 3 || isTyped(string(fields[0].text))):
		return false
	}
	t.keep(p, fields, fits)
	return true
}

// keep holds a record back.
func (t *csvTail) keep(p *csvPass, fields []field, fits bool) {
	r := p.reader
	if len(t.held) >= maxHeld {
		if t.held[0].fits && !t.held[0].apart {
			t.release(p)
		} else {
			t.begin(p, r.start)
			t.rejectSecond(p, r.start, rejectText(r.raw))
			return
		}
	}
	h := heldRecord{line: r.start, text: rejectText(r.raw), apart: r.apart, fits: fits}
	for _, f := range fields {
		h.fields = append(h.fields, field{text: bytes.Clone(f.text), quoted: f.quoted})
	}
	t.held = append(t.held, h)
}

// begin makes what is held, and all that follows, a second table; line is where it begins if nothing is held.
func (t *csvTail) begin(p *csvPass, line int64) {
	t.second = line
	if len(t.held) > 0 {
		t.second = t.held[0].line
	}
	for _, h := range t.held {
		t.rejectSecond(p, h.line, h.text)
	}
	t.held = nil
}

// rejectSecond rejects a record of a second table.
func (t *csvTail) rejectSecond(p *csvPass, line int64, text string) {
	t.secondLines++
	p.reject(Reject{Line: line, Reason: fmt.Sprintf("it belongs to a second table, which begins on line %d", t.second), Text: text})
}

// release turns what is held into rows and rejects, since a row follows.
func (t *csvTail) release(p *csvPass) {
	for _, h := range t.held {
		if !h.fits && len(h.fields) < len(p.columns) {
			reason := fmt.Sprintf("expected %s, found %d, which do not fit the columns' types", counted(int64(len(p.columns)), "column", "columns"), len(h.fields))
			if p.skip(Reject{Line: h.line, Reason: reason, Text: h.text}) {
				continue
			}
		}
		p.take(h.fields, h.line)
	}
	t.held = t.held[:0]
}

// end decides on what is held when nothing follows: a table of its own, whose rows are rejected, or notes and totals.
func (t *csvTail) end(p *csvPass) {
	if t.second == 0 && len(t.held) > 0 {
		rows := 0
		for _, h := range t.held {
			if len(h.fields) > 1 && !isPadded(h.fields) {
				rows++
			}
		}
		switch first := t.held[0]; {
		case !t.notes(p):
			t.release(p)
		case rows >= 3:
			t.begin(p, first.line)
		default:
			p.dialect.End = first.line
			p.notices = append(p.notices, fmt.Sprintf("%s behind the table, from line %d on, passed over, the first is %q",
				counted(int64(len(t.held)), "line is", "lines are"), first.line, shorten([]byte(first.text))))
		}
	}
	if t.second > 0 {
		p.dialect.End = t.second
		p.notices = append(p.notices, fmt.Sprintf("a second table begins on line %d; its %s not part of this one", t.second, counted(t.secondLines, "line is", "lines are")))
	}
}

// notes reports whether what is held at the end of the file is no row: a blank line sets it apart, it is a total that does
// not fit, or it reads like a note.
func (t *csvTail) notes(p *csvPass) bool {
	h := t.held[0]
	short := len(h.fields) < len(p.columns)
	single := short && len(h.fields) == 1 && len(p.columns) > 2 || isPadded(h.fields)
	switch {
	case h.apart:
		return short || !h.fits || isTotal(h.fields) || single
	case isTotal(h.fields):
		return !h.fits
	}
	return isNote(h.fields) && (single || !h.fits)
}

// isPadded reports whether nothing stands behind the first of three or more cells.
func isPadded(fields []field) bool {
	if len(fields) < 3 {
		return false
	}
	for _, f := range fields[1:] {
		if len(f.text) > 0 || f.quoted {
			return false
		}
	}
	return true
}

// isNote reports whether the first cell of a record is empty or reads like a sentence, a label or a remark.
func isNote(fields []field) bool {
	s := bytes.TrimSpace(fields[0].text)
	return len(s) == 0 || bytes.ContainsAny(s, " :(*") || bytes.EqualFold(s, []byte("eof")) || bytes.EqualFold(s, []byte("end"))
}

// fits reports whether all cells of a record are of their columns' types.
func (p *csvPass) fits(fields []field) bool {
	p.settle()
	for i, f := range fields {
		if i < len(p.columns) && !p.columns[i].fits(f) {
			return false
		}
	}
	return true
}

// likeHeader reports whether a record holds text alone, where the table has a column of another type.
func (p *csvPass) likeHeader(fields []field) bool {
	other := false
	p.settle()
	for i, f := range fields {
		if len(f.text) == 0 || notName(string(f.text)) {
			return false
		}
		other = other || !p.columns[i].fits(f)
	}
	return other
}

// totals are the words that begin lines of totals, in the languages that most such files are written in.
var totals = map[string]bool{}

// longestTotal is the length of the longest of them in bytes.
var longestTotal int

func init() {
	for _, w := range strings.Split("total,totals,grand total,sum,subtotal,sub-total,average,mean,summe,gesamt,gesamtsumme,insgesamt,zwischensumme,mittelwert,"+
		"totale,somme,sous-total,moyenne,suma,razem,totaal,totalt,summa,yhteensä,celkem,итого,всего,合计,合計,总计,小計,합계", ",") {
		totals[w] = true
		longestTotal = max(longestTotal, len(w))
	}
}

// isTotal reports whether the first cell of a record that is not empty says that it is a total.
func isTotal(fields []field) bool {
	for _, f := range fields {
		if len(f.text) > 0 {
			return f.text[0] > '9' && len(f.text) <= longestTotal+2 && isTotalWord(f.text)
		}
	}
	return false
}

// isTotalWord reports whether a text is one of totals, but for case, and a colon or spaces behind it.
func isTotalWord(text []byte) bool {
	var lower [64]byte
	n := 0
	for _, c := range bytes.Trim(text, " :") {
		if c-'A' < 26 {
			c |= 0x20
		}
		lower[n] = c
		n++
	}
	return totals[string(lower[:n])]
}

func trimLine(b []byte) []byte { return bytes.TrimRight(b, "\r\n") }
