package infer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// sampleSize is how much of the head of a file decides its dialect, in bytes.
const sampleSize = 1 << 20

// maxColumns is how many columns a table may have. It is what a spreadsheet can hold.
const maxColumns = 1 << 14

// CSV looks into a file of delimited text. The dialect is chosen on a sample, but for what hints say; then every row is
// read, which proves the types, counts rows and NULLs, keeps bounds and finds malformed rows, which are rejected. It opens the
// file once if that is no longer than the sample, else twice (once more where a later part disproves the encoding), holds
// about 2 MiB beside the longest record, and does not allocate per cell. A file that is no table is an *Error.
func CSV(ctx context.Context, open Opener, hints Hints) (*File, error) {
	raw, whole, err := head(open)
	if err != nil {
		return nil, err
	}
	if whole {
		open = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(raw)), nil }
	}
	encoding, strict := encodingOf(raw, whole)
	if hints.Encoding != "" {
		encoding, strict = hints.Encoding, false
	}
	f, err := csvFile(ctx, open, raw, whole, encoding, strict, hints)
	var bad *badText
	if errors.As(err, &bad) { // what the sample promised does not hold
		if encoding, strict, err = bad.encoding(open, encoding); err == nil {
			f, err = csvFile(ctx, open, raw, whole, encoding, strict, hints)
		}
	}
	return f, err
}

// head returns the first bytes of the file as they are.
func head(open Opener) (raw []byte, whole bool, err error) {
	r, err := open()
	if err != nil {
		return nil, false, err
	}
	defer r.Close()
	var b bytes.Buffer
	n, err := b.ReadFrom(io.LimitReader(r, sampleSize))
	return b.Bytes(), n < sampleSize, err
}

// csvFile chooses the dialect on the head of the file and reads all rows in it. With strict, text that breaks the encoding
// is a *badText; else the rows that hold it are rejected.
func csvFile(ctx context.Context, open Opener, raw []byte, whole bool, encoding string, strict bool, hints Hints) (*File, error) {
	if !whole {
		raw = raw[:len(raw)&^1]
	}
	text := bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))
	if encoding != encodingUTF8 {
		var err error
		if text, err = io.ReadAll(decode(bytes.NewReader(raw), encoding)); err != nil {
			return nil, err
		}
	}
	if len(bytes.TrimSpace(text)) == 0 && whole {
		return nil, &Error{Reason: "the file holds no rows"}
	}
	if delim, ok := separatorLine(text); ok && hints.Delimiter == nil {
		hints.Delimiter = &delim
		if hints.Skip == nil {
			one := 1
			hints.Skip = &one
		}
	}
	best := chooseDialect(sample{text: text, whole: whole, hints: hints})
	if len(best.rows) == 0 {
		if best.broken != nil {
			return nil, best.broken
		}
		return nil, &Error{Line: 1, Reason: "the first record is longer than the sample of 1 MiB", Hint: "A quote may be missing."}
	}
	t := best.table(hints)
	if len(t.rows) == 0 {
		return nil, &Error{Reason: "the file holds no rows"}
	}
	if t.width > maxColumns {
		return nil, &Error{Line: int64(t.skip) + 1, Reason: fmt.Sprintf("the table has %d columns, more than the %d that can be read", t.width, maxColumns),
			Hint: "Write the values below each other, or split the file."}
	}
	d := &best.dialect
	d.Encoding, d.Score = encoding, min(1, best.score)
	if t.width == 1 && hints.Delimiter == nil {
		d.Delimiter = absentDelimiter(text, d.Delimiter)
	}
	p := newCSVPass(d, t, hints)
	for _, i := range t.before {
		p.reject(Reject{Line: best.lines[i], Reason: fmt.Sprintf("it belongs to another table, above the one that begins on line %d", t.skip+1),
			Text: strings.Join(best.rows[i], d.Delimiter)})
	}
	p.skipped, p.large = firstSkipped(text, t.skip), !whole
	return p.run(ctx, open, strict)
}

// separatorLine returns the delimiter that a first line such as sep=; tells spreadsheets.
func separatorLine(text []byte) (delim string, ok bool) {
	line, _, found := bytes.Cut(text[:min(len(text), 16)], []byte("\n"))
	line = bytes.TrimSuffix(line, []byte("\r"))
	if !found || len(line) < 5 || !bytes.EqualFold(line[:4], []byte("sep=")) || utf8.RuneCount(line[4:]) != 1 {
		return "", false
	}
	return string(line[4:]), true
}

// absentDelimiter returns a delimiter that the text does not hold, for a table of one column; first if it is one.
func absentDelimiter(text []byte, first string) string {
	for _, d := range []string{first, ",", ";", "\t", "|", "\x01", "\x1f"} {
		if !bytes.Contains(text, []byte(d)) {
			return d
		}
	}
	return "\x1e"
}

// firstSkipped returns the first line that is not blank among the first lines of a text; empty if all are.
func firstSkipped(text []byte, lines int) string {
	text = bytes.ReplaceAll(text[:min(len(text), sampleSize/4)], []byte("\r\n"), []byte("\n"))
	for ; lines > 0 && len(text) > 0; lines-- {
		i := bytes.IndexAny(text, "\r\n")
		if i < 0 {
			i = len(text) - 1
		}
		if line := bytes.TrimSpace(text[:i]); len(line) > 0 {
			return shorten(line)
		}
		text = text[i+1:]
	}
	return ""
}
