package pgsql

import (
	"fmt"
	"strings"
	"time"
)

// toTimestamp reads a text by a format and returns it as DuckDB reads timestamps.
func toTimestamp(args []string) (string, bool, error) {
	r := &timeReader{text: args[0], year: 1, month: 1, day: 1}
	for _, p := range pieces(args[1]) {
		if err := r.read(p); err != nil {
			return "", false, err
		}
	}
	if r.pm && r.hour < 12 {
		r.hour += 12
	} else if r.am && r.hour == 12 {
		r.hour = 0
	}
	t := time.Date(r.year, time.Month(r.month), r.day, r.hour, r.minute, r.second, r.micro*1000, time.UTC)
	if r.dayOfYear > 0 {
		t = time.Date(r.year, 1, r.dayOfYear, r.hour, r.minute, r.second, r.micro*1000, time.UTC)
	} else if t.Day() != r.day || int(t.Month()) != r.month || r.hour > 23 || r.minute > 59 || r.second > 59 {
		return "", false, fmt.Errorf("date/time field value out of range: %q", args[0])
	}
	return t.Format("2006-01-02 15:04:05.000000"), true, nil
}

// timeReader goes through a text.
type timeReader struct {
	text   string
	am, pm bool

	year, month, day, dayOfYear, hour, minute, second, micro int
}

// read reads one piece of the format.
func (r *timeReader) read(p piece) error {
	if p.pattern == "" { // any separator stands for any other
		if r.text != "" && !isAlnum(r.text[0]) {
			r.text = r.text[1:]
		} else if p.text != " " && strings.HasPrefix(r.text, p.text) {
			r.text = r.text[len(p.text):]
		}
		return nil
	}
	for r.text != "" && (r.text[0] == ' ' || !isAlnum(r.text[0]) && r.text[0] != '-') {
		r.text = r.text[1:]
	}
	to, width := r.place(p.pattern)
	if to != nil {
		return r.number(p, to, width)
	}
	return r.name(p)
}

func isAlnum(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// place returns where a number goes, and how many digits it has at most.
func (r *timeReader) place(pattern string) (*int, int) {
	switch pattern {
	case "YYYY", "YYY", "YY", "Y":
		return &r.year, len(pattern)
	case "MM":
		return &r.month, 2
	case "DD":
		return &r.day, 2
	case "DDD":
		return &r.dayOfYear, 3
	case "HH24", "HH12", "HH":
		return &r.hour, 2
	case "MI":
		return &r.minute, 2
	case "SS":
		return &r.second, 2
	case "MS":
		return &r.micro, 3
	case "US":
		return &r.micro, 6
	}
	return nil, 0
}

func (r *timeReader) number(p piece, to *int, width int) error {
	n, digits := 0, 0
	for digits < width && digits < len(r.text) && r.text[digits] >= '0' && r.text[digits] <= '9' {
		n = n*10 + int(r.text[digits]-'0')
		digits++
	}
	if digits == 0 {
		if r.text == "" {
			return nil
		}
		return fmt.Errorf("invalid value %q for %q", r.text[:min(len(r.text), width)], p.text)
	}
	r.text = r.text[digits:]
	switch {
	case p.pattern == "MS" || p.pattern == "US":
		for range 6 - digits {
			n *= 10
		}
	case p.pattern == "YY" || p.pattern == "YYY" || p.pattern == "Y":
		if n < 70 {
			n += 2000
		} else if n < 100 {
			n += 1900
		}
	}
	*to = n
	return nil
}

// name reads a pattern of letters.
func (r *timeReader) name(p piece) error {
	switch p.pattern {
	case "MONTH", "MON":
		for m := time.January; m <= time.December; m++ {
			for _, name := range []string{m.String(), m.String()[:3]} {
				if len(r.text) >= len(name) && strings.EqualFold(r.text[:len(name)], name) {
					r.month, r.text = int(m), r.text[len(name):]
					return nil
				}
			}
		}
		return fmt.Errorf("invalid value %q for %q", r.text, p.text)
	case "AM", "PM", "A.M.", "P.M.":
		if len(r.text) < len(p.pattern) {
			return fmt.Errorf("invalid value %q for %q", r.text, p.text)
		}
		r.pm = strings.EqualFold(r.text[:1], "p")
		r.am = !r.pm
		r.text = r.text[len(p.pattern):]
		return nil
	case "DAY", "DY":
		r.text = strings.TrimLeft(r.text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
		return nil
	}
	return fmt.Errorf("to_timestamp and to_date do not know the pattern %q", p.text)
}
