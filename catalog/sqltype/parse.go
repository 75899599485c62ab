package sqltype

import (
	"fmt"
	"strconv"
	"strings"
)

// Parse reads a type as String writes it, and as DuckDB prints one (DESCRIBE, typeof).
func Parse(s string) (Type, error) {
	p := parser{s: s}
	t, err := p.parse()
	if err != nil {
		return Type{}, fmt.Errorf("parse SQL type %q: %w", s, err)
	}
	p.space()
	if p.i != len(p.s) {
		return Type{}, fmt.Errorf("parse SQL type %q: unexpected text at byte %d", s, p.i)
	}
	return t, nil
}

// kindByName finds scalar kinds by their spelling, with DuckDB's aliases that files and users write.
var kindByName = func() map[string]Kind {
	m := map[string]Kind{
		"NULL": Null, "BOOL": Boolean, "INT": Integer, "INT4": Integer, "INT8": BigInt, "INT2": SmallInt,
		"REAL": Float, "TEXT": Varchar, "STRING": Varchar, "BYTEA": Blob, "TIMESTAMPTZ": TimestampTZ,
		"TIMETZ": TimeTZ, "TIMESTAMP_US": Timestamp, "DATETIME": Timestamp, "NUMERIC": Decimal,
	}
	for k := Null; k <= Variant; k++ {
		m[kindNames[k]] = k
	}
	return m
}()

// parser walks over the text of one type.
type parser struct {
	s string
	i int
}

func (p *parser) space() {
	for p.i < len(p.s) && p.s[p.i] == ' ' {
		p.i++
	}
}

func (p *parser) eat(c byte) bool {
	p.space()
	if p.i < len(p.s) && p.s[p.i] == c {
		p.i++
		return true
	}
	return false
}

func (p *parser) expect(c byte) error {
	if !p.eat(c) {
		return fmt.Errorf("expected %q at byte %d", c, p.i)
	}
	return nil
}

// quoted reads a text enclosed in q, with doubled quotes inside.
func (p *parser) quoted(q byte) (string, error) {
	if err := p.expect(q); err != nil {
		return "", err
	}
	var b strings.Builder
	for p.i < len(p.s) {
		c := p.s[p.i]
		p.i++
		if c != q {
			b.WriteByte(c)
			continue
		}
		if p.i < len(p.s) && p.s[p.i] == q {
			b.WriteByte(q)
			p.i++
			continue
		}
		return b.String(), nil
	}
	return "", fmt.Errorf("unterminated %c", q)
}

func isWord(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}

func (p *parser) word() string {
	p.space()
	start := p.i
	for p.i < len(p.s) && isWord(p.s[p.i]) {
		p.i++
	}
	return p.s[start:p.i]
}

func (p *parser) number() (int, error) {
	w := p.word()
	n, err := strconv.Atoi(w)
	if err != nil {
		return 0, fmt.Errorf("expected a number, found %q", w)
	}
	return n, nil
}

func (p *parser) parse() (Type, error) {
	t, err := p.base()
	if err != nil {
		return t, err
	}
	for p.eat('[') {
		if p.eat(']') {
			t = ListOf(t)
			continue
		}
		n, err := p.number()
		if err != nil {
			return t, err
		}
		if err := p.expect(']'); err != nil {
			return t, err
		}
		if n < 1 {
			return t, fmt.Errorf("an array has at least one element, not %d", n)
		}
		t = ArrayOf(t, n)
	}
	return t, nil
}

// base reads a type without its [] suffixes.
func (p *parser) base() (Type, error) {
	p.space()
	if p.i < len(p.s) && p.s[p.i] == '"' {
		if w, err := p.quoted('"'); err != nil || w != "NULL" {
			return Type{}, fmt.Errorf("unknown type %q", w)
		}
		return Of(Null), nil
	}
	word := strings.ToUpper(p.word())
	switch word {
	case "TIME", "TIMESTAMP":
		return p.zoned(word), nil
	case "DECIMAL", "NUMERIC":
		return p.decimal()
	case "ENUM":
		return p.enum()
	case "MAP":
		return p.mapType()
	case "STRUCT", "UNION":
		return p.fields(map[string]Kind{"STRUCT": Struct, "UNION": Union}[word])
	}
	k, ok := kindByName[word]
	if !ok || k >= Enum && k <= Union {
		return Type{}, fmt.Errorf("unknown type %q", word)
	}
	return Of(k), nil
}

// zoned distinguishes TIME and TIMESTAMP from those WITH TIME ZONE.
func (p *parser) zoned(word string) Type {
	const with = " WITH TIME ZONE"
	rest := p.s[p.i:]
	if len(rest) >= len(with) && strings.EqualFold(rest[:len(with)], with) {
		p.i += len(with)
		word += with
	}
	return Of(kindByName[word])
}

func (p *parser) decimal() (Type, error) {
	if !p.eat('(') {
		return DecimalOf(18, 3), nil // DuckDB's default
	}
	w, err := p.number()
	if err != nil {
		return Type{}, err
	}
	s := 0
	if p.eat(',') {
		if s, err = p.number(); err != nil {
			return Type{}, err
		}
	}
	if w < 1 || w > 38 || s > w {
		return Type{}, fmt.Errorf("DECIMAL(%d,%d) is out of range", w, s)
	}
	return DecimalOf(uint8(w), uint8(s)), p.expect(')')
}

func (p *parser) enum() (Type, error) {
	t := Of(Enum)
	if err := p.expect('('); err != nil {
		return t, err
	}
	for {
		v, err := p.quoted('\'')
		if err != nil {
			return t, err
		}
		t.Values = append(t.Values, v)
		if !p.eat(',') {
			return t, p.expect(')')
		}
	}
}

func (p *parser) mapType() (Type, error) {
	if err := p.expect('('); err != nil {
		return Type{}, err
	}
	k, err := p.parse()
	if err != nil {
		return Type{}, err
	}
	if err := p.expect(','); err != nil {
		return Type{}, err
	}
	v, err := p.parse()
	if err != nil {
		return Type{}, err
	}
	return MapOf(k, v), p.expect(')')
}

func (p *parser) fields(k Kind) (Type, error) {
	t := Of(k)
	if err := p.expect('('); err != nil {
		return t, err
	}
	for {
		var f Field
		var err error
		p.space()
		if p.i < len(p.s) && p.s[p.i] == '"' {
			f.Name, err = p.quoted('"')
		} else if f.Name = p.word(); f.Name == "" {
			err = fmt.Errorf("expected a field name at byte %d", p.i)
		}
		if err != nil {
			return t, err
		}
		if f.Type, err = p.parse(); err != nil {
			return t, err
		}
		t.Fields = append(t.Fields, f)
		if !p.eat(',') {
			return t, p.expect(')')
		}
	}
}
