package infer

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// written is a random table and the text that a dialect that few programs write makes of it.
type written struct {
	delim, quote, escape, end, encoding string
	header, preamble, footer            bool
	names                               []string
	rows                                [][]string
	plain, text                         string // before and after encoding
}

// writtenWords are cells of text; some hold what structures a file.
var writtenWords = []string{"Oslo", "a b", "größer", "1, 2; 3|4", `say "x"`, "one\ntwo", "it's", "x~y^z", "::", "ends with ,", "tab\there", "100%", "München", "back\\slash"}

func newWritten(r *rand.Rand) written {
	pick := func(list ...string) string { return list[r.IntN(len(list))] }
	w := written{delim: pick(",", ";", "\t", "|", "\x01", "||", "::", "~", "^", "|~|", "\x1f", ", "), quote: pick(`"`, `"`, `"`, "'"), end: pick("\n", "\r\n", "\r"),
		encoding: pick("utf-8", "utf-8", "bom", "utf-16", "utf-16be", "windows-1252"), header: r.IntN(4) > 0, preamble: r.IntN(5) == 0, footer: r.IntN(5) == 0}
	w.escape = pick(w.quote, w.quote, `\`)
	width := 3 + r.IntN(4)
	for i := range width {
		w.names = append(w.names, fmt.Sprintf("name_%d", i))
	}
	for i := range 4 + r.IntN(20) {
		row := []string{fmt.Sprint(i + 1)}
		for j := 1; j < width; j++ {
			switch cell := ""; {
			case j == 1:
				row = append(row, fmt.Sprintf("2024-01-%02d", 1+r.IntN(28)))
			case r.IntN(8) == 0 && i > 0:
				row = append(row, "")
			case j%2 == 0:
				row = append(row, fmt.Sprintf("%d.%03d", r.IntN(1000), r.IntN(1000)))
			default:
				cell = writtenWords[r.IntN(len(writtenWords))]
				if w.escape == `\` { // one that is doubled looks like two
					cell = strings.ReplaceAll(cell, `\`, "/")
				}
				row = append(row, cell)
			}
		}
		w.rows = append(w.rows, row)
	}
	w.plain = w.write(r)
	w.text = w.encode(w.plain)
	return w
}

// write lays the table out.
func (w *written) write(r *rand.Rand) string {
	var b strings.Builder
	if w.preamble {
		b.WriteString("Report of the year" + w.end + w.end)
	}
	line := func(cells []string) {
		for i, c := range cells {
			if i > 0 {
				b.WriteString(w.delim)
			}
			if c != "" && (r.IntN(5) == 0 || strings.ContainsAny(c, w.delim+"\n\"' \\"+w.quote)) {
				if w.escape == `\` {
					c = strings.ReplaceAll(c, `\`, `\\`)
				}
				c = w.quote + strings.ReplaceAll(c, w.quote, w.escape+w.quote) + w.quote
			}
			b.WriteString(c)
		}
		b.WriteString(w.end)
	}
	if w.header {
		line(w.names)
	}
	for _, row := range w.rows {
		line(row)
	}
	if w.footer {
		b.WriteString(w.end + "End of the report" + w.end)
	}
	return b.String()
}

func (w *written) encode(text string) string {
	var err error
	switch w.encoding {
	case "bom":
		return "\ufeff" + text
	case "utf-16":
		text, err = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(text)
	case "utf-16be":
		text, err = unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder().String(text)
	case "windows-1252":
		text, err = charmap.Windows1252.NewEncoder().String(text)
	}
	if err != nil {
		panic(err)
	}
	return text
}

// readBack reads the table with Rows as inference describes it.
func readBack(text string) (names []string, rows [][]string, f *File, err error) {
	if f, err = CSV(context.Background(), opener(text), Hints{}); err != nil {
		return nil, nil, nil, err
	}
	for _, c := range f.Columns {
		names = append(names, c.Name)
	}
	r, err := NewRows(opener(text), f.CSV, make([]*TextForm, len(names)))
	if err != nil {
		return nil, nil, nil, err
	}
	defer r.Close()
	for {
		cells, _, err := r.Next()
		if err == io.EOF {
			return names, rows, f, nil
		}
		if err != nil {
			return nil, nil, nil, err
		}
		row := make([]string, len(cells))
		for i, c := range cells {
			if !c.Null {
				row[i] = string(c.Text)
			}
		}
		rows = append(rows, row)
	}
}

// TestCSVReadsBack writes random tables in random dialects, among them odd ones, and reads them back.
func TestCSVReadsBack(t *testing.T) {
	r := rand.New(rand.NewPCG(21, 22))
	bad := 0
	for n := range 3000 {
		w := newWritten(r)
		names, rows, f, err := readBack(w.text)
		want := fmt.Sprintf("%q", w.rows)
		if got := fmt.Sprintf("%q", rows); err == nil && got != want {
			err = fmt.Errorf("rows\n got %s\nwant %s\n%+v %q", got, want, f.CSV, f.Notices)
		}
		if err == nil && w.header && strings.Join(names, ",") != strings.Join(w.names, ",") {
			err = fmt.Errorf("names %q", names)
		}
		if err != nil {
			if bad++; bad < 6 {
				t.Logf("%d: %v\ndelim %q quote %s escape %s end %q %s header %t preamble %t footer %t\n%q", n, err, w.delim, w.quote, w.escape, w.end, w.encoding, w.header, w.preamble, w.footer, w.plain)
			}
		}
	}
	if bad > 10 { // some cannot be told by any reader, e.g. a single quoted cell
		t.Errorf("%d of 3000 are read wrong", bad)
	}
}
