package prune

import (
	"math"
	"strings"

	"tarn/catalog/sqltype"
)

// Step is a function of one value that never falls where its argument rises, so that it maps a range to a range. Casts are
// steps where DuckDB's own is monotone.
type Step struct {
	name string // of a cast, ::type; else of the function, with a place for its argument
	over func(lo, hi Value) (Value, Value, bool)
}

// show spells the step of a value.
func (s Step) show(value string) string {
	if strings.HasPrefix(s.name, "::") {
		return value + s.name
	}
	return strings.Replace(s.name, hole, value, 1)
}

// hole stands for the argument in the name of a step.
const hole = "\x00"

// each makes a step of a function that is exact for each value.
func each(name string, f func(Value) (Value, bool)) Step {
	return Step{name, func(lo, hi Value) (Value, Value, bool) {
		a, ok1 := f(lo)
		b, ok2 := f(hi)
		return a, b, ok1 && ok2
	}}
}

// onInts makes a step of a function of integers of 64 bits.
func onInts(name string, f func(int64) int64) Step {
	return each(name, func(v Value) (Value, bool) {
		n, ok := v.n.int64()
		return Int(f(n)), ok && v.in == whole
	})
}

// same is the cast that changes nothing in how a value is kept.
func same(name string) Step { return each(name, func(v Value) (Value, bool) { return v, true }) }

// zoneSlack is more than the difference between the local time of any zone and UTC, in microseconds.
const zoneSlack = 26 * 3600 * 1_000_000

// slackened widens the range of what is known up to a distance only, then maps it.
func slackened(s Step, slack int64) Step {
	return Step{s.name, func(lo, hi Value) (Value, Value, bool) {
		a, ok1 := lo.n.int64()
		b, ok2 := hi.n.int64()
		if !ok1 || !ok2 || lo.in != whole || a < math.MinInt64/2 || b > math.MaxInt64/2 {
			return lo, hi, false
		}
		return s.over(Int(a-slack), Int(b+slack))
	}}
}

// Cast returns the step from one type to another; ok is false if the cast is not monotone, or not certain to be.
func Cast(from, to sqltype.Type) (s Step, ok bool) {
	name := "::" + to.String()
	ints := isInteger(from.Kind)
	switch {
	case from.Equal(to) && domainOf(from) != noDomain:
		return same(name), true
	case (ints || from.Kind == sqltype.Boolean) && isInteger(to.Kind):
		return same(name), true
	case ints && to.Kind == sqltype.Decimal:
		return scaleUp(name, int(to.Scale)), true
	case from.Kind == sqltype.Decimal && to.Kind == sqltype.Decimal && to.Scale >= from.Scale:
		return scaleUp(name, int(to.Scale-from.Scale)), true
	case ints && to.Kind == sqltype.Double:
		return each(name, func(v Value) (Value, bool) { n, ok := v.n.int64(); return Float(float64(n)), ok }), true
	case ints && to.Kind == sqltype.Float:
		return each(name, func(v Value) (Value, bool) { n, ok := v.n.int64(); return Float(float64(float32(n))), ok }), true
	case from.Kind == sqltype.Decimal && to.Kind == sqltype.Double:
		return decimalToDouble(name, int(from.Scale)), true
	case from.Kind == sqltype.Float && to.Kind == sqltype.Double:
		return same(name), true
	case from.Kind == sqltype.UUID && to.Kind == sqltype.Varchar:
		return same(name), true
	case from.Kind == sqltype.Date && to.Kind == sqltype.Varchar:
		return dateText(name, "2006-01-02"), true
	}
	return castTime(name, from.Kind, to.Kind)
}

func isInteger(k sqltype.Kind) bool { return k >= sqltype.TinyInt && k <= sqltype.UHugeInt }

func scaleUp(name string, power int) Step {
	return each(name, func(v Value) (Value, bool) {
		n, ok := v.n.scaled(power)
		return Value{in: whole, n: n}, ok
	})
}

// decimalToDouble allows for a rounding that differs from DuckDB's in the last digits.
func decimalToDouble(name string, scale int) Step {
	return Step{name, func(lo, hi Value) (Value, Value, bool) {
		a, ok1 := lo.n.int64()
		b, ok2 := hi.n.int64()
		x, y := float64(a)/math.Pow10(scale), float64(b)/math.Pow10(scale)
		for range 4 {
			x, y = math.Nextafter(x, math.Inf(-1)), math.Nextafter(y, math.Inf(1))
		}
		return Float(x), Float(y), ok1 && ok2
	}}
}

// castTime returns the cast between dates and timestamps. What depends on the session's time zone is widened.
func castTime(name string, from, to sqltype.Kind) (Step, bool) {
	units, stamp := unitsPerSecond[from], isTimestamp(from)
	zoned := (from == sqltype.TimestampTZ) != (to == sqltype.TimestampTZ)
	switch {
	case from == sqltype.Date && to == sqltype.TimestampTZ:
		s, ok := castTime(name, sqltype.Date, sqltype.Timestamp)
		shift := onInts(name, func(n int64) int64 { return n })
		return Step{name, func(lo, hi Value) (Value, Value, bool) {
			lo, hi, fits := s.over(lo, hi)
			if !fits {
				return lo, hi, false
			}
			return slackened(shift, zoneSlack).over(lo, hi)
		}}, ok
	case from == sqltype.Date && isTimestamp(to):
		per := secondsPerDay * unitsPerSecond[to]
		return each(name, func(v Value) (Value, bool) {
			n := v.n.times(per)
			_, fits := n.int64()
			return Value{in: whole, n: n}, fits
		}), true
	case stamp && to == sqltype.Date:
		s := onInts(name, func(n int64) int64 { return floorDiv(n, secondsPerDay*units) })
		if zoned || from == sqltype.TimestampTZ {
			s = slackened(s, zoneSlack)
		}
		return s, true
	case stamp && isTimestamp(to):
		s := toUnits(name, units, unitsPerSecond[to])
		if zoned {
			s = slackened(s, zoneSlack/1_000_000*units+1)
		}
		return s, true
	}
	return Step{}, false
}

func isTimestamp(k sqltype.Kind) bool { return k >= sqltype.TimestampS && k <= sqltype.TimestampTZ }

// toUnits converts timestamps to finer or coarser units. Towards coarser ones, one unit allows for any rounding.
func toUnits(name string, from, to int64) Step {
	if to >= from {
		return each(name, func(v Value) (Value, bool) {
			n := v.n.times(to / from)
			_, fits := n.int64()
			return Value{in: whole, n: n}, fits
		})
	}
	return Step{name, func(lo, hi Value) (Value, Value, bool) {
		a, ok1 := lo.n.int64()
		b, ok2 := hi.n.int64()
		return Int(floorDiv(a, from/to) - 1), Int(floorDiv(b, from/to) + 1), ok1 && ok2
	}}
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
