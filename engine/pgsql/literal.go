package pgsql

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"tarn/catalog/sqltype"
	"tarn/engine/sqltext"
)

// literalText returns the text of a plain string literal, in quotes without escapes.
func (p *parser) literalText(i int) (string, bool) {
	if i < 0 || p.kind(i) != sqltext.String || p.text(i)[0] != '\'' {
		return "", false
	}
	text := p.text(i)
	return strings.ReplaceAll(text[1:len(text)-1], "''", "'"), true
}

// fixLiteral writes a literal that is cast to a type as DuckDB's cast reads it.
func (p *parser) fixLiteral(i int, t typeName) {
	text, ok := p.literalText(i)
	if !ok {
		return
	}
	if text := valueOf(text, t); text != "" {
		p.replace(i, i+1, text)
		return
	}
	switch {
	case t.array:
		p.arrayLiteral(i)
	case t.name == "timestamptz" && shortTime.MatchString(text):
		p.replace(i, i+1, sqltype.QuoteText(shortTime.ReplaceAllString(text, "$1:00$2")))
	case t.name == "interval" && intervalText(text) != "":
		p.replace(i, i+1, sqltype.QuoteText(intervalText(text)))
	case (t.name == "date" || t.name == "timestamp" || t.name == "timestamptz") && len(text) > 7:
		if iso := isoDate(text); iso != "" {
			p.replace(i, i+1, sqltype.QuoteText(iso))
		}
	case t.name == "bytea":
		if b, ok := byteaText(text); ok {
			p.replace(i, i+1, sqltype.QuoteText(b))
		}
	case t.name == "bool":
		switch strings.ToLower(strings.TrimSpace(text)) {
		case "on", "tru", "tr", "ye":
			p.replace(i, i+1, "'true'")
		case "of", "off", "fals", "fal", "fa":
			p.replace(i, i+1, "'false'")
		}
	}
}

// valueOf returns DuckDB's expression for a literal of a type that it does not read as PostgreSQL does; empty for others.
func valueOf(text string, t typeName) string {
	switch {
	case t.array:
		return ""
	case (t.name == "int2" || t.name == "int4" || t.name == "int8") && otherNumber.MatchString(text) && !integerLiteral.MatchString(text):
		return "error(" + sqltype.QuoteText("could not convert string '"+text+"' to an integer") + ")"
	case t.name == "date" || t.name == "timestamp" || t.name == "timestamptz" || t.name == "time":
		return timeLiteral(text, t.name)
	}
	return ""
}

// byteaText writes the text of a bytea (chapter 8.4 of PostgreSQL's manual) as that of a BLOB.
func byteaText(s string) (string, bool) {
	var b strings.Builder
	if hex, ok := strings.CutPrefix(s, `\x`); ok {
		hex = strings.Join(strings.Fields(hex), "")
		if len(hex)%2 != 0 || strings.Trim(hex, "0123456789abcdefABCDEF") != "" {
			return "", false
		}
		for i := 0; i < len(hex); i += 2 {
			b.WriteString(`\x` + hex[i:i+2])
		}
		return b.String(), true
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c != '\\':
		case i+1 < len(s) && s[i+1] == '\\':
			i++
		case i+3 < len(s):
			n, err := strconv.ParseUint(s[i+1:i+4], 8, 8)
			if err != nil {
				return "", false
			}
			c = byte(n)
			i += 3
		default:
			return "", false
		}
		fmt.Fprintf(&b, `\x%02X`, c)
	}
	return b.String(), true
}

// prefixed goes through B'101', X'1F' and U&'\0041'.
func (p *parser) prefixed(i int, w string) expr {
	none := expr{start: i, end: i, literal: -1}
	switch {
	case w == "B" && p.kind(i+1) == sqltext.String && p.adjacent(i+1):
		text, ok := p.literalText(i + 1)
		if !ok || strings.Trim(text, "01") != "" || text == "" {
			return none
		}
		p.replace(i, i+2, "'"+text+"'::BIT")
		return expr{start: i, end: i + 2, literal: -1}
	case w == "X" && p.kind(i+1) == sqltext.String && p.adjacent(i+1):
		text, ok := p.literalText(i + 1)
		if !ok || strings.Trim(text, "0123456789abcdefABCDEF") != "" || text == "" {
			return none
		}
		var bits strings.Builder
		for _, c := range text {
			n, _ := strconv.ParseUint(string(c), 16, 8)
			fmt.Fprintf(&bits, "%04b", n)
		}
		p.replace(i, i+2, "'"+bits.String()+"'::BIT")
		return expr{start: i, end: i + 2, literal: -1}
	case w == "U" && p.isMark(i+1, "&") && p.adjacent(i+1) && p.kind(i+2) == sqltext.String && p.adjacent(i+2):
		text, ok := p.literalText(i + 2)
		if ok {
			text, ok = unicodeEscapes(text)
		}
		if !ok {
			return none
		}
		p.replace(i, i+3, sqltype.QuoteText(text))
		return expr{start: i, end: i + 3, literal: -1}
	}
	return none
}

// unicodeEscapes reads \0041 and \+01F600 (chapter 4.1.2.3 of PostgreSQL's manual).
func unicodeEscapes(s string) (string, bool) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' {
			b.WriteByte(s[i])
			continue
		}
		if i+1 < len(s) && s[i+1] == '\\' {
			b.WriteByte('\\')
			i++
			continue
		}
		from, digits := i+1, 4
		if from < len(s) && s[from] == '+' {
			from, digits = from+1, 6
		}
		if from+digits > len(s) {
			return "", false
		}
		n, err := strconv.ParseUint(s[from:from+digits], 16, 32)
		if err != nil || !utf8.ValidRune(rune(n)) {
			return "", false
		}
		b.WriteRune(rune(n))
		i = from + digits - 1
	}
	return b.String(), true
}

// simpleEscapes are those of one letter in E” strings.
var simpleEscapes = map[byte]string{'b': "\b", 'f': "\f", 'n': "\n", 'r': "\r", 't': "\t"}

// escaped reads an E” string with \u or \U (chapter 4.1.2.2 of PostgreSQL's manual), which DuckDB does not read; false for others.
func escaped(literal string) (string, bool) {
	if literal == "" || literal[0] != 'E' && literal[0] != 'e' || !strings.Contains(strings.ToLower(literal), `\u`) {
		return "", false
	}
	s := literal[2 : len(literal)-1]
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c == '\'' {
			i++ // it is doubled
		}
		if c != '\\' || i+1 >= len(s) {
			b.WriteByte(c)
			continue
		}
		i++
		digits := map[byte]int{'u': 4, 'U': 8, 'x': 2}[s[i]]
		switch {
		case digits > 0 && i+digits < len(s)+1 && i+1+digits <= len(s):
			n, err := strconv.ParseUint(s[i+1:i+1+digits], 16, 32)
			if err != nil || n == 0 || n > 0x7f && digits == 2 || !utf8.ValidRune(rune(n)) {
				return "", false
			}
			b.WriteRune(rune(n))
			i += digits
		case digits > 0 || s[i] >= '0' && s[i] <= '7':
			return "", false
		case simpleEscapes[s[i]] != "":
			b.WriteString(simpleEscapes[s[i]])
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String(), true
}
