package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tarn/catalog"
	"tarn/catalog/sqltype"
)

// readTable compares a table with what is expected of it. Of every table, expected or not, all rows are read, their
// number must be the catalog's, and a result must say that rows were rejected.
func (b *batteryRun) readTable(t *catalog.Table) {
	name := sqltype.QuoteName(t.Schema) + "." + sqltype.QuoteName(t.Name)
	b.notices = append(b.notices, t.Notices...)
	rejected := b.fileNotices(t)
	got, notices, err := b.readAll("SELECT * FROM " + name)
	if err != nil {
		b.problem("%v", err)
		return
	}
	b.notices = append(b.notices, notices...)
	if rejected > 0 && len(notices) == 0 {
		b.problem("%s has %d rejected rows, and a result does not say so", name, rejected)
	}
	if n := int64(len(got.rows)); n != t.Rows() {
		b.problem("%s has %d rows by the catalog, but a query returns %d", name, t.Rows(), n)
	}
	short := t.Name
	if t.Schema != "public" {
		short = t.Schema + "." + t.Name
	}
	if want, ok := b.get(short + ".columns"); ok {
		var columns []string
		for _, c := range got.columns {
			columns = append(columns, c.Name+" "+c.Type.String())
		}
		b.differ(short+" columns", want.lines(), columns)
	}
	if want, ok := b.get(short + ".rows"); ok {
		b.compareRows(short+" rows", want.text, got, true)
	}
}

// fileNotices takes the notices of a table's files and returns how many rows of them are rejected. tarn.rejects must
// have as many.
func (b *batteryRun) fileNotices(t *catalog.Table) (rejected int64) {
	for _, f := range t.Files {
		b.notices = append(b.notices, f.Notices...)
		rejected += f.Rejected
	}
	if rejected == 0 {
		return 0
	}
	sql := fmt.Sprintf("SELECT count(*) FROM tarn.rejects WHERE table_schema = '%s' AND table_name = '%s'", t.Schema, t.Name)
	if got, ok := b.query(sql); ok && got.rows[0][0].text != strconv.FormatInt(rejected, 10) {
		b.problem("tarn.rejects has %s rows of %s.%s, its files say %d", got.rows[0][0].text, t.Schema, t.Name, rejected)
	}
	return rejected
}

// readAll runs a query to the end and returns the notices, too.
func (b *batteryRun) readAll(sql string) (*answer, []string, error) {
	rows, err := b.session.session.Query(b.t.Context(), sql)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", sql, err)
	}
	defer rows.Close()
	got, err := collectRows(b.t.Context(), rows)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", sql, err)
	}
	var notices []string
	for _, n := range rows.Notices() {
		notices = append(notices, n.Message)
	}
	return got, notices, nil
}

// compareRows compares rows with the comma-separated lines of an expectation.
func (b *batteryRun) compareRows(what, text string, got *answer, sorted bool) {
	want, err := parseRows(text)
	if err != nil {
		b.problem("%s: %v", what, err)
		return
	}
	var a, z []string
	for _, row := range want {
		a = append(a, showRow(row))
	}
	for _, row := range got.rows {
		z = append(z, showRow(row))
	}
	if sorted {
		slices.Sort(a)
		slices.Sort(z)
	}
	b.differ(what, a, z)
}

// showRow shows texts in quotes, so that blanks and line ends are seen.
func showRow(row []value) string {
	var cells []string
	for _, v := range row {
		if v.null {
			cells = append(cells, "NULL")
		} else {
			cells = append(cells, strconv.Quote(v.text))
		}
	}
	return strings.Join(cells, ", ")
}

// parseRows reads comma-separated rows: "" quotes, \N without quotes is NULL. Unlike encoding/csv it keeps every line end
// inside quotes. Empty lines are no rows.
func parseRows(s string) (rows [][]value, err error) {
	for {
		if s = strings.TrimLeft(s, "\n"); s == "" {
			return rows, nil
		}
		var row []value
		for more := true; more; {
			var v value
			if v, s, err = parseCell(s); err != nil {
				return nil, err
			}
			row = append(row, v)
			s, more = strings.CutPrefix(s, ",")
		}
		rows = append(rows, row)
	}
}

