package main

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// tolerance is how far two numbers may be apart, relative to the larger: sums of floating point depend on their order.
const tolerance = 1e-9

// expected is an answer and the columns (from 1) that its ORDER BY names, in which the rows' order is compared.
// The rows themselves are compared as a multiset, since ORDER BY may leave ties.
type expected struct {
	rows    [][]string
	ordered []int
}

// difference says how another answer differs from the expected one, or "".
func (e expected) difference(rows [][]string) string {
	if len(rows) != len(e.rows) {
		return fmt.Sprintf("%d rows instead of %d", len(rows), len(e.rows))
	}
	for i := range rows {
		for _, column := range e.ordered {
			if column > len(rows[i]) || !sameCell(rows[i][column-1], e.rows[i][column-1]) {
				return fmt.Sprintf("row %d is ordered differently: %q instead of %q", i+1, rows[i], e.rows[i])
			}
		}
	}
	if firstDifference(rows, e.rows) == "" {
		return ""
	}
	return firstDifference(canonical(rows), canonical(e.rows))
}

func firstDifference(got, want [][]string) string {
	for i := range got {
		if !slices.EqualFunc(got[i], want[i], sameCell) {
			return fmt.Sprintf("%q instead of %q", got[i], want[i])
		}
	}
	return ""
}

// canonical sorts rows, by texts before numbers: numbers that differ in their last digits must not reorder rows.
func canonical(rows [][]string) [][]string {
	sorted := slices.Clone(rows)
	slices.SortFunc(sorted, func(a, b []string) int { return strings.Compare(sortKey(a), sortKey(b)) })
	return sorted
}

func sortKey(row []string) string {
	var texts, numbers strings.Builder
	for _, cell := range row {
		if f, err := strconv.ParseFloat(cell, 64); err == nil {
			fmt.Fprintf(&numbers, "%.5g\x00", f)
		} else {
			texts.WriteString(normal(cell) + "\x00")
		}
	}
	return texts.String() + numbers.String()
}

// sameCell compares two cells as programs write them.
func sameCell(a, b string) bool {
	if a == b {
		return true
	}
	x, errX := strconv.ParseFloat(a, 64)
	y, errY := strconv.ParseFloat(b, 64)
	if errX != nil || errY != nil {
		return normal(a) == normal(b)
	}
	apart := math.Abs(x - y)
	return apart <= tolerance*max(math.Abs(x), math.Abs(y)) || apart < max(lastDigit(a), lastDigit(b))*0.9999
}

// lastDigit is the value of one unit of a decimal's last place where it has four digits or more behind the point: some
// programs give averages and quotients of decimals as decimals of a fixed scale, rounded or cut. Floating point numbers
// are written in full, so their last digit is below the tolerance; a zero says nothing of its scale unless written so.
func lastDigit(s string) float64 {
	mantissa, exponent, _ := strings.Cut(strings.ToUpper(s), "E")
	_, digits, _ := strings.Cut(mantissa, ".")
	places := len(digits)
	if e, err := strconv.Atoi(exponent); err == nil {
		places -= e
	}
	if places < 4 {
		return 0
	}
	return math.Pow10(-places)
}

// normal is a date without a time that is midnight, a boolean as one letter, and text without spaces at its end.
func normal(s string) string {
	s = strings.TrimRight(strings.Replace(s, "T", " ", boolToInt(isTime(s))), " ")
	if isTime(s) {
		s = strings.TrimSuffix(s, "Z")
		s = strings.TrimSuffix(s, "+00:00")
		if strings.Contains(s, ".") {
			s = strings.TrimRight(s, "0")
			s = strings.TrimSuffix(s, ".")
		}
		s = strings.TrimSuffix(s, " 00:00:00")
	}
	switch strings.ToLower(s) {
	case "true":
		return "t"
	case "false":
		return "f"
	}
	return s
}

// isTime reports whether a cell starts as a date of four digits of year does.
func isTime(s string) bool {
	return len(s) >= 10 && s[4] == '-' && s[7] == '-' && s[0] >= '0' && s[0] <= '9' && s[5] <= '1'
}

func boolToInt(b bool) int {
	if b {
		return 1
	}
	return 0
}
