package pgvalue

import "tarn/engine/cell"

// Style is how a session wants values written in the text format. The zero Style is PostgreSQL's default.
type Style struct {
	cell.Style
	Dates       DateStyle
	DayFirst    bool // in the dates of DateSQL and DatePostgres
	Intervals   IntervalStyle
	EscapeBytes bool // bytea_output = escape
	// FloatDigits are how many significant digits float8 has, which rounds; float4 has 9 less, and at least one. 0 means the
	// shortest text that reads back equal (extra_float_digits above 0).
	FloatDigits int
}

// DateStyle is the first part of the setting DateStyle.
type DateStyle uint8

// The styles of dates.
const (
	DateISO DateStyle = iota
	DateSQL
	DatePostgres
	DateGerman
)

// IntervalStyle is the setting of this name.
type IntervalStyle uint8

// The styles of intervals.
const (
	IntervalPostgres IntervalStyle = iota
	IntervalISO8601
	IntervalVerbose
	IntervalSQLStandard
)
