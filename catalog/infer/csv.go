package infer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
)

// sampleSize is how much of the head of a file decides its dialect, in bytes.
const sampleSize = 1 << 20

// maxColumns is how many columns a table may have. It is what a spreadsheet can hold.
const maxColumns = 1 << 14

// CSV looks into a file of delimited text. The dialect is chosen on a sample; then every row is read, which proves the
// types, counts rows and NULLs, and keeps bounds. It opens the file once if that is no longer than the sample, else
// twice (once more for every encoding that a later part disproves), holds about 2 MiB beside the longest record, and does
// not allocate per cell. A file that breaks the rules of its own dialect is an *Error with the line.
func CSV(ctx context.Context, open Opener) (*File, error) {
	raw, whole, err := head(open)
	if err != nil {
		return nil, err
	}
	if whole {
		open = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(raw)), nil }
	}
	encoding, err := encodingOf(raw, whole)
	if err != nil {
		return nil, err
	}
	f, err := csvFile(ctx, open, raw, whole, encoding)
	if errors.Is(err, errNotUTF8) && holdsUTF8(raw[:lastRune(raw)]) {
		return nil, errSomeNotUTF8
	}
	if errors.Is(err, errNotUTF8) { // the sample was, a later part is not
		f, err = csvFile(ctx, open, raw, whole, encodingLatin1)
	}
	var bad *badByte
	if errors.As(err, &bad) {
		return nil, bad.locate(open)
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

// csvFile chooses the dialect on the head of the file and reads all rows in it.
func csvFile(ctx context.Context, open Opener, raw []byte, whole bool, encoding string) (*File, error) {
	if !whole && encoding == encodingUTF16 {
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
	best := chooseDialect(sample{text: text, whole: whole})
	if len(best.rows) == 0 {
		if best.broken != nil {
			return nil, best.broken
		}
		return nil, &Error{Line: 1, Reason: "the first record is longer than the sample of 1 MiB", Hint: "A quote may be missing."}
	}
	best.dialect.Encoding = encoding
	t := best.table()
	if len(t.rows) == 0 {
		return nil, &Error{Reason: "the file holds no rows"}
	}
	if t.width > maxColumns {
		return nil, &Error{Line: int64(t.skip) + 1, Reason: fmt.Sprintf("the table has %d columns, more than the %d that can be read", t.width, maxColumns),
			Hint: "Write the values below each other, or split the file."}
	}
	return newCSVPass(&best.dialect, t).run(ctx, open)
}
