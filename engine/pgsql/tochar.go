package pgsql

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"
)

// toChar is to_char(value, format): the value's type as DuckDB names it, its text, and the format.
func toChar(args []string) (string, bool, error) {
	kind, text, format := args[0], args[1], args[2]
	switch {
	case kind == "INTERVAL":
		m, err := intervalMoment(text)
		if err != nil {
			return "", false, err
		}
		return writeMoment(m, format)
	case kind == "DATE" || kind == "TIME" || strings.HasPrefix(kind, "TIMESTAMP"):
		m, ok, err := readMoment(text)
		if err != nil || !ok {
			return "", ok, err
		}
		return writeMoment(m, format)
	}
	out, err := numberToChar(text, format)
	return out, err == nil, err
}

// moment is what to_char writes of: a time, or the parts of an interval.
type moment struct {
	t        time.Time
	interval bool
	zone     string // +00; empty if there is none

	year, month, day, hour, minute, second, micro int
}

// momentLayouts are DuckDB's texts of dates and times.
var momentLayouts = []string{"2006-01-02 15:04:05", "2006-01-02", "15:04:05"}

// readMoment reads DuckDB's text of a date or time; false for an infinite one.
func readMoment(text string) (moment, bool, error) {
	m := moment{}
	if strings.HasSuffix(text, "infinity") {
		return m, false, nil
	}
	body, bc := strings.CutSuffix(text, " (BC)")
	if at := strings.LastIndexAny(body, "+-"); at > 10 {
		body, m.zone = body[:at], body[at:]
	}
	var err error
	for _, layout := range momentLayouts {
		if m.t, err = time.Parse(layout, body); err == nil {
			break
		}
	}
	if err != nil {
		return m, false, fmt.Errorf("to_char cannot read %q", text)
	}
	m.year, m.month, m.day = m.t.Year(), int(m.t.Month()), m.t.Day()
	if bc {
		m.year = -m.year
	}
	m.hour, m.minute, m.second, m.micro = m.t.Hour(), m.t.Minute(), m.t.Second(), m.t.Nanosecond()/1000
	return m, true, nil
}

// intervalMoment reads DuckDB's text of an interval: 1 year 2 months 3 days 04:05:06.789.
func intervalMoment(text string) (moment, error) {
	m := moment{interval: true}
	fields := strings.Fields(text)
	for i := 0; i < len(fields); i++ {
		if strings.Contains(fields[i], ":") {
			negative := strings.HasPrefix(fields[i], "-")
			var whole, part string
			whole, part, _ = strings.Cut(strings.TrimPrefix(fields[i], "-"), ".")
			if _, err := fmt.Sscanf(whole, "%d:%d:%d", &m.hour, &m.minute, &m.second); err != nil {
				return m, fmt.Errorf("to_char cannot read %q", text)
			}
			m.micro, _ = strconv.Atoi((part + "000000")[:6])
			if negative {
				m.hour, m.minute, m.second, m.micro = -m.hour, -m.minute, -m.second, -m.micro
			}
			continue
		}
		n, err := strconv.Atoi(fields[i])
		if err != nil || i+1 == len(fields) {
			return m, fmt.Errorf("to_char cannot read %q", text)
		}
		i++
		switch strings.TrimSuffix(fields[i], "s") {
		case "year":
			m.year = n
		case "month":
			m.month = n
		case "day":
			m.day = n
		}
	}
	return m, nil
}

// piece is a pattern of a format, or a text that stays as it is.
type piece struct {
	pattern string // as in momentPatterns; empty for a text
	text    string // as written
	fill    bool   // no FM stands in front
	suffix  string // th or TH
}

var formats struct {
	sync.Mutex
	known map[string][]piece
}

// pieces cuts a format.
func pieces(format string) []piece {
	formats.Lock()
	defer formats.Unlock()
	if known, ok := formats.known[format]; ok {
		return known
	}
	var out []piece
	fill := true
	for i := 0; i < len(format); {
		if format[i] == '"' {
			end := strings.IndexByte(format[i+1:], '"')
			if end < 0 {
				end = len(format) - i - 1
			}
			out = append(out, piece{text: format[i+1 : i+1+end]})
			i = min(i+end+2, len(format))
			continue
		}
		if upper := strings.ToUpper(format[i:min(i+2, len(format))]); upper == "FM" || upper == "TM" {
			fill = false
			i += 2
			continue
		}
		if n := patternAt(format[i:]); n > 0 {
			p := piece{pattern: strings.ToUpper(format[i : i+n]), text: format[i : i+n], fill: fill}
			i += n
			if s := format[i:min(i+2, len(format))]; s == "th" || s == "TH" {
				p.suffix = s
				i += 2
			}
			out = append(out, p)
			fill = true
			continue
		}
		out = append(out, piece{text: format[i : i+1]})
		i++
	}
	if formats.known == nil || len(formats.known) >= 256 {
		formats.known = map[string][]piece{}
	}
	formats.known[format] = out
	return out
}

// momentPatterns are those of table 9.27 of PostgreSQL's manual, the longest first.
var momentPatterns = []string{"SSSSS", "Y,YYY", "MONTH", "SSSS", "HH24", "HH12", "YYYY", "IYYY", "IDDD", "A.M.", "P.M.", "A.D.", "B.C.", "YYY", "IYY", "DAY", "DDD", "MON", "TZH",
	"TZM", "HH", "MI", "SS", "MS", "US", "FF1", "FF2", "FF3", "FF4", "FF5", "FF6", "AM", "PM", "YY", "IY", "AD", "BC", "MM", "DD", "DY", "ID", "WW", "IW", "CC", "RM", "TZ", "OF", "Y",
	"I", "D", "W", "J", "Q"}

// patternAt returns the length of the pattern that a format begins with.
func patternAt(format string) int {
	for _, p := range momentPatterns {
		if len(format) >= len(p) && strings.EqualFold(format[:len(p)], p) {
			return len(p)
		}
	}
	return 0
}

// writeMoment writes a time in a format.
func writeMoment(m moment, format string) (string, bool, error) {
	var b strings.Builder
	for _, p := range pieces(format) {
		if p.pattern == "" {
			b.WriteString(p.text)
			continue
		}
		text, err := m.write(p)
		if err != nil {
			return "", false, err
		}
		if p.suffix != "" {
			th := ordinal(text)
			if p.suffix == "TH" {
				th = strings.ToUpper(th)
			}
			text += th
		}
		b.WriteString(text)
	}
	return b.String(), true, nil
}

// ordinal returns st, nd, rd or th.
func ordinal(number string) string {
	if len(number) > 1 && number[len(number)-2] == '1' || number == "" {
		return "th"
	}
	switch number[len(number)-1] {
	case '1':
		return "st"
	case '2':
		return "nd"
	case '3':
		return "rd"
	}
	return "th"
}
