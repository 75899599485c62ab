package render

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"math"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"tarn/catalog/sqltype"
	"tarn/engine/cell"
)

// The limits of Excel's sheets.
const (
	sheetRows    = 1 << 20 // further rows go to another sheet
	sheetColumns = 1 << 14
	cellUnits    = 32_767 // of UTF-16
)

// xlsxWriter writes an Excel workbook row by row. A value is a number, date or truth value of Excel's if Excel can hold it
// exactly, and its text if not: integers beyond 2^53, decimals of more than 15 digits, times finer than milliseconds or
// before 1900-03-01. It is written here because the library at hand replaces control characters and cuts long texts in silence, and
// needs the whole workbook before it writes the first byte.
type xlsxWriter struct {
	table
	zip    *zip.Writer
	sheet  io.Writer // the one that is open
	sheets int
	row    int // of the open sheet, from 1
	names  [][]byte
}

func newXLSX(out io.Writer, opts Options) Writer {
	w := &xlsxWriter{table: newTableOf(nil, opts), zip: zip.NewWriter(out)}
	w.w = w
	return w
}

// Write takes the pieces of the table and gives them to the open sheet.
func (w *xlsxWriter) Write(p []byte) (int, error) { return w.sheet.Write(p) }

func (w *xlsxWriter) Begin(columns []Column, style cell.Style) error {
	if len(columns) > sheetColumns {
		return fmt.Errorf("an Excel sheet has at most %d columns, the result has %d", sheetColumns, len(columns))
	}
	w.begin(columns, style)
	for i := range columns {
		w.names = append(w.names, columnLetters(i))
	}
	return w.nextSheet()
}

// columnLetters returns A for 0, Z for 25, AA for 26.
func columnLetters(i int) []byte {
	var out []byte
	for i++; i > 0; i = (i - 1) / 26 {
		out = append([]byte{byte('A' + (i-1)%26)}, out...)
	}
	return out
}

// nextSheet ends the open sheet and begins one, with the names of the columns.
func (w *xlsxWriter) nextSheet() (err error) {
	if err = w.endSheet(); err != nil {
		return err
	}
	w.sheets++
	if w.sheet, err = w.zip.Create("xl/worksheets/sheet" + strconv.Itoa(w.sheets) + ".xml"); err != nil {
		return err
	}
	w.buf = append(w.buf, xlsxHead...)
	w.row = 0
	if w.opts.NoHeader {
		return nil
	}
	w.beginRow()
	for c, col := range w.columns {
		if err := w.appendText(c, []byte(col.Name), styleBold); err != nil {
			return err
		}
	}
	w.buf = append(w.buf, "</row>"...)
	return nil
}

func (w *xlsxWriter) endSheet() error {
	if w.sheets == 0 {
		return nil
	}
	w.buf = append(w.buf, "</sheetData></worksheet>"...)
	return w.flush()
}

func (w *xlsxWriter) beginRow() {
	w.row++
	w.buf = strconv.AppendInt(append(w.buf, `<row r="`...), int64(w.row), 10)
	w.buf = append(w.buf, `">`...)
}

func (w *xlsxWriter) Batch(rec arrow.RecordBatch) error {
	w.arrays = append(w.arrays[:0], rec.Columns()...)
	for row := range int(rec.NumRows()) {
		if w.row == sheetRows {
			if err := w.nextSheet(); err != nil {
				return err
			}
		}
		w.beginRow()
		for c := range w.columns {
			if w.isNull(c, row) {
				continue
			}
			if err := w.appendValue(c, row); err != nil {
				return err
			}
		}
		w.buf = append(w.buf, "</row>"...)
		if err := w.spill(); err != nil {
			return err
		}
	}
	return nil
}

// The cell styles, by their place in the style sheet.
const (
	stylePlain = iota
	styleBold
	styleDate
	styleTimestamp
	styleTime
)

// appendValue appends the cell of a value that is not NULL.
func (w *xlsxWriter) appendValue(c, row int) error {
	t, arr := w.columns[c].Type, w.arrays[c]
	switch a := arr.(type) {
	case *array.Boolean:
		w.open(c, stylePlain, "b")
		if a.Value(row) {
			w.buf = append(w.buf, "<v>1</v></c>"...)
		} else {
			w.buf = append(w.buf, "<v>0</v></c>"...)
		}
		return nil
	case *array.Date32:
		if day := int64(a.Value(row)); inExcel(day) {
			w.appendNumber(c, styleDate, strconv.AppendInt(nil, day+excelEpoch, 10))
			return nil
		}
	case *array.Timestamp:
		if ms, ok := milliseconds(int64(a.Value(row)), a.DataType().(*arrow.TimestampType).Unit); ok && t.Kind != sqltype.TimestampTZ {
			w.appendNumber(c, styleTimestamp, appendSerial(nil, ms))
			return nil
		}
	case *array.Time64:
		if v, unit := int64(a.Value(row)), perMilli(a.DataType().(*arrow.Time64Type).Unit); v%unit == 0 && v/unit < msPerDay {
			w.appendNumber(c, styleTime, strconv.AppendFloat(nil, float64(v/unit)/msPerDay, 'g', -1, 64))
			return nil
		}
	}
	w.text = w.style.Append(w.text[:0], t, arr, row)
	if t.IsNumeric() && t.Kind != sqltype.BigNum && fitsDouble(w.text, t.Kind) {
		w.appendNumber(c, stylePlain, w.text)
		return nil
	}
	return w.appendText(c, w.text, stylePlain)
}

