package infer

import (
	"strings"
	"time"
)

// jsonForms is a set of the forms that strings have.
type jsonForms uint8

const (
	jsonDate      jsonForms = 1 << iota // 2006-01-02
	jsonStamp                           // a date and a time of day, without zone, up to microseconds
	jsonStampNS                         // the same with nanoseconds
	jsonStampTZ                         // the same with an offset, up to microseconds
	jsonUUID                            // in lower case with hyphens
	jsonPlainText                       // anything else

	jsonTimes = jsonDate | jsonStamp | jsonStampNS | jsonStampTZ
)

// jsonTime is a point in time, in UTC if the text has an offset.
type jsonTime struct {
	sec  int64 // since 1970
	nsec int32
}

func (t jsonTime) before(u jsonTime) bool { return t.sec < u.sec || t.sec == u.sec && t.nsec < u.nsec }

// format writes the time in a layout of package time.
func (t jsonTime) format(layout string) string {
	return time.Unix(t.sec, int64(t.nsec)).UTC().Format(layout)
}

// jsonFormOf returns the form of a string, and the point in time if it is one. It knows fewer forms than DuckDB's casts
// accept: those that say the value without doubt and that the casts read to the last digit (checked against DuckDB
// 1.5.6; the forms are ISO 8601's).
func jsonFormOf(s []byte) (jsonForms, jsonTime) {
	if len(s) < 10 || len(s) > 36 || s[0]-'0' > 9 && len(s) != 36 {
		return jsonPlainText, jsonTime{}
	}
	if s[4] == '-' && s[7] == '-' {
		return jsonTimeOf(s)
	}
	if len(s) == 36 && jsonIsUUID(s) {
		return jsonUUID, jsonTime{}
	}
	return jsonPlainText, jsonTime{}
}

func jsonIsUUID(s []byte) bool {
	for i, c := range s {
		switch {
		case i == 8 || i == 13 || i == 18 || i == 23:
			if c != '-' {
				return false
			}
		case c-'0' > 9 && c-'a' > 5:
			return false
		}
	}
	return len(s) == 36
}

// jsonTimeOf reads a date, or a date and a time.
func jsonTimeOf(s []byte) (jsonForms, jsonTime) {
	century, ok1 := jsonTwo(s, 0)
	years, ok2 := jsonTwo(s, 2)
	month, ok3 := jsonTwo(s, 5)
	day, ok4 := jsonTwo(s, 8)
	year := century*100 + years
	if !ok1 || !ok2 || !ok3 || !ok4 || year < 1 || month < 1 || month > 12 || day < 1 || day > jsonDaysIn(year, month) {
		return jsonPlainText, jsonTime{}
	}
	at := jsonTime{sec: time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC).Unix()}
	if len(s) == 10 {
		return jsonDate, at
	}
	if s[10] != ' ' && s[10] != 'T' || len(s) < 16 || s[13] != ':' {
		return jsonPlainText, jsonTime{}
	}
	hour, ok1 := jsonTwo(s, 11)
	minute, ok2 := jsonTwo(s, 14)
	if !ok1 || !ok2 || hour > 23 || minute > 59 {
		return jsonPlainText, jsonTime{}
	}
	at.sec += int64(hour*3600 + minute*60)
	if len(s) == 16 {
		return jsonStamp, at
	}
	second, ok := jsonTwo(s, 17)
	if s[16] != ':' || !ok || second > 59 {
		return jsonPlainText, jsonTime{}
	}
	at.sec += int64(second)
	return jsonZoneOf(s[19:], at, year)
}

// jsonZoneOf reads what follows the seconds: a fraction, and Z or an offset.
func jsonZoneOf(s []byte, at jsonTime, year int) (jsonForms, jsonTime) {
	form := jsonStamp
	if len(s) > 0 && s[0] == '.' {
		n, scale := 1, int32(100_000_000)
		for n < len(s) && n <= 9 && s[n]-'0' <= 9 {
			at.nsec += int32(s[n]-'0') * scale
			scale /= 10
			n++
		}
		if n == 1 {
			return jsonPlainText, jsonTime{}
		}
		if at.nsec%1000 != 0 {
			form = jsonStampNS
		}
		s = s[n:]
	}
	if len(s) == 0 {
		return form, at
	}
	if form == jsonStampNS || year < 2 || year > 9998 { // finer than TIMESTAMPTZ, or out of its text in UTC
		return jsonPlainText, jsonTime{}
	}
	offset, ok := jsonOffset(s)
	if !ok {
		return jsonPlainText, jsonTime{}
	}
	at.sec -= offset
	return jsonStampTZ, at
}

// jsonOffset reads Z, +hh, +hhmm or +hh:mm, in seconds east of UTC.
func jsonOffset(s []byte) (int64, bool) {
	if len(s) == 1 && s[0] == 'Z' {
		return 0, true
	}
	if len(s) == 6 && s[3] == ':' {
		s = []byte{s[0], s[1], s[2], s[4], s[5]}
	}
	if len(s) != 3 && len(s) != 5 || s[0] != '+' && s[0] != '-' {
		return 0, false
	}
	hours, ok := jsonTwo(s, 1)
	minutes := 0
	if len(s) == 5 && ok {
		minutes, ok = jsonTwo(s, 3)
	}
	if !ok || hours > 15 || minutes > 59 {
		return 0, false
	}
	seconds := int64(hours*3600 + minutes*60)
	if s[0] == '-' {
		seconds = -seconds
	}
	return seconds, true
}

// jsonTwo reads two digits.
func jsonTwo(s []byte, i int) (int, bool) {
	if i+2 > len(s) || s[i]-'0' > 9 || s[i+1]-'0' > 9 {
		return 0, false
	}
	return int(s[i]-'0')*10 + int(s[i+1]-'0'), true
}

func jsonDaysIn(year, month int) int {
	switch month {
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	default:
		return 31
	}
}

// jsonFraction is a layout of package time that shows as many digits as there are.
const jsonFraction = "2006-01-02 15:04:05.999999999"

// jsonDataKey reports whether a key looks like data rather than a name: a number, a date or a UUID.
func jsonDataKey(key string) bool {
	if form, _ := jsonFormOf([]byte(key)); form != jsonPlainText {
		return true
	}
	return key != "" && strings.Trim(key, "0123456789") == ""
}
