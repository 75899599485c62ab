package catalog

import (
	"path"
	"strings"
	"unicode"
	"unicode/utf8"
)

// calendarWords are parts of names that count as digits do.
var calendarWords = func() map[string]bool {
	words := map[string]bool{}
	for _, w := range strings.Fields("january february march april may june july august september october november december " +
		"jan feb mar apr jun jul aug sep sept oct nov dec q") {
		words[w] = true
	}
	return words
}()

// nameMarks part the words of a file's name.
const nameMarks = " _-.()[]"

// seriesOf returns what the name of a file has in common with others of its series: it is in lower case, without digits,
// months, and marks at the ends. orders_2024-01.csv and Orders_feb.csv are of the series orders.
func seriesOf(p string) string {
	name := strings.ToLower(stem(p))
	if strings.IndexFunc(name, unicode.IsDigit) >= 0 {
		name = strings.Map(func(r rune) rune {
			if unicode.IsDigit(r) {
				return '#'
			}
			return r
		}, name)
	}
	var b strings.Builder
	for word := ""; name != ""; {
		if i := strings.IndexAny(name, nameMarks+"#"); i >= 0 {
			word, name = name[:i+1], name[i+1:]
		} else {
			word, name = name, ""
		}
		bare := strings.TrimRight(word, nameMarks+"#")
		if calendarWords[bare] {
			word = word[len(bare):]
		}
		word = strings.ReplaceAll(word, "#", "")
		if b.Len() > 0 && strings.ContainsAny(b.String()[b.Len()-1:], nameMarks) {
			word = strings.TrimLeft(word, nameMarks)
		}
		b.WriteString(word)
	}
	return strings.Trim(b.String(), nameMarks)
}

// startOf returns the first three letters of the name of a file; ok is false if it does not begin with as many.
func startOf(p string) (start string, ok bool) {
	name := strings.ToLower(path.Base(p))
	n := 0
	for i, r := range name {
		if !unicode.IsLetter(r) {
			break
		}
		if n++; n == 3 {
			return name[:i+utf8.RuneLen(r)], true
		}
	}
	return "", false
}

// seriesName returns the name that a set of files has in common: their series or, if they are of several, the words with
// which all begin. ok is false if their names are no series. It may be empty: names of digits alone are a series too.
func seriesName(records []*record) (name string, ok bool) {
	series, prefix, same := seriesOf(records[0].path), strings.ToLower(stem(records[0].path)), true
	for _, r := range records[1:] {
		same = same && seriesOf(r.path) == series
		n := strings.ToLower(stem(r.path))
		for !strings.HasPrefix(n, prefix) {
			prefix = prefix[:len(prefix)-1]
		}
	}
	if same {
		return series, true
	}
	if i := strings.LastIndexFunc(prefix, func(r rune) bool { return !unicode.IsLetter(r) }); i > 0 { // a whole word
		prefix = prefix[:i]
	}
	_, ok = startOf(prefix)
	return strings.TrimRight(prefix, nameMarks), ok
}

// isSeries reports whether the names of files look like parts of one set.
func isSeries(records []*record) bool {
	_, ok := seriesName(records)
	return ok
}
