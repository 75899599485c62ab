package lakefile

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// encodings are how a text may be encoded, by the names that users write.
var encodings = map[string]string{
	"utf-8": "utf-8", "utf8": "utf-8", "utf-16": "utf-16", "utf-16le": "utf-16", "utf16": "utf-16", "utf-16be": "utf-16be",
	"latin-1": "latin-1", "latin1": "latin-1", "iso-8859-1": "latin-1", "windows-1252": "windows-1252", "cp1252": "windows-1252",
}

// csv reads the options of delimited text.
func (p *parser) csv(n *yaml.Node) (out CSV) {
	put := func(key *yaml.Node, value string) {
		out = append(out, Option{Line: key.Line, Key: key.Value, Value: value})
	}
	one := func(check func(string) (string, string)) func(key, value *yaml.Node) {
		return func(key, value *yaml.Node) {
			s, ok := p.text(value, key.Value)
			if !ok {
				return
			}
			s, bad := check(s)
			if bad != "" {
				p.fail(value, "%s cannot be %q: %s", key.Value, value.Value, bad)
				return
			}
			put(key, s)
		}
	}
	many := func(key, value *yaml.Node) {
		texts, _ := p.texts(value, "an entry of "+key.Value)
		out = append(out, Option{Line: key.Line, Key: key.Value, Values: texts})
	}
	p.mapping(n, "csv", keys{
		"delimiter": one(delimiter), "quote": one(oneCharacter), "escape": one(oneCharacter), "header": one(yesOrNo), "skip": one(lineCount),
		"comment": one(comment), "encoding": one(encoding), "decimal": one(decimalMark), "thousands": one(thousandsMark), "dates": one(dateLayout),
		"nulls": many, "names": many,
	})
	p.checkCSV(out)
	return out
}

// checkCSV finds options that contradict each other.
func (p *parser) checkCSV(c CSV) {
	at := func(o *Option) *yaml.Node { return &yaml.Node{Line: o.Line} }
	delim, quote, escape := c.find("delimiter"), c.find("quote"), c.find("escape")
	if delim != nil && quote != nil && quote.Value != "" && strings.Contains(delim.Value, quote.Value) {
		p.fail(at(quote), "quote and delimiter are both %q, so that no field can be told from the next; change one", quote.Value)
	}
	if delim != nil && escape != nil && escape.Value != "" && strings.Contains(delim.Value, escape.Value) {
		p.fail(at(escape), "escape and delimiter are both %q; change one", escape.Value)
	}
	decimal, thousands := c.find("decimal"), c.find("thousands")
	if decimal != nil && thousands != nil && decimal.Value == thousands.Value {
		p.fail(at(thousands), "decimal and thousands are both %q, so that 1%s234 has two meanings; change one", decimal.Value, decimal.Value)
	}
	if names := c.find("names"); names != nil {
		seen := map[string]bool{}
		for _, n := range names.Values {
			if fold := strings.ToLower(n); seen[fold] || n == "" {
				p.fail(at(names), "names has %q twice or empty; each column needs a name of its own", n)
			} else {
				seen[fold] = true
			}
		}
	}
}

func delimiter(s string) (value, bad string) {
	switch {
	case s == "tab" || s == `\t`:
		return "\t", ""
	case s == "":
		return "", `it is empty; give the characters between two fields, e.g. ";" or "\t"`
	case strings.ContainsAny(s, "\r\n"):
		return "", "lines end there; give the characters between two fields"
	case len(s) > 16:
		return "", "it is longer than 16 bytes"
	}
	return s, ""
}

func oneCharacter(s string) (value, bad string) {
	if len(s) > 1 || strings.ContainsAny(s, "\r\n\x00") || s != "" && s[0] >= 0x80 {
		return "", `it must be one ASCII character, or "" for none`
	}
	return s, ""
}

func yesOrNo(s string) (value, bad string) {
	switch strings.ToLower(s) {
	case "true", "yes":
		return "true", ""
	case "false", "no":
		return "false", ""
	}
	return "", "it must be true or false"
}

func lineCount(s string) (value, bad string) {
	if n, err := strconv.Atoi(s); err != nil || n < 0 || n > 1_000_000 || strconv.Itoa(n) != s {
		return "", "it must be the number of lines before the header or the first row, 0 to 1000000"
	}
	return s, ""
}

func comment(s string) (value, bad string) {
	if strings.ContainsAny(s, "\r\n") {
		return "", "it must be what lines begin with that are no rows, within one line"
	}
	return s, ""
}

func encoding(s string) (value, bad string) {
	if e := encodings[strings.ToLower(s)]; e != "" {
		return e, ""
	}
	return "", didYouMean(s, []string{"utf-8", "utf-16", "utf-16be", "latin-1", "windows-1252"})
}

func decimalMark(s string) (value, bad string) {
	if s != "." && s != "," {
		return "", `it must be "." or ","`
	}
	return s, ""
}

// thousandsMarks part groups of three digits.
var thousandsMarks = []string{",", ".", " ", "'", "_"}

func thousandsMark(s string) (value, bad string) {
	if !slices.Contains(thousandsMarks, s) {
		return "", `it must be ",", ".", " ", "'" or "_"`
	}
	return s, ""
}

// directive is one part of a layout of dates.
var directive = regexp.MustCompile(`%-?(.)`)

func dateLayout(s string) (value, bad string) {
	found := directive.FindAllStringSubmatch(s, -1)
	if len(found) == 0 {
		return "", `it must be a layout as strptime has it, e.g. "%d/%m/%Y"`
	}
	has := map[string]bool{}
	for _, f := range found {
		if !strings.Contains("dmYbBHIMSfp", f[1]) {
			return "", "%" + f[1] + " is not supported; use %d, %m, %b, %B, %Y, %H, %I, %M, %S, %f and %p"
		}
		has[f[1]] = true
	}
	if !has["d"] || !has["Y"] || !has["m"] && !has["b"] && !has["B"] {
		return "", "a date needs %d, %Y and one of %m, %b and %B"
	}
	return s, ""
}
