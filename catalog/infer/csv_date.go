package infer

import (
	"bytes"
	"fmt"
	"strings"
	"time"
)

// dateOrder is the order of the parts of a date that is not written as ISO 8601 has it.
type dateOrder uint8

const (
	dayFirst   dateOrder = 1 << iota // 31/12/2024
	monthFirst                       // 12/31/2024
	yearFirst                        // 2024/12/31
	monthNamed                       // 31-Dec-2024
	nameFirst                        // Dec 31, 2024 or Dec 31 2024
)

// writtenDate is a date with or without a time of day, as it is written.
type writtenDate struct {
	orders dateOrder // in which it is a date
	mark   byte      // between the parts
	a, b   int       // day and month, in the order in which they are written
	year   int
	clock  jsonTime // since midnight
	timed  bool
	half   bool // with AM or PM
}

// at returns the point in time that the date means in one order.
func (d writtenDate) at(order dateOrder) jsonTime {
	month, day := d.a, d.b
	if order == dayFirst || order == monthNamed {
		month, day = d.b, d.a
	}
	t := jsonTime{sec: time.Date(d.year, time.Month(month), day, 0, 0, 0, 0, time.UTC).Unix()}
	return jsonTime{sec: t.sec + d.clock.sec, nsec: d.clock.nsec}
}

// readDate reads a date of four digits for the year, and one or two for day and month, or the month's name, maybe with a time of
// day behind it.
func readDate(s []byte) (d writtenDate, ok bool) {
	if len(s) < 8 || len(s) > 40 {
		return d, false
	}
	if s[0]-'0' > 9 {
		d, s, ok = readNameFirst(s)
	} else {
		d, s, ok = readNumberFirst(s)
	}
	if !ok || d.orders == 0 {
		return d, false
	}
	if len(s) == 0 {
		return d, true
	}
	return d, d.readClock(s)
}

// readNumberFirst reads a date that begins with a number.
func readNumberFirst(s []byte) (d writtenDate, rest []byte, ok bool) {
	first, n := readDigits(s)
	if n == 0 || n == len(s) || bytes.IndexByte([]byte("/.- "), s[n]) < 0 {
		return d, nil, false
	}
	d.mark = s[n]
	rest = s[n+1:]
	if month, m := readMonth(rest); m > 0 && n <= 2 {
		if rest = rest[m:]; len(rest) == 0 || rest[0] != d.mark {
			return d, nil, false
		}
		d.a, d.b = first, month
		d.year, rest, ok = readYear(rest[1:])
		if ok && validDay(d.year, d.b, d.a) {
			d.orders = monthNamed
		}
		return d, rest, ok
	}
	second, m := readDigits(rest)
	if d.mark == ' ' || m < 1 || m > 2 || m == len(rest) || rest[m] != d.mark {
		return d, nil, false
	}
	rest = rest[m+1:]
	if n == 4 {
		third, k := readDigits(rest)
		if d.year, d.a, d.b = first, second, third; k >= 1 && k <= 2 && validDay(d.year, d.a, d.b) {
			d.orders = yearFirst
		}
		return d, rest[k:], k >= 1 && k <= 2
	}
	if n > 2 {
		return d, nil, false
	}
	d.a, d.b = first, second
	if d.year, rest, ok = readYear(rest); !ok {
		return d, nil, false
	}
	if validDay(d.year, d.b, d.a) {
		d.orders |= dayFirst
	}
	if validDay(d.year, d.a, d.b) {
		d.orders |= monthFirst
	}
	return d, rest, true
}

// readNameFirst reads a date such as Dec 31, 2024, or without the comma.
func readNameFirst(s []byte) (d writtenDate, rest []byte, ok bool) {
	month, n := readMonth(s)
	if n == 0 || n == len(s) || s[n] != ' ' {
		return d, nil, false
	}
	day, m := readDigits(s[n+1:])
	rest = s[n+1+m:]
	d.a, d.b, d.mark = month, day, ' '
	if bytes.HasPrefix(rest, []byte(",")) {
		rest, d.mark = rest[1:], ','
	}
	if m < 1 || m > 2 || len(rest) == 0 || rest[0] != ' ' {
		return d, nil, false
	}
	if d.year, rest, ok = readYear(rest[1:]); ok && validDay(d.year, d.a, d.b) {
		d.orders = nameFirst
	}
	return d, rest, ok
}

// readYear reads four digits.
func readYear(s []byte) (year int, rest []byte, ok bool) {
	year, n := readDigits(s)
	return year, s[n:], n == 4 && year > 0
}

// readDigits reads up to four digits.
func readDigits(s []byte) (v, n int) {
	for n < len(s) && n < 5 && s[n]-'0' <= 9 {
		v = v*10 + int(s[n]-'0')
		n++
	}
	return v, n
}

// readMonth reads the English name of a month, or its first three letters.
func readMonth(s []byte) (month, n int) {
	for n < len(s) && s[n]|0x20-'a' < 26 {
		n++
	}
	if n < 3 {
		return 0, 0
	}
	for m := time.January; m <= time.December; m++ {
		if name := m.String(); strings.EqualFold(string(s[:n]), name) || n == 3 && strings.EqualFold(string(s[:n]), name[:3]) {
			return int(m), n
		}
	}
	return 0, 0
}

func validDay(year, month, day int) bool {
	return year > 0 && month >= 1 && month <= 12 && day >= 1 && day <= jsonDaysIn(year, month)
}

