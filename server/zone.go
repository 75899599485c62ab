package server

import (
	"regexp"
	"strconv"

	"tarn/engine/sqltext"
)

// zoneName turns a time zone that is a number, hours east of Greenwich, into the name that the engine has for it; the sign of such names
// is the other way round (PostgreSQL's manual, "Time Zones"). There are none for parts of hours.
func zoneName(value string) (string, bool) {
	hours, err := strconv.ParseFloat(value, 64)
	switch whole := int(hours); {
	case err != nil:
		return value, true // a name, which the engine knows or not
	case float64(whole) != hours || whole < -12 || whole > 14:
		return "", false
	case whole == 0:
		return "UTC", true
	case whole > 0:
		return "Etc/GMT-" + strconv.Itoa(whole), true
	default:
		return "Etc/GMT+" + strconv.Itoa(-whole), true
	}
}

// offset is the interval of SET TIME ZONE INTERVAL.
var offset = regexp.MustCompile(`^([+-]?)(\d{1,2})(?::(\d{2}))?(?::00)?$`)

// zoneInterval reads what follows SET TIME ZONE INTERVAL, such as '+02:00' HOUR TO MINUTE, as a number of hours.
func (w *words) zoneInterval() (string, bool) {
	if len(w.tokens) == 0 || w.tokens[0].Kind != sqltext.String {
		return "", false
	}
	text, ok := w.text()
	m := offset.FindStringSubmatch(text)
	if !ok || m == nil {
		return "", false
	}
	if w.eat("HOUR") {
		w.eat("TO", "MINUTE")
	}
	if m[3] != "" && m[3] != "00" {
		minutes, _ := strconv.Atoi(m[3])
		m[2] += strconv.FormatFloat(float64(minutes)/60, 'g', -1, 64)[1:]
	}
	return m[1] + m[2], true
}
