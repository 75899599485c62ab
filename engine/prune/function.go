package prune

import (
	"strings"
	"time"
	"unicode/utf8"

	"tarn/catalog/sqltype"
)

// Call is a function of one column's value and constants.
type Call struct {
	Name     string       // in lower case
	Argument sqltype.Type // of the value
	Result   sqltype.Type
	Before   []Value // constants in front of the value
	After    []Value // constants behind it
}

// Step returns the call as a step; ok is false if the function is not one that is known to be monotone.
func (c Call) Step() (s Step, ok bool) {
	name := c.spell()
	switch c.Name {
	case "year", "quarter", "month", "day", "dayofmonth":
		if len(c.Before)+len(c.After) == 0 {
			return c.part(name)
		}
	case "date_trunc", "datetrunc":
		if len(c.Before) == 1 && len(c.After) == 0 {
			return c.truncate(name, strings.ToLower(c.Before[0].s))
		}
	case "strftime":
		if len(c.Before) == 0 && len(c.After) == 1 {
			return c.format(name, c.After[0].s)
		}
	case "left", "substring", "substr":
		return c.front(name)
	case "epoch_ms":
		if c.Argument.Kind == sqltype.BigInt && c.Result.Kind == sqltype.Timestamp {
			return toUnits(name, 1e3, 1e6), true
		}
	case "+", "-":
		return c.shift(name)
	}
	return Step{}, false
}

// spell writes the call with a hole for the value.
func (c Call) spell() string {
	var parts []string
	for _, v := range c.Before {
		parts = append(parts, v.String())
	}
	parts = append(parts, hole)
	for _, v := range c.After {
		parts = append(parts, v.String())
	}
	if len(parts) == 2 && (c.Name == "+" || c.Name == "-") {
		return parts[0] + " " + c.Name + " " + parts[1]
	}
	return c.Name + "(" + strings.Join(parts, ", ") + ")"
}

// clock reads the moment that a DATE or TIMESTAMP is; ok is false for other types.
func clock(k sqltype.Kind) (moment func(int64) time.Time, ok bool) {
	switch k {
	case sqltype.Date:
		return func(n int64) time.Time { return time.Unix(n*secondsPerDay, 0).UTC() }, true
	case sqltype.TimestampS:
		return func(n int64) time.Time { return time.Unix(n, 0).UTC() }, true
	case sqltype.TimestampMS:
		return func(n int64) time.Time { return time.UnixMilli(n).UTC() }, true
	case sqltype.Timestamp, sqltype.TimestampTZ:
		return func(n int64) time.Time { return time.UnixMicro(n).UTC() }, true
	case sqltype.TimestampNS:
		return func(n int64) time.Time { return time.Unix(0, n).UTC() }, true
	}
	return nil, false
}

// zoned widens the argument of a function that reads a local time.
func (c Call) zoned(s Step) Step {
	if c.Argument.Kind == sqltype.TimestampTZ {
		return slackened(s, zoneSlack)
	}
	return s
}

// part returns the step to a part of a date. Months, quarters and days rise only within a year or month; over more than
// that, any is possible.
func (c Call) part(name string) (Step, bool) {
	moment, ok := clock(c.Argument.Kind)
	if !ok || c.Result.Kind != sqltype.BigInt {
		return Step{}, false
	}
	return c.zoned(Step{name, func(lo, hi Value) (Value, Value, bool) {
		n, ok1 := lo.n.int64()
		m, ok2 := hi.n.int64()
		if !ok1 || !ok2 {
			return lo, hi, false
		}
		a, b := moment(n), moment(m)
		year, month := a.Year() == b.Year(), a.Year() == b.Year() && a.Month() == b.Month()
		switch {
		case c.Name == "year":
			return Int(int64(a.Year())), Int(int64(b.Year())), true
		case c.Name == "quarter" && year:
			return Int(int64(a.Month()+2) / 3), Int(int64(b.Month()+2) / 3), true
		case c.Name == "quarter":
			return Int(1), Int(4), true
		case c.Name == "month" && year:
			return Int(int64(a.Month())), Int(int64(b.Month())), true
		case c.Name == "month":
			return Int(1), Int(12), true
		case month:
			return Int(int64(a.Day())), Int(int64(b.Day())), true
		}
		return Int(1), Int(31), true
	}}), true
}

