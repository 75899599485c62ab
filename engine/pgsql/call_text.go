package pgsql

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"tarn/catalog/sqltype"
)

// regexps keeps compiled regular expressions: a column is searched with one pattern, millions of times.
var regexps struct {
	sync.Mutex
	known map[string]*regexp.Regexp
}

// compile reads a pattern with PostgreSQL's flags.
func compile(pattern, flags string) (*regexp.Regexp, error) {
	inline := "s" // PostgreSQL's . takes line ends
	for _, f := range flags {
		switch f {
		case 'i':
			inline += "i"
		case 'n', 'm':
			inline = strings.ReplaceAll(inline, "s", "") + "m"
		case 'g', 's', 'c', 't':
		default:
			return nil, fmt.Errorf("invalid regular expression option: %q", string(f))
		}
	}
	key := "(?" + inline + ")" + pattern
	regexps.Lock()
	defer regexps.Unlock()
	if re := regexps.known[key]; re != nil {
		return re, nil
	}
	re, err := regexp.Compile(key)
	if err != nil {
		return nil, fmt.Errorf("invalid regular expression: %s", strings.TrimPrefix(err.Error(), "error parsing regexp: "))
	}
	if regexps.known == nil || len(regexps.known) >= 256 {
		regexps.known = map[string]*regexp.Regexp{}
	}
	regexps.known[key] = re
	return re, nil
}

// flagsOf is the third argument, which may be missing.
func flagsOf(args []string) string {
	if len(args) > 2 {
		return args[2]
	}
	return ""
}

// groups returns what PostgreSQL gives of a match: its groups, or the whole if there are none.
func groups(re *regexp.Regexp, s string, at []int) []any {
	from := 2
	if re.NumSubexp() == 0 {
		from = 0
	}
	var out []any
	for i := from; i < len(at); i += 2 {
		if at[i] < 0 {
			out = append(out, nil)
		} else {
			out = append(out, s[at[i]:at[i+1]])
		}
	}
	return out
}

// regexpMatch returns the first match's groups as JSON.
func regexpMatch(args []string) (string, bool, error) {
	re, err := compile(args[1], flagsOf(args))
	if err != nil {
		return "", false, err
	}
	at := re.FindStringSubmatchIndex(args[0])
	if at == nil {
		return "", false, nil
	}
	text, err := json.Marshal(groups(re, args[0], at))
	return string(text), true, err
}

// regexpMatches returns the groups of the first match, or with the flag g of every match, as JSON.
func regexpMatches(args []string) (string, bool, error) {
	re, err := compile(args[1], flagsOf(args))
	if err != nil {
		return "", false, err
	}
	n := 1
	if strings.Contains(flagsOf(args), "g") {
		n = -1
	}
	all := [][]any{}
	for _, at := range re.FindAllStringSubmatchIndex(args[0], n) {
		all = append(all, groups(re, args[0], at))
	}
	text, err := json.Marshal(all)
	return string(text), true, err
}

// regexpInstr returns where the first match begins, in characters from 1; 0 if there is none.
func regexpInstr(args []string) (string, bool, error) {
	re, err := compile(args[1], flagsOf(args))
	if err != nil {
		return "", false, err
	}
	at := re.FindStringIndex(args[0])
	if at == nil {
		return "0", true, nil
	}
	return strconv.Itoa(utf8.RuneCountInString(args[0][:at[0]]) + 1), true, nil
}

// encodeEscape writes hexadecimal digits of bytes as encode(b, 'escape') does.
func encodeEscape(args []string) (string, bool, error) {
	var b strings.Builder
	for i := 0; i+1 < len(args[0]); i += 2 {
		n, err := strconv.ParseUint(args[0][i:i+2], 16, 8)
		switch {
		case err != nil:
			return "", false, fmt.Errorf("encode: %q is no hexadecimal number", args[0][i:i+2])
		case n == 0 || n >= 0x80:
			fmt.Fprintf(&b, `\%03o`, n)
		case n == '\\':
			b.WriteString(`\\`)
		default:
			b.WriteByte(byte(n))
		}
	}
	return b.String(), true, nil
}

