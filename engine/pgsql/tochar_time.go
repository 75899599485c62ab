package pgsql

import (
	"fmt"
	"strings"
	"time"
)

// write writes one pattern of to_char.
func (m moment) write(p piece) (string, error) {
	digits := func(n, width int) string {
		if !p.fill {
			return fmt.Sprint(n)
		}
		if n < 0 {
			return fmt.Sprintf("-%0*d", width, -n)
		}
		return fmt.Sprintf("%0*d", width, n)
	}
	if text, ok := m.clock(p.pattern, digits); ok {
		if m.interval || p.text == strings.ToUpper(p.text) {
			return text, nil
		}
		return strings.ToLower(text), nil // am and pm
	}
	if text, ok := m.calendar(p.pattern, digits); ok {
		return text, nil
	}
	if m.interval {
		return "", fmt.Errorf("to_char: the pattern %q means nothing for an interval", p.text)
	}
	return m.named(p, digits)
}

// clock writes the patterns of the time of day.
func (m moment) clock(pattern string, digits func(n, width int) string) (string, bool) {
	twelve := (m.hour + 11) % 12
	if m.hour < 0 {
		twelve = -((-m.hour + 11) % 12) - 2
	}
	half := map[bool]string{true: "PM", false: "AM"}[m.hour%24 >= 12]
	switch pattern {
	case "HH24":
		return digits(m.hour, 2), true
	case "HH12", "HH":
		return digits(twelve+1, 2), true
	case "MI":
		return digits(m.minute, 2), true
	case "SS":
		return digits(m.second, 2), true
	case "MS":
		return digits(m.micro/1000, 3), true
	case "US", "FF6":
		return digits(m.micro, 6), true
	case "FF1", "FF2", "FF3", "FF4", "FF5":
		return fmt.Sprintf("%06d", m.micro)[:pattern[2]-'0'], true
	case "SSSS", "SSSSS":
		return fmt.Sprint(m.hour*3600 + m.minute*60 + m.second), true
	case "AM", "PM":
		return half, true
	case "A.M.", "P.M.":
		return half[:1] + ".M.", true
	}
	return "", false
}

// calendar writes the numbers of the date, which intervals have, too.
func (m moment) calendar(pattern string, digits func(n, width int) string) (string, bool) {
	year := m.year
	if year < 0 && !m.interval {
		year = -year
	}
	switch pattern {
	case "YYYY":
		return digits(year, 4), true
	case "Y,YYY":
		return fmt.Sprintf("%d,%03d", year/1000, year%1000), true
	case "YYY":
		return digits(year%1000, 3), true
	case "YY":
		return digits(year%100, 2), true
	case "Y":
		return digits(year%10, 1), true
	case "MM":
		return digits(m.month, 2), true
	case "DD":
		return digits(m.day, 2), true
	}
	return "", false
}

// named writes the patterns that need a real date.
func (m moment) named(p piece, digits func(n, width int) string) (string, error) {
	isoYear, isoWeek := m.t.ISOWeek()
	isoDay := (int(m.t.Weekday())+6)%7 + 1
	switch p.pattern {
	case "MONTH":
		return named(p, m.t.Month().String(), 9), nil
	case "MON":
		return named(p, m.t.Month().String()[:3], 0), nil
	case "DAY":
		return named(p, m.t.Weekday().String(), 9), nil
	case "DY":
		return named(p, m.t.Weekday().String()[:3], 0), nil
	case "DDD":
		return digits(m.t.YearDay(), 3), nil
	case "IDDD":
		return digits((isoWeek-1)*7+isoDay, 3), nil
	case "D":
		return fmt.Sprint(int(m.t.Weekday()) + 1), nil
	case "ID":
		return fmt.Sprint(isoDay), nil
	case "WW":
		return digits((m.t.YearDay()-1)/7+1, 2), nil
	case "W":
		return fmt.Sprint((m.day-1)/7 + 1), nil
	case "IW":
		return digits(isoWeek, 2), nil
	case "IYYY":
		return digits(isoYear, 4), nil
	case "IYY":
		return digits(isoYear%1000, 3), nil
	case "IY":
		return digits(isoYear%100, 2), nil
	case "I":
		return digits(isoYear%10, 1), nil
	case "Q":
		return fmt.Sprint((m.month-1)/3 + 1), nil
	case "CC":
		return digits((m.year+99)/100, 2), nil
	case "J":
		return fmt.Sprint(julian(m.t)), nil
	case "RM":
		return named(p, []string{"I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"}[m.month-1], 4), nil
	case "AD", "BC", "A.D.", "B.C.":
		era := map[bool]string{true: "BC", false: "AD"}[m.year < 0]
		if strings.Contains(p.pattern, ".") {
			era = era[:1] + "." + era[1:] + "."
		}
		return named(p, era, 0), nil
	case "OF", "TZH", "TZM", "TZ":
		return m.offset(p.pattern)
	}
	return "", fmt.Errorf("to_char does not know the pattern %q", p.text)
}

// offset writes the time zone.
func (m moment) offset(pattern string) (string, error) {
	hours, minutes, _ := strings.Cut(m.zone, ":")
	if minutes == "" {
		minutes = "00"
	}
	switch {
	case pattern == "TZM":
		return minutes, nil
	case pattern == "TZ" && m.zone == "+00":
		return "UTC", nil
	case pattern == "TZ" && m.zone != "":
		return "", fmt.Errorf("to_char knows the offset of a time zone, not its name: write OF instead of TZ")
	case pattern == "TZ":
		return "", nil
	case hours == "":
		return "+00", nil
	case pattern == "OF" && minutes != "00":
		return hours + ":" + minutes, nil
	}
	return hours, nil
}

// named writes a name in the case of its pattern, filled with blanks.
func named(p piece, name string, width int) string {
	switch {
	case p.text == strings.ToUpper(p.text):
		name = strings.ToUpper(name)
	case p.text == strings.ToLower(p.text):
		name = strings.ToLower(name)
	}
	if p.fill && len(name) < width {
		name += strings.Repeat(" ", width-len(name))
	}
	return name
}

// julian returns the Julian day of a date.
func julian(t time.Time) int {
	return int((t.Unix() + 2440588*86400) / 86400)
}
