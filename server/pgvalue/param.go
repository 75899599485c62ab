package pgvalue

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"tarn/catalog/sqltype"
	"tarn/engine"
	"tarn/engine/pgtype"
)

// Decode turns the value of a parameter, which is not NULL, into text that a cast in the engine reads. oid is the type
// that the client was told or has declared, by which it wrote the value; t is the parameter's SQL type. An error is an
// *engine.Error. Whether a number keeps all its digits is for FitsExactly to say, save in arrays, where this is an error.
func Decode(oid uint32, format Format, raw []byte, t sqltype.Type) (string, error) {
	var text string
	var err error
	switch format {
	case Text:
		text, err = decodeText(oid, raw, t)
	case Binary:
		text, err = decodeBinary(oid, raw, t)
	default:
		return "", &engine.Error{Kind: engine.KindUnsupported, Message: fmt.Sprintf("there is no format code %d", format)}
	}
	if err != nil {
		return "", err
	}
	if !utf8.ValidString(text) || strings.IndexByte(text, 0) >= 0 {
		return "", invalid("text", raw, "it is not UTF-8 without zero bytes")
	}
	return text, nil
}

// invalid is the error for a value that its type cannot have, in PostgreSQL's words.
func invalid(typeName string, raw []byte, why string) error {
	if len(raw) > 60 {
		raw = append(bytes.Clone(raw[:60]), "..."...)
	}
	return &engine.Error{Kind: engine.KindInvalidValue, Detail: why,
		Message: fmt.Sprintf("invalid input syntax for type %s: %q", typeName, raw)}
}

// typeNames are what messages call the types whose text is checked here.
var typeNames = map[uint32]string{oidBool: "boolean", oidInt2: "smallint", oidInt4: "integer", oidInt8: "bigint",
	oidOID: "oid", oidNumeric: "numeric", oidBytea: "bytea"}

func typeName(oid uint32) string {
	if name, ok := typeNames[oid]; ok {
		return name
	}
	return fmt.Sprintf("OID %d", oid)
}

// checkElement returns an error for a number in an array that would be rounded to the array's element type.
func checkElement(oid uint32, text string, t sqltype.Type) error {
	if oid != oidNumeric || t.Kind != sqltype.List && t.Kind != sqltype.Array || FitsExactly(text, pgtype.Scalar(t)) {
		return nil
	}
	return &engine.Error{Kind: engine.KindOutOfRange, Message: fmt.Sprintf("%s in an array does not fit %s exactly", text, pgtype.Scalar(t)),
		Hint: "Cast the parameter to an array of a wider decimal type."}
}

// FitsExactly reports whether a cast of text to t keeps every digit. What is no plain number is left to the cast.
func FitsExactly(text string, t sqltype.Type) bool {
	whole, scale, ok := extent(text)
	switch {
	case !ok || t.Kind == sqltype.Float || t.Kind == sqltype.Double:
		return true
	case t.Kind == sqltype.Decimal:
		return scale <= int(t.Scale) && whole <= int(t.Width-t.Scale)
	case t.IsNumeric():
		return scale == 0
	}
	return true
}

// Exact returns the DECIMAL type that holds the number in text exactly.
func Exact(text string) (sqltype.Type, error) {
	whole, scale, ok := extent(text)
	if !ok {
		return sqltype.Of(sqltype.Double), nil // NaN and the infinities
	}
	if written := writtenScale(text); written > scale && whole+written <= 38 {
		scale = written // PostgreSQL keeps the zeros of 1.50
	}
	width := max(whole+scale, 1)
	if width > 38 {
		return sqltype.Type{}, &engine.Error{Kind: engine.KindOutOfRange,
			Message: fmt.Sprintf("a numeric parameter of %d digits is too long", width),
			Hint:    "Up to 38 digits are exact; send it as double precision if an approximation will do."}
	}
	return sqltype.DecimalOf(uint8(width), uint8(scale)), nil
}

// writtenScale counts the digits after the point of a number without exponent.
func writtenScale(text string) int {
	_, after, _ := strings.Cut(strings.TrimSpace(text), ".")
	if strings.Trim(after, "0123456789") != "" {
		return 0
	}
	return len(after)
}

// extent returns how many digits a decimal number has before and after the point, without zeros at either end; not
// ok if text is no decimal number.
func extent(text string) (whole, scale int, ok bool) {
	text = strings.TrimLeft(strings.TrimSpace(text), "+-")
	mantissa, exponent, hasExponent := strings.Cut(strings.ToLower(text), "e")
	shift := 0
	if hasExponent {
		if _, err := fmt.Sscanf(exponent+" ", "%d ", &shift); err != nil || shift > 1000 || shift < -1000 {
			return 0, 0, false
		}
	}
	before, after, _ := strings.Cut(mantissa, ".")
	if before+after == "" || strings.Trim(before+after, "0123456789") != "" {
		return 0, 0, false
	}
	digits := before + after
	point := len(before) + shift // of the digits, so many stand before the point
	significant := strings.TrimRight(digits, "0")
	scale = max(len(significant)-point, 0)
	whole = max(point-(len(digits)-len(strings.TrimLeft(digits, "0"))), 0)
	if significant == "" {
		whole = 0
	}
	return whole, scale, true
}
