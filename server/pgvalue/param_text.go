package pgvalue

import (
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"tarn/catalog/sqltype"
	"tarn/engine"
	"tarn/engine/cell"
	"tarn/engine/pgtype"
)

// decodeText turns PostgreSQL's text format into DuckDB's spelling, where they differ, and refuses what DuckDB would
// read more generously than PostgreSQL.
func decodeText(oid uint32, raw []byte, t sqltype.Type) (string, error) {
	text := string(raw)
	switch oid {
	case oidBool:
		return boolText(text)
	case oidInt2, oidInt4, oidInt8, oidOID: // DuckDB would round 5.5
		text = strings.TrimSpace(text)
		if strings.Trim(strings.TrimLeft(text, "+-"), "0123456789") != "" || text == "" {
			return "", invalid(typeName(oid), raw, "")
		}
		if err := checkInteger(oid, text); err != nil {
			return "", err
		}
	case oidNumeric:
		text = strings.TrimSpace(text)
		if _, _, ok := extent(text); !ok && !isSpecial(text) {
			return "", invalid(typeName(oid), raw, "")
		}
	case oidBytea:
		b, err := byteaBytes(text)
		if err != nil {
			return "", invalid("bytea", raw, err.Error())
		}
		return string(cell.AppendBlob(nil, b)), nil
	case oidDate, oidTimestamp, oidTimestampTZ:
		return duckEra(text), nil
	case oidInterval:
		return strings.ReplaceAll(text, "+", ""), nil // PostgreSQL writes -1 mons +3 days
	}
	if b, ok := pgtype.ElementOf(oid); ok {
		return arrayText(b, text, t)
	}
	return text, nil
}

// checkInteger returns an error for an integer that its type does not hold.
func checkInteger(oid uint32, text string) error {
	bits := map[uint32]int{oidInt2: 16, oidInt4: 32}[oid]
	if oid == oidOID {
		return nil
	}
	if _, err := strconv.ParseInt(text, 10, bits); errors.Is(err, strconv.ErrRange) {
		return &engine.Error{Kind: engine.KindOutOfRange, Message: fmt.Sprintf("value %q is out of range for type %s", text, typeName(oid))}
	}
	return nil
}

// isSpecial reports whether text is a number that is not finite.
func isSpecial(text string) bool {
	switch strings.TrimLeft(strings.ToLower(text), "+-") {
	case "nan", "infinity", "inf":
		return true
	}
	return false
}

// boolText reads what PostgreSQL's boolin takes: unambiguous beginnings of true, false, yes, no, on, off, and 1, 0.
func boolText(text string) (string, error) {
	s := strings.ToLower(strings.TrimSpace(text))
	for _, c := range []struct {
		word  string
		least int
		value string
	}{{"true", 1, "true"}, {"false", 1, "false"}, {"yes", 1, "true"}, {"no", 1, "false"}, {"on", 2, "true"},
		{"off", 2, "false"}, {"1", 1, "true"}, {"0", 1, "false"}} {
		if len(s) >= c.least && strings.HasPrefix(c.word, s) {
			return c.value, nil
		}
	}
	return "", invalid("boolean", []byte(text), "")
}

// byteaBytes reads a bytea in the hex format, or else in the escape format (byteain in PostgreSQL's varlena.c).
func byteaBytes(text string) ([]byte, error) {
	if digits, ok := strings.CutPrefix(text, `\x`); ok {
		return hex.DecodeString(strings.Join(strings.Fields(digits), ""))
	}
	var out []byte
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] != '\\':
			out = append(out, text[i])
		case strings.HasPrefix(text[i+1:], `\`):
			out = append(out, '\\')
			i++
		default:
			n, err := strconv.ParseUint(text[i+1:min(i+4, len(text))], 8, 8)
			if err != nil {
				return nil, err
			}
			out = append(out, byte(n))
			i += 3
		}
	}
	return out, nil
}

// duckEra turns "0044-03-15 12:00:00 BC" into DuckDB's "0044-03-15 (BC) 12:00:00".
func duckEra(text string) string {
	before, ok := strings.CutSuffix(strings.TrimSpace(text), " BC")
	if !ok {
		return text
	}
	date, clock, timed := strings.Cut(before, " ")
	if !timed {
		return date + " (BC)"
	}
	return date + " (BC) " + clock
}
