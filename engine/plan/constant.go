package plan

import (
	"encoding/json"
	"math"
	"math/big"
	"strconv"

	"tarn/catalog/sqltype"
	"tarn/engine/prune"
)

// kinds are DuckDB's names of the types whose constants are understood.
var kinds = map[string]sqltype.Kind{
	"BOOLEAN": sqltype.Boolean, "TINYINT": sqltype.TinyInt, "SMALLINT": sqltype.SmallInt, "INTEGER": sqltype.Integer, "BIGINT": sqltype.BigInt,
	"HUGEINT": sqltype.HugeInt, "UTINYINT": sqltype.UTinyInt, "USMALLINT": sqltype.USmallInt, "UINTEGER": sqltype.UInteger, "UBIGINT": sqltype.UBigInt,
	"FLOAT": sqltype.Float, "DOUBLE": sqltype.Double, "DECIMAL": sqltype.Decimal, "VARCHAR": sqltype.Varchar, "DATE": sqltype.Date, "TIME": sqltype.Time,
	"TIMESTAMP_S": sqltype.TimestampS, "TIMESTAMP_MS": sqltype.TimestampMS, "TIMESTAMP": sqltype.Timestamp, "TIMESTAMP_NS": sqltype.TimestampNS,
	"TIMESTAMP WITH TIME ZONE": sqltype.TimestampTZ,
}

// typeOf reads a type, or returns the zero Type for one that is not understood. A text with a collation is none of ours.
func typeOf(v any) sqltype.Type {
	n, _ := v.(node)
	name, _ := n["id"].(string)
	t := sqltype.Type{Kind: kinds[name]}
	info, _ := n["type_info"].(node)
	if t.Kind == sqltype.Decimal {
		width, ok1 := integer(info["width"])
		scale, ok2 := integer(info["scale"])
		if !ok1 || !ok2 {
			return sqltype.Type{}
		}
		t.Width, t.Scale = uint8(width), uint8(scale)
	} else if info != nil {
		return sqltype.Type{}
	}
	return t
}

// constantOf returns the constant that an expression is.
func constantOf(v any) (any, bool) {
	e, _ := v.(node)
	if e["expression_class"] != "BOUND_CONSTANT" {
		return nil, false
	}
	return e["value"], true
}

// textConstant returns a constant's text.
func textConstant(v any) (string, bool) {
	n, _ := v.(node)
	s, ok := n["value"].(string)
	return s, ok && typeOf(n["type"]).Kind == sqltype.Varchar
}

// constant reads a constant.
func constant(v any) (prune.Value, bool) {
	n, _ := v.(node)
	t := typeOf(n["type"])
	if t.Kind == sqltype.Invalid {
		return prune.Value{}, false
	}
	if n["is_null"] == true {
		return prune.NullOf(t), true
	}
	switch value := n["value"].(type) {
	case bool:
		return truth(value), t.Kind == sqltype.Boolean
	case string:
		switch {
		case t.Kind == sqltype.Varchar:
			return prune.TextOf(t, value), true
		case t.Kind == sqltype.Double || t.Kind == sqltype.Float:
			f, ok := map[string]float64{"NaN": math.NaN(), "Infinity": math.Inf(1), "-Infinity": math.Inf(-1)}[value]
			return prune.FloatOf(t, f), ok
		}
	case json.Number:
		switch {
		case t.Kind == sqltype.Double || t.Kind == sqltype.Float:
			f, err := strconv.ParseFloat(value.String(), 64)
			return prune.FloatOf(t, f), err == nil
		case t.Kind != sqltype.Varchar:
			i, ok := new(big.Int).SetString(value.String(), 10)
			return prune.WholeOf(t, orZero(i)), ok
		}
	case node:
		return huge(t, value)
	}
	return prune.Value{}, false
}

// huge reads a number of 128 bits.
func huge(t sqltype.Type, n node) (prune.Value, bool) {
	upper, ok1 := n["upper"].(json.Number)
	lower, ok2 := n["lower"].(json.Number)
	if !ok1 || !ok2 || t.Kind != sqltype.HugeInt && t.Kind != sqltype.Decimal {
		return prune.Value{}, false
	}
	high, ok1 := new(big.Int).SetString(upper.String(), 10)
	low, ok2 := new(big.Int).SetString(lower.String(), 10)
	if !ok1 || !ok2 {
		return prune.Value{}, false
	}
	return prune.WholeOf(t, high.Add(high.Lsh(high, 64), low)), true
}

func orZero(i *big.Int) *big.Int {
	if i == nil {
		return new(big.Int)
	}
	return i
}

// truth is a constant of type BOOLEAN.
func truth(b bool) prune.Value {
	n := big.NewInt(0)
	if b {
		n.SetInt64(1)
	}
	return prune.WholeOf(sqltype.Of(sqltype.Boolean), n)
}