// truncate returns the step to the beginning of a unit of time.
func (c Call) truncate(name, unit string) (Step, bool) {
	moment, ok := clock(c.Argument.Kind)
	back := truncations[unit]
	if !ok || back == nil {
		return Step{}, false
	}
	units := unitsPerSecond[c.Result.Kind]
	if !isTimestamp(c.Result.Kind) && c.Result.Kind != sqltype.Date {
		return Step{}, false
	}
	s := onInts(name, func(n int64) int64 {
		at := back(moment(n))
		if c.Result.Kind == sqltype.Date {
			return floorDiv(at.Unix(), secondsPerDay)
		}
		return at.Unix() * units
	})
	if c.Argument.Kind != sqltype.TimestampTZ {
		return s, true
	}
	return Step{name, func(lo, hi Value) (Value, Value, bool) { // it is in the local time of the zone, and never later
		low, _, ok := slackened(s, zoneSlack).over(lo, lo)
		low.n = low.n.plus(-zoneSlack)
		return low, hi, ok && c.Result.Kind == sqltype.TimestampTZ
	}}, true
}

// truncations go back to the beginning of a unit, in UTC.
var truncations = map[string]func(time.Time) time.Time{
	"year": func(t time.Time) time.Time { return time.Date(t.Year(), 1, 1, 0, 0, 0, 0, time.UTC) },
	"quarter": func(t time.Time) time.Time {
		return time.Date(t.Year(), (t.Month()-1)/3*3+1, 1, 0, 0, 0, 0, time.UTC)
	},
	"month": func(t time.Time) time.Time { return time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC) },
	"week": func(t time.Time) time.Time {
		return time.Date(t.Year(), t.Month(), t.Day()-(int(t.Weekday())+6)%7, 0, 0, 0, 0, time.UTC)
	},
	"day":    func(t time.Time) time.Time { return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC) },
	"hour":   func(t time.Time) time.Time { return time.Unix(floorDiv(t.Unix(), 3600)*3600, 0).UTC() },
	"minute": func(t time.Time) time.Time { return time.Unix(floorDiv(t.Unix(), 60)*60, 0).UTC() },
	"second": func(t time.Time) time.Time { return time.Unix(t.Unix(), 0).UTC() },
}

// formats are those of strftime whose texts have the order of the dates, in the years that dateText accepts.
var formats = map[string]string{
	"%Y": "2006", "%Y-%m": "2006-01", "%Y-%m-%d": "2006-01-02", "%Y%m": "200601", "%Y%m%d": "20060102",
	"%Y/%m": "2006/01", "%Y/%m/%d": "2006/01/02", "%Y.%m": "2006.01", "%Y_%m": "2006_01",
}

func (c Call) format(name, layout string) (Step, bool) {
	moment, ok := clock(c.Argument.Kind)
	if !ok || formats[layout] == "" || c.Argument.Kind == sqltype.TimestampTZ || c.Result.Kind != sqltype.Varchar {
		return Step{}, false
	}
	return textOf(name, formats[layout], moment), true
}

// dateText is the text of days.
func dateText(name, layout string) Step {
	moment, _ := clock(sqltype.Date)
	return textOf(name, layout, moment)
}

// textOf writes moments of the years 1000 to 9999, which have four digits however they are written.
func textOf(name, layout string, moment func(int64) time.Time) Step {
	return each(name, func(v Value) (Value, bool) {
		n, ok := v.n.int64()
		if !ok {
			return v, false
		}
		at := moment(n)
		return Text(at.Format(layout)), at.Year() >= 1000 && at.Year() <= 9999
	})
}

// front returns the step to the first characters of a text.
func (c Call) front(name string) (Step, bool) {
	count := c.After
	if c.Name != "left" && len(count) == 2 {
		if start, ok := count[0].n.int64(); !ok || start != 1 {
			return Step{}, false
		}
		count = count[1:]
	} else if c.Name != "left" {
		return Step{}, false
	}
	if c.Argument.Kind != sqltype.Varchar || len(c.Before) > 0 || len(count) != 1 || count[0].in != whole {
		return Step{}, false
	}
	n, ok := count[0].n.int64()
	if !ok || n < 0 {
		return Step{}, false
	}
	return each(name, func(v Value) (Value, bool) {
		end := 0
		for i := int64(0); i < n && end < len(v.s); i++ {
			_, size := utf8.DecodeRuneInString(v.s[end:])
			end += size
		}
		return Text(v.s[:end]), utf8.ValidString(v.s)
	}), true
}

// shift returns the step that adds days to a date.
func (c Call) shift(name string) (Step, bool) {
	if c.Argument.Kind != sqltype.Date || c.Result.Kind != sqltype.Date || len(c.Before) > 0 || len(c.After) != 1 || c.After[0].in != whole {
		return Step{}, false
	}
	days, ok := c.After[0].n.int64()
	if c.Name == "-" {
		days = -days
	}
	return onInts(name, func(n int64) int64 { return n + days }), ok && days > -1<<31 && days < 1<<31
}
