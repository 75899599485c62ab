package server

import (
	"strconv"
	"strings"

	"tarn/engine/cell"
	"tarn/server/pgvalue"
)

var dateStyles = map[string]pgvalue.DateStyle{"ISO": pgvalue.DateISO, "SQL": pgvalue.DateSQL, "Postgres": pgvalue.DatePostgres,
	"German": pgvalue.DateGerman}

var intervalStyles = map[string]pgvalue.IntervalStyle{"postgres": pgvalue.IntervalPostgres, "iso_8601": pgvalue.IntervalISO8601,
	"postgres_verbose": pgvalue.IntervalVerbose, "sql_standard": pgvalue.IntervalSQLStandard}

// style is how the session wants values written.
func (s *settings) style(engine cell.Style) pgvalue.Style {
	name, order, _ := strings.Cut(s.get("DateStyle"), ", ")
	style := pgvalue.Style{Style: engine, Dates: dateStyles[name], DayFirst: order == "DMY",
		Intervals: intervalStyles[s.get("IntervalStyle")], EscapeBytes: s.get("bytea_output") == "escape"}
	if n, err := strconv.Atoi(s.get("extra_float_digits")); err == nil && n <= 0 {
		style.FloatDigits = max(15+n, 1) // DBL_DIG
	}
	return style
}

// changeDateStyle returns the DateStyle after value is set: what value does not name stays (check_datestyle in
// PostgreSQL's variable.c). Naming a style or an order twice is right only if they are the same.
func changeDateStyle(now, value string) (string, bool) {
	style, order, _ := strings.Cut(now, ", ")
	newStyle, newOrder := "", ""
	set := func(to *string, v string) bool {
		ok := *to == "" || *to == v
		*to = v
		return ok
	}
	for _, word := range strings.Split(value, ",") {
		word, ok := strings.ToLower(strings.Trim(strings.TrimSpace(word), `"'`)), true
		switch {
		case word == "iso":
			ok = set(&newStyle, "ISO")
		case word == "sql":
			ok = set(&newStyle, "SQL")
		case strings.HasPrefix(word, "postgres"):
			ok = set(&newStyle, "Postgres")
		case word == "german":
			ok = set(&newStyle, "German")
		case word == "ymd":
			ok = set(&newOrder, "YMD")
		case word == "dmy" || strings.HasPrefix(word, "euro"):
			ok = set(&newOrder, "DMY")
		case word == "mdy" || word == "us" || strings.HasPrefix(word, "noneuro"):
			ok = set(&newOrder, "MDY")
		case word == "default":
			newStyle, newOrder = "ISO", "MDY"
		default:
			return "", false
		}
		if !ok {
			return "", false
		}
	}
	if newStyle == "German" && newOrder == "" {
		newOrder = "DMY"
	}
	if newStyle != "" {
		style = newStyle
	}
	if newOrder != "" {
		order = newOrder
	}
	return style + ", " + order, true
}
