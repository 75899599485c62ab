package pgsql

import (
	"regexp"
	"strings"
	"time"

	"tarn/catalog/sqltype"
)

// dayWords are texts that stand for days when the statement runs, and DuckDB's expressions for them.
var dayWords = map[string]string{"today": "current_date", "tomorrow": "(current_date + 1)", "yesterday": "(current_date - 1)", "now": "now()", "epoch": "'1970-01-01'"}

var (
	manyDigits = regexp.MustCompile(`(:\d\d)(\.\d{7,})`)
	beforeTime = regexp.MustCompile(`(?i)^\s*(\d{4}-\d\d-\d\d)(.*?)\s+BC\s*$`)
	halfDay    = regexp.MustCompile(`(?i)^\s*\d{1,2}:\d\d(:\d\d(\.\d+)?)?\s*[ap]m\s*$`)
	plusSign   = regexp.MustCompile(`(^|\s)\+(\d)`)
)

// timeLiteral returns the expression for a literal that is cast to a date or time, where DuckDB does not read it as PostgreSQL does; empty for
// others.
func timeLiteral(text, typ string) string {
	word := strings.ToLower(strings.TrimSpace(text))
	if dayWords[word] != "" && typ != "time" && typ != "timetz" && !(typ == "date" && word == "now") {
		return dayWords[word]
	}
	if m := beforeTime.FindStringSubmatch(text); m != nil && typ != "time" {
		return sqltype.QuoteText(m[1] + " (BC)" + m[2])
	}
	switch typ {
	case "time":
		if halfDay.MatchString(text) {
			return halfDayText(text)
		}
		return rounded(text, "15:04:05.999999999", "15:04:05.999999")
	case "timestamp":
		return rounded(text, "2006-01-02 15:04:05.999999999", "2006-01-02 15:04:05.999999")
	}
	return ""
}

// rounded rounds a time to microseconds, which DuckDB cuts; empty if it has no more digits than those.
func rounded(text, layout, out string) string {
	if !manyDigits.MatchString(text) {
		return ""
	}
	t, err := time.Parse(layout, strings.Replace(strings.TrimSpace(text), "T", " ", 1))
	if err != nil {
		return ""
	}
	r := t.Round(time.Microsecond)
	if r.Day() != t.Day() && !strings.Contains(layout, "2006") {
		return "'24:00:00'"
	}
	return sqltype.QuoteText(r.Format(out))
}

// halfDayText writes 1:02:03 PM as a time of 24 hours.
func halfDayText(text string) string {
	text = strings.ToUpper(strings.ReplaceAll(text, " ", ""))
	for _, layout := range []string{"3:04PM", "3:04:05.999999PM"} {
		if t, err := time.Parse(layout, text); err == nil {
			return sqltype.QuoteText(t.Format("15:04:05.999999"))
		}
	}
	return ""
}

// integerLiteral matches what PostgreSQL reads as an integer. DuckDB rounds other numbers.
var integerLiteral = regexp.MustCompile(`^\s*[+-]?\d+\s*$`)

// otherNumber matches numbers that are no integers.
var otherNumber = regexp.MustCompile(`^\s*[+-]?(\d+\.\d*|\.\d+|\d+)([eE][+-]?\d+)?\s*$`)
