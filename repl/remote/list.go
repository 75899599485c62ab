package remote

import (
	"fmt"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"

	"tarn/catalog/sqltype"
)

// intervals reads the texts of intervals.
var intervals = pgtype.NewMap()

// elements are the types of the elements of arrays.
var elements = map[uint32]uint32{
	pgtype.BoolArrayOID: pgtype.BoolOID, pgtype.Int2ArrayOID: pgtype.Int2OID, pgtype.Int4ArrayOID: pgtype.Int4OID, pgtype.Int8ArrayOID: pgtype.Int8OID,
	pgtype.Float4ArrayOID: pgtype.Float4OID, pgtype.Float8ArrayOID: pgtype.Float8OID, pgtype.NumericArrayOID: pgtype.NumericOID,
	pgtype.TextArrayOID: pgtype.TextOID, pgtype.VarcharArrayOID: pgtype.TextOID, pgtype.JSONArrayOID: pgtype.JSONOID, pgtype.JSONBArrayOID: pgtype.JSONBOID,
	pgtype.ByteaArrayOID: pgtype.ByteaOID, pgtype.UUIDArrayOID: pgtype.UUIDOID, pgtype.DateArrayOID: pgtype.DateOID, pgtype.TimeArrayOID: pgtype.TimeOID,
	pgtype.TimestampArrayOID: pgtype.TimestampOID, pgtype.TimestamptzArrayOID: pgtype.TimestamptzOID, pgtype.IntervalArrayOID: pgtype.IntervalOID,
}

// isArray reports whether a column is read by listOf.
func isArray(f pgconn.FieldDescription) bool { return elements[f.DataTypeOID] != 0 }

// listOf is the column of an array of so many dimensions, which PostgreSQL's types do not tell.
func listOf(f pgconn.FieldDescription, dimensions int) column {
	f.DataTypeOID = elements[f.DataTypeOID]
	elem := columnOf(f)
	list := column{typ: elem.typ, arrow: elem.arrow}
	for range dimensions {
		list.typ, list.arrow = sqltype.ListOf(list.typ), arrow.ListOf(list.arrow)
	}
	list.add = func(b array.Builder, text []byte) error {
		rest, err := addValue(b, string(text), dimensions, elem)
		if err == nil && rest != "" {
			err = fmt.Errorf("%q stands behind its end", rest)
		}
		return err
	}
	return list
}

// addValue adds the value at the beginning of s, a list if depth is not 0, and returns what stands behind it. Lists of one depth may differ in
// length and be NULL: the server sends such lists, which are no arrays of PostgreSQL's.
func addValue(b array.Builder, s string, depth int, elem column) (rest string, err error) {
	text, quoted, rest := element(s)
	switch {
	case !quoted && text == "NULL":
		b.AppendNull()
		return rest, nil
	case depth == 0 && (quoted || text != ""):
		return rest, elem.add(b, []byte(text))
	case depth == 0 || !strings.HasPrefix(s, "{"):
		return "", fmt.Errorf("its lists are of another depth than those before: cast the column to VARCHAR")
	}
	list := b.(*array.ListBuilder)
	list.Append(true)
	for s = s[1:]; !strings.HasPrefix(s, "}"); s = strings.TrimPrefix(s, ",") {
		if s == "" {
			return "", fmt.Errorf("a brace is not closed")
		}
		if s, err = addValue(list.ValueBuilder(), s, depth-1, elem); err != nil {
			return "", err
		}
	}
	return s[1:], nil
}

// element reads the element at the beginning of s, up to a comma or brace.
func element(s string) (text string, quoted bool, rest string) {
	var b strings.Builder
	inQuotes := false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && i+1 < len(s):
			i++
			b.WriteByte(s[i])
		case c == '"':
			inQuotes, quoted = !inQuotes, true
		case !inQuotes && (c == ',' || c == '{' || c == '}'):
			return b.String(), quoted, s[i:]
		default:
			b.WriteByte(c)
		}
	}
	return b.String(), quoted, ""
}

// dimensionsOf returns how deep the lists in some rows of a column nest; 1 if all of them are empty.
func dimensionsOf(rows [][][]byte, column int) int {
	most := 1
	for _, row := range rows {
		for s, depth := string(row[column]), 0; s != ""; {
			switch s[0] {
			case '{':
				depth++
				most, s = max(most, depth), s[1:]
			case '}':
				depth--
				s = s[1:]
			case ',':
				s = s[1:]
			default:
				_, _, s = element(s)
			}
		}
	}
	return most
}
