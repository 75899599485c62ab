package pgcatalog

import (
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unsafe"

	duck "github.com/duckdb/duckdb-go/v2/mapping"
)

// rowErrors are the errors of a cast by row: TRY_CAST makes NULL of those rows.
type rowErrors map[int]error

// Error is that of the first row.
func (e rowErrors) Error() string {
	first := -1
	for row := range e {
		if first < 0 || row < first {
			first = row
		}
	}
	return e[first].Error()
}

// RegisterInput has the database of con read texts as values of bytea and boolean as PostgreSQL does, wherever they come from: columns,
// literals, parameters. A bytea becomes text as \x and digits.
func RegisterInput(con duck.Connection) error {
	text := duck.CreateLogicalType(duck.TypeVarchar)
	defer duck.DestroyLogicalType(&text)
	for typ, do := range map[duck.Type]func(out duck.Vector, row int, text string) error{
		duck.TypeBlob:    setBytea,
		duck.TypeBoolean: setBool,
	} {
		to := duck.CreateLogicalType(typ)
		defer duck.DestroyLogicalType(&to)
		if err := registerCast(con, text, to, -1, byRow(do)); err != nil {
			return err
		}
	}
	blob := duck.CreateLogicalType(duck.TypeBlob)
	defer duck.DestroyLogicalType(&blob)
	return registerCast(con, blob, text, -1, byRow(func(out duck.Vector, row int, b string) error {
		setText(out, row, `\x`+hex.EncodeToString([]byte(b)))
		return nil
	}))
}

// byRow is a cast of texts, one after the other.
func byRow(do func(out duck.Vector, row int, text string) error) cast {
	return func(in, out duck.Vector, count int) error {
		from := newReading(in)
		var failed rowErrors
		for row := range count {
			text := from.text(row)
			if text == nil {
				setNull(out, row)
			} else if err := do(out, row, *text); err != nil {
				if failed == nil {
					failed = rowErrors{}
				}
				failed[row] = err
			}
		}
		if failed != nil {
			return failed
		}
		return nil
	}
}

func setBytea(out duck.Vector, row int, text string) error {
	b, err := bytea(text)
	if err == nil {
		duck.VectorAssignStringElementLen(out, duck.IdxT(row), b)
	}
	return err
}

// bytea reads the text of one (chapter 8.4 of PostgreSQL's manual): \x and pairs of hexadecimal digits, or bytes with \\ and \101. What
// PostgreSQL refuses, such as \x41\x42 and \x41B, is read as DuckDB spells a BLOB: each byte as \x and two digits, or as it is.
func bytea(text string) ([]byte, error) {
	if digits, ok := strings.CutPrefix(text, `\x`); ok {
		if b, err := hex.DecodeString(strings.Join(strings.Fields(digits), "")); err == nil {
			return b, nil
		}
	} else if b, ok := escaped(text); ok {
		return b, nil
	}
	var b []byte
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' {
			b = append(b, text[i])
			continue
		}
		if i+4 > len(text) || text[i+1] != 'x' {
			return nil, notBytea(text)
		}
		n, err := strconv.ParseUint(text[i+2:i+4], 16, 8)
		if err != nil {
			return nil, notBytea(text)
		}
		b, i = append(b, byte(n)), i+3
	}
	return b, nil
}

// notBytea is PostgreSQL's error.
func notBytea(text string) error {
	digits, isHex := strings.CutPrefix(text, `\x`)
	if !isHex {
		return errors.New("invalid input syntax for type bytea")
	}
	for _, c := range strings.Join(strings.Fields(digits), "") {
		if !strings.ContainsRune("0123456789abcdefABCDEF", c) {
			return fmt.Errorf("invalid hexadecimal digit: \"%c\"", c)
		}
	}
	return errors.New("invalid hexadecimal data: odd number of digits")
}

// escaped reads PostgreSQL's other format: \\ is a backslash, \101 a byte in octal.
func escaped(text string) (b []byte, ok bool) {
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] != '\\':
			b = append(b, text[i])
		case strings.HasPrefix(text[i:], `\\`):
			b, i = append(b, '\\'), i+1
		case i+4 > len(text):
			return nil, false
		default:
			n, err := strconv.ParseUint(text[i+1:i+4], 8, 8)
			if err != nil {
				return nil, false
			}
			b, i = append(b, byte(n)), i+3
		}
	}
	return b, true
}

// setBool reads what PostgreSQL takes for a boolean (parse_bool_with_len): 1, 0, and the beginnings of true, false, yes, no, on and off, as far
// as they are unique.
func setBool(out duck.Vector, row int, text string) error {
	word := strings.ToLower(strings.Trim(text, " \t\n\r\f\v"))
	for _, b := range booleans {
		if len(word) >= b.least && strings.HasPrefix(b.word, word) {
			*(*bool)(unsafe.Add(duck.VectorGetData(out), row)) = b.value
			return nil
		}
	}
	return fmt.Errorf("invalid input syntax for type boolean: %q", text)
}

var booleans = []struct {
	word  string
	least int
	value bool
}{{"true", 1, true}, {"false", 1, false}, {"yes", 1, true}, {"no", 1, false}, {"on", 2, true}, {"off", 2, false}, {"1", 1, true}, {"0", 1, false}}