// open appends the beginning of a cell.
func (w *xlsxWriter) open(c, style int, kind string) {
	w.buf = append(append(w.buf, `<c r="`...), w.names[c]...)
	w.buf = strconv.AppendInt(w.buf, int64(w.row), 10)
	if style != stylePlain {
		w.buf = strconv.AppendInt(append(w.buf, `" s="`...), int64(style), 10)
	}
	if kind != "" {
		w.buf = append(append(w.buf, `" t="`...), kind...)
	}
	w.buf = append(w.buf, `">`...)
}

func (w *xlsxWriter) appendNumber(c, style int, digits []byte) {
	w.open(c, style, "")
	w.buf = append(append(append(w.buf, "<v>"...), digits...), "</v></c>"...)
}

// appendText appends a cell of text.
func (w *xlsxWriter) appendText(c int, text []byte, style int) error {
	if len(text) > cellUnits {
		if n := len(utf16.Encode([]rune(string(text)))); n > cellUnits {
			return fmt.Errorf("a text of %d characters in column %s: a cell of Excel's holds %d", n, w.columns[c].Name, cellUnits)
		}
	}
	w.open(c, style, "inlineStr")
	w.buf = append(w.buf, `<is><t xml:space="preserve">`...)
	w.buf = appendXLSXText(w.buf, text)
	w.buf = append(w.buf, "</t></is></c>"...)
	return nil
}

// appendXLSXText appends text as XML; characters that XML cannot hold are _x001B_, and an underscore that would begin
// such a sequence is _x005F_, as Excel writes them.
func appendXLSXText(dst, text []byte) []byte {
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		switch {
		case r == '&':
			dst = append(dst, "&amp;"...)
		case r == '<':
			dst = append(dst, "&lt;"...)
		case r == '>':
			dst = append(dst, "&gt;"...)
		case r == '_' && isXLSXEscape(text):
			dst = append(dst, "_x005F_"...)
		case r < 0x20 && r != '\t' && r != '\n', r == 0xfffe, r == 0xffff:
			dst = fmt.Appendf(dst, "_x%04X_", r)
		default:
			dst = append(dst, text[:size]...)
		}
		text = text[size:]
	}
	return dst
}

func isXLSXEscape(text []byte) bool {
	if len(text) < 7 || text[1] != 'x' || text[6] != '_' {
		return false
	}
	_, err := strconv.ParseUint(string(text[2:6]), 16, 32)
	return err == nil
}

// excelEpoch is what Excel's day 0 is before 1970-01-01; it counts right from 1900-03-01 on.
const (
	excelEpoch = 25_569
	msPerDay   = 86_400_000
)

// inExcel reports whether Excel has the day, which is counted from 1970-01-01: 1900-03-01 to 9999-12-31.
func inExcel(day int64) bool { return day+excelEpoch > 60 && day+excelEpoch < 2_958_466 }

// perMilli is how many of the units are in a millisecond.
func perMilli(u arrow.TimeUnit) int64 {
	if u == arrow.Nanosecond {
		return 1_000_000
	}
	return 1000
}

// milliseconds converts a time without loss, if Excel has it.
func milliseconds(v int64, unit arrow.TimeUnit) (ms int64, ok bool) {
	switch unit {
	case arrow.Second:
		if v > math.MaxInt64/1000 || v < math.MinInt64/1000 {
			return 0, false
		}
		ms, ok = v*1000, true
	case arrow.Millisecond:
		ms, ok = v, true
	default:
		ms, ok = v/perMilli(unit), v%perMilli(unit) == 0
	}
	day := ms / msPerDay
	if ms%msPerDay < 0 {
		day--
	}
	return ms, ok && inExcel(day)
}

// appendSerial appends the days since Excel's epoch; the fraction has milliseconds.
func appendSerial(dst []byte, ms int64) []byte {
	return strconv.AppendFloat(dst, float64(ms)/msPerDay+excelEpoch, 'f', -1, 64)
}

// fitsDouble reports whether a number's text means the same to Excel, which has doubles of 15 digits.
func fitsDouble(text []byte, k sqltype.Kind) bool {
	if k == sqltype.Float || k == sqltype.Double {
		last := text[len(text)-1]
		return last >= '0' && last <= '9' // not NaN, not infinite
	}
	if bytes.IndexByte(text, '.') >= 0 {
		return len(text) <= exactDigits+1
	}
	n, err := strconv.ParseInt(string(text), 10, 64)
	return err == nil && n <= 1<<53 && n >= -1<<53
}

func (w *xlsxWriter) End(Summary) error {
	if err := w.endSheet(); err != nil {
		return err
	}
	for _, p := range xlsxParts(w.sheets) {
		part, err := w.zip.Create(p.name)
		if err == nil {
			_, err = io.WriteString(part, p.text)
		}
		if err != nil {
			return err
		}
	}
	return w.zip.Close()
}