func parseCell(s string) (v value, rest string, err error) {
	if !strings.HasPrefix(s, `"`) {
		n := strings.IndexAny(s+"\n", ",\n")
		return value{text: s[:n], null: s[:n] == `\N`}, s[n:], nil
	}
	var b strings.Builder
	for rest = s[1:]; ; rest = rest[1:] {
		n := strings.IndexByte(rest, '"')
		if n < 0 {
			return v, "", fmt.Errorf("no end of quotes: %s", s)
		}
		b.WriteString(rest[:n])
		if rest = rest[n+1:]; !strings.HasPrefix(rest, `"`) {
			break
		}
		b.WriteByte('"')
	}
	if rest != "" && rest[0] != ',' && rest[0] != '\n' {
		return v, "", fmt.Errorf("text behind quotes: %s", s)
	}
	return value{text: b.String()}, rest, nil
}

// checkQuery runs the statement before the line ---- and compares the rows, in their order, with those behind it.
func (b *batteryRun) checkQuery(s section) {
	sql, rows, ok := strings.Cut(s.text, "\n----\n")
	if !ok {
		b.problem("want/%s has no line ----", s.name)
		return
	}
	if got, ok := b.query(sql); ok {
		b.compareRows(s.name, rows, got, false)
	}
}

// checkRejects compares the malformed rows, also where none are expected.
func (b *batteryRun) checkRejects() {
	got := b.session.run(b.t.Context(), "SELECT path, line, reason FROM tarn.rejects ORDER BY ALL")
	if got.state != "" {
		b.problem("tarn.rejects: %s", got.message)
	}
	want, _ := b.get("rejects")
	b.allowAside(got)
	b.match("rejects", want.lines(), got, func(row []value) (string, string) {
		return row[0].text + ":" + row[1].text, row[2].text
	})
}

// allowAside takes out of the rejects the lines that are no part of the table, such as a footer. They may be rejects,
// but if none is, a notice must name one, or say what stands behind its place.
func (b *batteryRun) allowAside(got *answer) {
	want, _ := b.get("aside")
	told := len(want.lines()) == 0
	for _, line := range want.lines() {
		place, part, more := strings.Cut(line, " ")
		before := len(got.rows)
		got.rows = slices.DeleteFunc(got.rows, func(row []value) bool { return row[0].text+":"+row[1].text == place })
		_, number, _ := cutLast(place, ":")
		told = told || len(got.rows) < before || slices.ContainsFunc(b.notices, func(n string) bool {
			return slices.Contains(numbersIn(n), number) || more && says(n, part)
		})
	}
	if !told {
		b.problem("lines %s are set aside, and neither a reject nor a notice says so:\n\t%s", strings.Join(want.lines(), ", "),
			strings.Join(b.notices, "\n\t"))
	}
}

// numbersIn returns the runs of digits in a text.
func numbersIn(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
}

// checkSkipped compares the files that are in no table, also where none are expected.
func (b *batteryRun) checkSkipped() {
	got, ok := b.query("SELECT path, reason FROM tarn.skipped ORDER BY ALL")
	if !ok {
		return
	}
	want, _ := b.get("skipped")
	b.match("skipped", want.lines(), got, func(row []value) (string, string) { return row[0].text, row[1].text })
}

// match compares what a relation says of places with lines of a place and a part of the reason.
func (b *batteryRun) match(what string, want []string, got *answer, of func(row []value) (place, reason string)) {
	var found []string
	for i, row := range got.rows {
		place, reason := of(row)
		line := place + " " + reason
		if i < len(want) {
			if p, part, _ := strings.Cut(want[i], " "); p == place && says(reason, part) {
				line = want[i]
			}
		}
		found = append(found, line)
	}
	b.differ(what, want, found)
}

// says reports whether a text has one of the alternatives, which | parts, without regard to case.
func says(text, alternatives string) bool {
	return slices.ContainsFunc(strings.Split(alternatives, "|"), func(part string) bool {
		return strings.Contains(strings.ToLower(text), strings.ToLower(strings.TrimSpace(part)))
	})
}

// checkNotices finds the notices that are expected. Where an empty section expects none, there must be none.
func (b *batteryRun) checkNotices() {
	want, ok := b.get("notices")
	all := strings.Join(b.notices, "\n\t")
	if ok && len(want.lines()) == 0 && len(b.notices) > 0 {
		b.problem("there should be no notice:\n\t%s", all)
	}
	for _, part := range want.lines() {
		if !slices.ContainsFunc(b.notices, func(n string) bool { return says(n, part) }) {
			b.problem("no notice says %q, only\n\t%s", part, all)
		}
	}
}
