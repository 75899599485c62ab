package infer

import "bytes"

// speller turns the cells of one column into text that a cast of the engine's reads.
type speller struct {
	form   *TextForm
	order  dateOrder // of form.Layout
	timed  bool
	styled bool
	buf    []byte
}

func newSpeller(form *TextForm) *speller {
	s := &speller{form: form}
	if form == nil {
		return s
	}
	s.styled = form.Decimal != "" && form.Decimal != "." || form.Thousands != "" && form.Thousands != "\x00"
	if _, _, undecided := form.Undecided(); form.Layout != "" && !undecided {
		s.order = orderOf(form.Layout)
		s.timed = bytes.ContainsAny([]byte(form.Layout), "HI")
	}
	return s
}

// cell returns the text of a cell and whether it is NULL. The text is valid until the next one.
func (s *speller) cell(f field, d *Dialect) (text []byte, null bool) {
	text = f.text
	if s.form != nil && s.form.Keep {
		return text, !f.quoted && (len(text) == 0 || string(text) == alwaysNull)
	}
	if !f.quoted || d.QuotedNull {
		if isOneOf(text, d.NullText) {
			return text, true
		}
	}
	if s.form == nil || s.form.Doubt == NullDoubt {
		return text, false
	}
	if s.form.Trim {
		text = bytes.Trim(text, " ")
	}
	switch {
	case len(text) == 0 && (s.form.NoQuoted || !f.quoted || s.form.Trim):
		return text, len(f.text) > 0 || s.form.NoQuoted
	case !f.quoted && isOneOf(text, s.form.Nulls):
		return text, true
	case s.order != 0:
		if w, ok := readDate(text); ok && w.orders&s.order != 0 {
			s.buf = w.isoDate(s.buf[:0], s.order, s.timed)
			return s.buf, false
		}
	case s.styled:
		thousands, decimal := byte(0), byte('.')
		if s.form.Thousands != "" {
			thousands = s.form.Thousands[0]
		}
		if s.form.Decimal != "" {
			decimal = s.form.Decimal[0]
		}
		s.buf = plainNumber(s.buf[:0], text, thousands, decimal)
		return s.buf, false
	}
	return text, false
}

// isOneOf reports whether text is one of some words, without allocating.
func isOneOf(text []byte, words []string) bool {
	for _, w := range words {
		if string(text) == w {
			return true
		}
	}
	return false
}