// formatSpec is a place of format(): %[position$][flags][width]type.
var formatSpec = regexp.MustCompile(`%(?:%|(\d+\$)?(-)?(\d+)?([sIL]))`)

// formatText is format(format, ...), chapter 9.4.1 of PostgreSQL's manual.
func formatText(args []*string) (*string, error) {
	if len(args) == 0 || args[0] == nil {
		return nil, nil
	}
	format, next, end := *args[0], 1, 0
	var b strings.Builder
	for _, m := range formatSpec.FindAllStringSubmatchIndex(format, -1) {
		b.WriteString(format[end:m[0]])
		end = m[1]
		if format[m[0]:m[1]] == "%%" {
			b.WriteByte('%')
			continue
		}
		if m[2] >= 0 {
			n, err := strconv.Atoi(format[m[2] : m[3]-1])
			if err != nil || n == 0 {
				return nil, fmt.Errorf("format specifies argument 0, but arguments are numbered from 1")
			}
			next = n
		}
		if next >= len(args) {
			return nil, fmt.Errorf("too few arguments for format()")
		}
		text, err := formatted(args[next], format[m[8]])
		if err != nil {
			return nil, err
		}
		if m[6] >= 0 {
			width, _ := strconv.Atoi(format[m[6]:m[7]])
			pad := strings.Repeat(" ", max(0, min(width, 1<<20)-utf8.RuneCountInString(text)))
			if m[4] >= 0 {
				text += pad
			} else {
				text = pad + text
			}
		}
		b.WriteString(text)
		next++
	}
	if at := strings.IndexByte(format[end:], '%'); at >= 0 {
		return nil, fmt.Errorf("unrecognized format() type specifier in %q", format[end+at:])
	}
	b.WriteString(format[end:])
	out := b.String()
	return &out, nil
}

var plainIdentifier = regexp.MustCompile(`^[a-z_][a-z0-9_$]*$`)

func formatted(arg *string, kind byte) (string, error) {
	switch {
	case kind == 's' && arg == nil:
		return "", nil
	case kind == 'L' && arg == nil:
		return "NULL", nil
	case arg == nil:
		return "", fmt.Errorf("null values cannot be formatted as an SQL identifier")
	case kind == 'L' && strings.Contains(*arg, `\`):
		return "E" + sqltype.QuoteText(strings.ReplaceAll(*arg, `\`, `\\`)), nil
	case kind == 'L':
		return sqltype.QuoteText(*arg), nil
	case kind == 'I' && (!plainIdentifier.MatchString(*arg) || stops[strings.ToUpper(*arg)]):
		return sqltype.QuoteName(*arg), nil
	}
	return *arg, nil
}

// typeNames are PostgreSQL's names of DuckDB's types that have others.
var typeNames = map[string]string{"VARCHAR": "text", "DOUBLE": "double precision", "FLOAT": "real", "TINYINT": "smallint", "UTINYINT": "smallint", "USMALLINT": "integer",
	"UINTEGER": "bigint", "UBIGINT": "numeric", "HUGEINT": "numeric", "UHUGEINT": "numeric", "BLOB": "bytea", "BIT": "bit varying", "TIMESTAMP": "timestamp without time zone",
	"TIMESTAMP_S": "timestamp without time zone", "TIMESTAMP_MS": "timestamp without time zone", "TIMESTAMP_NS": "timestamp without time zone",
	"TIME": "time without time zone", `"NULL"`: "unknown"}

// pgTypeName is pg_typeof of what DuckDB's typeof says.
func pgTypeName(args []string) (string, bool, error) {
	name, list := strings.CutSuffix(args[0], "[]")
	for strings.HasSuffix(name, "]") && strings.Contains(name, "[") {
		name, list = name[:strings.LastIndexByte(name, '[')], true
	}
	switch {
	case typeNames[name] != "":
		name = typeNames[name]
	case strings.HasPrefix(name, "DECIMAL"):
		name = "numeric"
	case strings.HasPrefix(name, "STRUCT"), strings.HasPrefix(name, "MAP"), strings.HasPrefix(name, "UNION"):
		name = "json"
	case strings.HasPrefix(name, "ENUM"):
		name = "text"
	default:
		name = strings.ToLower(name)
	}
	if list {
		name += "[]"
	}
	return name, true, nil
}