// readClock reads the time of day behind a date: 9:05, 09:05:00 or 09:05:00.5, maybe with AM or PM.
func (d *writtenDate) readClock(s []byte) bool {
	if len(s) < 5 || s[0] != ' ' && s[0] != 'T' {
		return false
	}
	hour, n := readDigits(s[1:])
	s = s[1+n:]
	if n < 1 || n > 2 || len(s) < 3 || s[0] != ':' {
		return false
	}
	minute, ok := jsonTwo(s, 1)
	if s = s[3:]; !ok || minute > 59 {
		return false
	}
	second := 0
	if len(s) >= 3 && s[0] == ':' {
		if second, ok = jsonTwo(s, 1); !ok || second > 59 {
			return false
		}
		s = s[3:]
		if s, ok = d.readFraction(s); !ok {
			return false
		}
	}
	if word := strings.ToUpper(string(bytes.TrimPrefix(s, []byte(" ")))); word == "AM" || word == "PM" {
		if d.half = true; hour < 1 || hour > 12 {
			return false
		}
		if hour %= 12; word == "PM" {
			hour += 12
		}
		s = nil
	}
	d.timed = true
	d.clock.sec = int64(hour*3600 + minute*60 + second)
	return len(s) == 0 && hour < 24
}

// readFraction reads up to six digits behind a point, if there is one.
func (d *writtenDate) readFraction(s []byte) (rest []byte, ok bool) {
	if len(s) == 0 || s[0] != '.' {
		return s, true
	}
	n, scale := 1, int32(100_000_000)
	for n < len(s) && s[n]-'0' <= 9 {
		if n > 6 {
			return nil, false
		}
		d.clock.nsec += int32(s[n]-'0') * scale
		scale /= 10
		n++
	}
	return s[n:], n > 1
}

// writtenDates is what the dates of one column have shown so far.
type writtenDates struct {
	first    writtenDate
	orders   dateOrder // in which all of them are dates
	timed    bool
	half     bool
	from, to [2]jsonTime // for each order that is left, at most two
	line     int64       // of the value that left one order
	value    string
}

// orderPlace returns where the bounds of an order are.
func orderPlace(o dateOrder) int {
	if o == monthFirst {
		return 1
	}
	return 0
}

// add takes one date; it returns false if the dates so far have no order in common with it.
func (w *writtenDates) add(d writtenDate, s []byte, line int64) bool {
	if w.orders == 0 {
		w.first, w.orders, w.value = d, d.orders, shorten(s)
		for i := range w.from {
			w.from[i], w.to[i] = jsonTime{sec: 1 << 62}, jsonTime{sec: -1 << 62}
		}
	}
	if w.orders &= d.orders; w.orders == 0 || d.mark != w.first.mark {
		return false
	}
	if w.line == 0 && (d.orders == dayFirst || d.orders == monthFirst) {
		w.line, w.value = line, shorten(s)
	}
	w.timed, w.half = w.timed || d.timed, w.half || d.half
	for _, o := range []dateOrder{dayFirst, monthFirst, yearFirst, monthNamed, nameFirst} {
		if w.orders&o == 0 {
			continue
		}
		i, at := orderPlace(o), d.at(o)
		if at.before(w.from[i]) {
			w.from[i] = at
		}
		if w.to[i].before(at) {
			w.to[i] = at
		}
	}
	return true
}

// undecided reports whether day and month may be either.
func (w *writtenDates) undecided() bool { return w.orders == dayFirst|monthFirst }

// layout is how strptime has the dates written.
func (w *writtenDates) layout() string {
	mark := string(w.first.mark)
	parts := map[dateOrder]string{dayFirst: "%d/%m/%Y", dayFirst | monthFirst: "%d/%m/%Y", monthFirst: "%m/%d/%Y", yearFirst: "%Y/%m/%d", monthNamed: "%d/%b/%Y", nameFirst: "%b %d, %Y"}[w.orders]
	switch {
	case w.orders == nameFirst && w.first.mark == ' ':
		parts = "%b %d %Y"
	case w.orders != nameFirst:
		parts = strings.ReplaceAll(parts, "/", mark)
	}
	switch {
	case w.half:
		return parts + " %I:%M:%S %p"
	case w.timed:
		return parts + " %H:%M:%S"
	}
	return parts
}

// undecidedLayout begins the layout of a column whose dates may be written day first or month first.
const undecidedLayout = "?"

// orderOf returns the order of a layout's parts.
func orderOf(layout string) dateOrder {
	switch {
	case strings.HasPrefix(layout, "%d") && strings.Contains(layout, "%b"):
		return monthNamed
	case strings.HasPrefix(layout, "%d"):
		return dayFirst
	case strings.HasPrefix(layout, "%m"):
		return monthFirst
	case strings.HasPrefix(layout, "%b"):
		return nameFirst
	}
	return yearFirst
}

// isoDate writes a date in the order as ISO 8601 has it, with the time of day if it is timed.
func (d writtenDate) isoDate(dst []byte, order dateOrder, timed bool) []byte {
	layout := "2006-01-02"
	if timed {
		layout = jsonFraction
	}
	at := d.at(order)
	return time.Unix(at.sec, int64(at.nsec)).UTC().AppendFormat(dst, layout)
}

// doubt says why the order of the dates is not decided.
func (w *writtenDates) doubt() string {
	return fmt.Sprintf("its dates may be written day first or month first: no day is above 12, e.g. %q", w.value)
}
