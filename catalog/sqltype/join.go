package sqltype

import "strings"

// Join returns the least type that holds every value of a and of b without loss. Join is commutative up to
// the order of struct fields, and idempotent; Null is its identity.
//
// Numbers widen along BOOLEAN-free chains: integers to the smallest integer that holds both, integers and
// decimals to DECIMAL, and to DOUBLE only where every value of the other side is exact in 53 bits. Dates widen to
// timestamps, timestamps to the finer unit. Structs join field by field (names match without regard to case,
// the first spelling stays), lists by element. What has no common type becomes VARCHAR, or JSON where a nested
// or JSON value takes part, so that nothing is lost.
func Join(a, b Type) Type {
	switch {
	case a.Equal(b):
		return a
	case a.Kind == Null:
		return b
	case b.Kind == Null:
		return a
	case a.IsNumeric() && b.IsNumeric():
		return joinNumbers(a, b)
	case isTimestamp(a.Kind) && isTimestamp(b.Kind):
		return joinTimestamps(a, b)
	case a.Kind == Struct && b.Kind == Struct:
		return joinStructs(a, b)
	case (a.Kind == List || a.Kind == Array) && (b.Kind == List || b.Kind == Array):
		return ListOf(Join(a.Elem(), b.Elem()))
	case a.Kind == Map && b.Kind == Map:
		return MapOf(Join(a.Fields[0].Type, b.Fields[0].Type), Join(a.Elem(), b.Elem()))
	case a.IsNested() || b.IsNested() || a.Kind == JSON || b.Kind == JSON:
		return Of(JSON)
	default:
		return Of(Varchar)
	}
}

// isTimestamp reports whether k is DATE or a timestamp without zone: those that widen into each other.
func isTimestamp(k Kind) bool { return k == Date || k >= TimestampS && k <= TimestampNS }

// joinTimestamps returns the finer unit. Nanoseconds reach only from 1677 to 2262, so a coarser partner could
// overflow there; the catalog proves the range before it chooses TIMESTAMP_NS for text.
func joinTimestamps(a, b Type) Type {
	k := max(a.Kind, b.Kind)
	if k == TimestampS || k == TimestampMS || k == Date {
		k = Timestamp
	}
	return Of(k)
}

// digits is the number of decimal digits that any value of an integer kind fits in.
var digits = map[Kind]int{
	TinyInt: 3, SmallInt: 5, Integer: 10, BigInt: 19, HugeInt: 39,
	UTinyInt: 3, USmallInt: 5, UInteger: 10, UBigInt: 20, UHugeInt: 39,
}

func isSigned(k Kind) bool   { return k >= TinyInt && k <= HugeInt }
func isUnsigned(k Kind) bool { return k >= UTinyInt && k <= UHugeInt }

func joinNumbers(a, b Type) Type {
	if a.Kind > b.Kind {
		a, b = b, a // integers before floats before decimals
	}
	switch {
	case a.Kind == BigNum || b.Kind == BigNum:
		return Of(Varchar)
	case isSigned(a.Kind) && isSigned(b.Kind), isUnsigned(a.Kind) && isUnsigned(b.Kind):
		return Of(max(a.Kind, b.Kind))
	case isSigned(a.Kind) && isUnsigned(b.Kind):
		return joinSigns(a.Kind, b.Kind)
	case a.Kind == Float && b.Kind == Double:
		return Of(Double)
	case b.Kind == Decimal && (a.Kind == Float || a.Kind == Double):
		return joinFloat(a.Kind, int(b.Width))
	case b.Kind == Decimal && a.Kind == Decimal:
		return joinDecimal(int(a.Width-a.Scale), int(a.Scale), int(b.Width-b.Scale), int(b.Scale))
	case b.Kind == Decimal:
		return joinDecimal(digits[a.Kind], 0, int(b.Width-b.Scale), int(b.Scale))
	default: // an integer and a float
		return joinFloat(b.Kind, digits[a.Kind])
	}
}

// joinSigns joins a signed with an unsigned integer: the signed type twice as wide as the unsigned one.
func joinSigns(s, u Kind) Type {
	wide := map[Kind]Kind{UTinyInt: SmallInt, USmallInt: Integer, UInteger: BigInt, UBigInt: HugeInt}
	k, ok := wide[u]
	if !ok {
		return Of(Varchar) // UHUGEINT with negatives has no integer type
	}
	return Of(max(s, k))
}

// joinFloat joins a float with exact numbers of n digits: FLOAT keeps 6 decimal digits and DOUBLE 15.
func joinFloat(f Kind, n int) Type {
	if n <= 6 && f == Float {
		return Of(Float)
	}
	if n <= 15 {
		return Of(Double)
	}
	return Of(Varchar)
}

func joinDecimal(whole1, scale1, whole2, scale2 int) Type {
	whole, scale := max(whole1, whole2), max(scale1, scale2)
	if whole+scale > 38 {
		return Of(Varchar)
	}
	return DecimalOf(uint8(whole+scale), uint8(scale))
}

func joinStructs(a, b Type) Type {
	out := StructOf(append([]Field(nil), a.Fields...)...)
	at := make(map[string]int, len(a.Fields))
	for i, f := range a.Fields {
		at[strings.ToLower(f.Name)] = i
	}
	for _, f := range b.Fields {
		if i, ok := at[strings.ToLower(f.Name)]; ok {
			out.Fields[i].Type = Join(out.Fields[i].Type, f.Type)
			continue
		}
		at[strings.ToLower(f.Name)] = len(out.Fields)
		out.Fields = append(out.Fields, f)
	}
	return out
}
