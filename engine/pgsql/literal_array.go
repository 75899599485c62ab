package pgsql

import (
	"strings"

	"tarn/catalog/sqltype"
)

// arrayLiteral makes a list of a literal that spells an array, {a,"b c",NULL}.
func (p *parser) arrayLiteral(i int) {
	if list, _, ok := p.arrayAt(i); ok {
		p.replace(i, i+1, list)
	}
}

// arrayAt reads the array that a literal spells: DuckDB's list, and how many dimensions it has; 0 if it is empty.
func (p *parser) arrayAt(i int) (list string, dims int, ok bool) {
	text, ok := p.literalText(i)
	if !ok {
		return "", 0, false
	}
	return listOf(text)
}

// listOf reads the text of an array (chapter 8.15 of PostgreSQL's manual).
func listOf(text string) (list string, dims int, ok bool) {
	a := arrayText{s: strings.TrimSpace(text)}
	list, ok = a.list(0)
	switch {
	case !ok || a.at != len(a.s):
		return "", 0, false
	case !a.filled:
		return list, 0, len(a.lengths) == 1 // {{},{}} is none
	}
	return list, len(a.lengths), true
}

// arrayText is the text of an array that is being read.
type arrayText struct {
	s       string
	at      int
	lengths []int // of the lists of each level, which are equal
	filled  bool  // there is an element
}

// list reads one level of braces and returns DuckDB's list.
func (a *arrayText) list(level int) (string, bool) {
	if a.at >= len(a.s) || a.s[a.at] != '{' {
		return "", false
	}
	first := level == len(a.lengths)
	if first {
		if a.filled { // beside an element
			return "", false
		}
		a.lengths = append(a.lengths, 0)
	}
	a.at++
	var parts []string
	for {
		a.spaces()
		if a.at >= len(a.s) {
			return "", false
		}
		if a.s[a.at] == '}' && len(parts) == 0 {
			break
		}
		part, ok := a.element(level)
		if !ok {
			return "", false
		}
		parts = append(parts, part)
		a.spaces()
		if a.at < len(a.s) && a.s[a.at] == ',' {
			a.at++
			continue
		}
		break
	}
	if a.at >= len(a.s) || a.s[a.at] != '}' {
		return "", false
	}
	a.at++
	a.spaces()
	if first {
		a.lengths[level] = len(parts)
	}
	return "[" + strings.Join(parts, ", ") + "]", a.lengths[level] == len(parts)
}

func (a *arrayText) spaces() {
	for a.at < len(a.s) && strings.IndexByte(" \t\r\n\f\v", a.s[a.at]) >= 0 {
		a.at++
	}
}

// element reads one element of a list of a level: a list of the next, or a value, which all stand on the last.
func (a *arrayText) element(level int) (string, bool) {
	if a.s[a.at] == '{' {
		return a.list(level + 1)
	}
	if level+1 != len(a.lengths) {
		return "", false
	}
	a.filled = true
	var b strings.Builder
	quoted := a.s[a.at] == '"'
	if quoted {
		a.at++
	}
	for ; a.at < len(a.s); a.at++ {
		switch c := a.s[a.at]; {
		case c == '\\' && a.at+1 < len(a.s):
			a.at++
			b.WriteByte(a.s[a.at])
		case quoted && c == '"':
			a.at++
			return sqltype.QuoteText(b.String()), true
		case !quoted && (c == ',' || c == '}'):
			text := strings.TrimSpace(b.String())
			if strings.EqualFold(text, "null") {
				return "NULL", true
			}
			return sqltype.QuoteText(text), text != ""
		case !quoted && (c == '"' || c == '{'):
			return "", false
		default:
			b.WriteByte(c)
		}
	}
	return "", false
}
