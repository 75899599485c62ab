package pgsql

import (
	"regexp"
	"strings"
	"time"
)

// shortTime is a time without seconds in front of a zone, which DuckDB does not read.
var shortTime = regexp.MustCompile(`^(\s*\d{4}-\d\d-\d\d[ T]\d\d:\d\d)(\s*(?:[+-]\d\d(?::?\d\d)?|Z)\s*)$`)

var (
	yearMonth  = regexp.MustCompile(`^\s*([+-]?\d+)-(\d+)\s*$`)
	hourMinute = regexp.MustCompile(`^(.*?)([+-]?\d+:\d\d)\s*$`)
	isoPart    = regexp.MustCompile(`([+-]?\d+(?:\.\d+)?)([YMWDHS])`)
)

// intervalText writes the forms of an interval that DuckDB does not read as it reads them; empty for others. They are 1-2 (years and
// months), 1 day 2:03, and ISO 8601's P1DT2H.
func intervalText(text string) string {
	if m := yearMonth.FindStringSubmatch(text); m != nil {
		return m[1] + " years " + m[2] + " months"
	}
	if strings.HasPrefix(text, "P") && !strings.Contains(text, ":") {
		return isoInterval(text[1:])
	}
	if m := hourMinute.FindStringSubmatch(text); m != nil && !strings.Contains(m[1], ":") {
		return m[1] + m[2] + ":00"
	}
	if plusSign.MatchString(text) {
		return plusSign.ReplaceAllString(text, "$1$2")
	}
	return ""
}

// isoInterval reads what stands behind the P.
func isoInterval(text string) string {
	date, clock, _ := strings.Cut(text, "T")
	if isoPart.ReplaceAllString(date+clock, "") != "" {
		return ""
	}
	var out []string
	for half, units := range []map[string]string{{"Y": "years", "M": "months", "W": "weeks", "D": "days"}, {"H": "hours", "M": "minutes", "S": "seconds"}} {
		for _, m := range isoPart.FindAllStringSubmatch([]string{date, clock}[half], -1) {
			if units[m[2]] == "" {
				return ""
			}
			out = append(out, m[1]+" "+units[m[2]])
		}
	}
	return strings.Join(out, " ")
}

// dateLayouts are spellings of a date that DuckDB does not read.
var dateLayouts = []string{"20060102", "Jan 2, 2006", "Jan 2 2006", "January 2, 2006", "January 2 2006", "2 Jan 2006", "2 January 2006", "2-Jan-2006", "2006-Jan-2"}

// isoDate writes such a date as DuckDB reads it; empty for others.
func isoDate(text string) string {
	for _, layout := range dateLayouts {
		if t, err := time.Parse(layout, strings.TrimSpace(text)); err == nil {
			return t.Format(time.DateOnly)
		}
	}
	return ""
}
