package pgsql

import (
	"encoding/json"
	"fmt"
	"math/big"
	"strconv"
	"strings"

	"tarn/engine/cell"
)

// quotient divides a decimal by an integer, with sixteen digits behind the point; halves go away from zero.
func quotient(args []string) (string, bool, error) {
	sum, ok := new(big.Rat).SetString(args[0])
	count, okay := new(big.Rat).SetString(args[1])
	if !ok || !okay || count.Sign() == 0 {
		return "", false, nil
	}
	return sum.Quo(sum, count).FloatString(16), true, nil
}

// floatText writes DuckDB's text of a floating number as PostgreSQL does.
func floatText(args []string) (string, bool, error) { return floatOf(args[0], 64) }

func realText(args []string) (string, bool, error) { return floatOf(args[0], 32) }

func floatOf(text string, bits int) (string, bool, error) {
	f, err := strconv.ParseFloat(text, bits)
	if err != nil {
		return "", false, fmt.Errorf("writing %q as text: %w", text, err)
	}
	return string(cell.AppendFloat(nil, f, bits)), true, nil
}

// spanText writes DuckDB's text of an interval as PostgreSQL does: months are mons, and what follows a negative part and is not has a plus.
func spanText(args []string) (string, bool, error) {
	fields := strings.Fields(strings.ReplaceAll(args[0], "month", "mon"))
	negative := false
	for i, f := range fields {
		if c := f[0]; c != '-' && (c < '0' || c > '9') {
			continue
		}
		if f[0] != '-' && negative {
			fields[i] = "+" + f
		}
		negative = f[0] == '-'
		if f == "-1" && i+1 < len(fields) && !strings.HasSuffix(fields[i+1], "s") { // one alone is singular
			fields[i+1] += "s"
		}
	}
	return strings.Join(fields, " "), true, nil
}

// arrayOut writes a list, as JSON of texts or numbers, as PostgreSQL writes an array (array_out in its arrayfuncs.c).
func arrayOut(args []string) (string, bool, error) {
	d := json.NewDecoder(strings.NewReader(args[0]))
	d.UseNumber()
	var values []any
	if err := d.Decode(&values); err != nil {
		return "", false, fmt.Errorf("writing an array as text: %w", err)
	}
	return string(appendArray(nil, values)), true, nil
}

func appendArray(dst []byte, values []any) []byte {
	dst = append(dst, '{')
	for i, v := range values {
		if i > 0 {
			dst = append(dst, ',')
		}
		switch v := v.(type) {
		case nil:
			dst = append(dst, "NULL"...)
		case string:
			dst = append(dst, elementText(v)...)
		case bool:
			dst = append(dst, fmt.Sprint(v)[0])
		case []any:
			dst = appendArray(dst, v)
		default:
			dst = fmt.Append(dst, v)
		}
	}
	return append(dst, '}')
}

// elementText quotes an element of an array where that is needed.
func elementText(s string) string {
	if s != "" && !strings.EqualFold(s, "null") && !strings.ContainsAny(s, "{},\"\\ \t\n\r\v\f") {
		return s
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}

// unistr reads escapes of characters by their numbers.
func unistr(args []string) (string, bool, error) {
	text, ok := unicodeEscapes(args[0])
	if !ok {
		return "", false, fmt.Errorf("invalid Unicode escape in %q", args[0])
	}
	return text, true, nil
}
