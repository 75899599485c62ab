package sqltest

import (
	"fmt"
	"os"
	"slices"
	"strings"
)

// Golden is one file of statements with their expected results, in the manner of sqllogictest
// (https://www.sqlite.org/sqllogictest): records parted by blank lines, each one of
//
//	# a comment
//
//	statement ok
//	SQL
//
//	statement error 42P01 part of the message
//	SQL
//
//	query [rowsort]
//	SQL
//	----
//	name TYPE | name TYPE
//	value | value
//
// A line "onlyif FORMAT..." or "skipif FORMAT..." may stand before a record's first line. SQL and results hold no
// blank lines.
type Golden struct {
	Path    string
	Records []Record
}

// RecordKind is what a record expects.
type RecordKind uint8

// The kinds of records.
const (
	Comment RecordKind = iota
	Success
	Failure
	Query
)

// Record is one statement and what it should answer.
type Record struct {
	Kind    RecordKind
	Line    int      // of the file where the record begins, from 1
	Head    []string // the lines before the SQL as they are in the file; of a comment, all lines
	SQL     string
	State   string // SQLSTATE of a Failure
	Message string // part of the message of a Failure
	Sort    bool   // the order of rows does not matter
	Want    []string
	only    []string
	skip    []string
}

// RunsOn reports whether the record is meant for the format.
func (r *Record) RunsOn(format string) bool {
	return !slices.Contains(r.skip, format) && (r.only == nil || slices.Contains(r.only, format))
}

// ReadGolden reads a golden file. Errors name the file and the line.
func ReadGolden(path string) (*Golden, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	g := &Golden{Path: path}
	var block []string
	lines := append(strings.Split(string(text), "\n"), "")
	for i, line := range lines {
		if line != "" {
			block = append(block, line)
			continue
		}
		if len(block) > 0 {
			r, err := parseRecord(block)
			if err != nil {
				return nil, fmt.Errorf("%s:%d: %w", path, i+1-len(block), err)
			}
			r.Line = i + 1 - len(block)
			g.Records = append(g.Records, r)
		}
		block = nil
	}
	return g, nil
}

func parseRecord(lines []string) (Record, error) {
	var r Record
	for i, line := range lines {
		word, rest, _ := strings.Cut(line, " ")
		switch {
		case strings.HasPrefix(line, "#"):
		case word == "onlyif":
			r.only = strings.Fields(rest)
		case word == "skipif":
			r.skip = strings.Fields(rest)
		case line == "statement ok":
			r.Kind = Success
			return r.body(lines, i+1)
		case strings.HasPrefix(line, "statement error "):
			r.Kind = Failure
			r.State, r.Message, _ = strings.Cut(strings.TrimPrefix(rest, "error "), " ")
			if len(r.State) != 5 {
				return r, fmt.Errorf("%q is no SQLSTATE of five characters", r.State)
			}
			return r.body(lines, i+1)
		case line == "query" || line == "query rowsort":
			r.Kind, r.Sort = Query, rest == "rowsort"
			return r.body(lines, i+1)
		default:
			return r, fmt.Errorf("%q begins no record: want statement ok, statement error, query, onlyif or skipif", line)
		}
	}
	if r.only != nil || r.skip != nil {
		return r, fmt.Errorf("a condition without a statement")
	}
	r.Head = lines
	return r, nil
}

// body fills in the SQL and the expected result, which begin at lines[i].
func (r Record) body(lines []string, i int) (Record, error) {
	r.Head = lines[:i]
	end := slices.Index(lines, "----")
	switch {
	case r.Kind == Query && end < 0:
		end = len(lines)
	case r.Kind == Query:
		r.Want = lines[end+1:]
	case end >= 0:
		return r, fmt.Errorf("only a query has a result")
	default:
		end = len(lines)
	}
	if end <= i {
		return r, fmt.Errorf("a record without SQL")
	}
	r.SQL = strings.Join(lines[i:end], "\n")
	return r, nil
}

// Write writes the file back, for a test that refreshes Want.
func (g *Golden) Write() error {
	var b strings.Builder
	for i, r := range g.Records {
		if i > 0 {
			b.WriteByte('\n')
		}
		lines := slices.Clone(r.Head)
		if r.SQL != "" {
			lines = append(lines, r.SQL)
		}
		if r.Kind == Query {
			lines = append(append(lines, "----"), r.Want...)
		}
		b.WriteString(strings.Join(lines, "\n"))
		b.WriteByte('\n')
	}
	return os.WriteFile(g.Path, []byte(b.String()), 0o644)
}

// Cell is how a value stands in a golden file: without line breaks and separators, and so that text is told from NULL.
// null wins over text.
func Cell(text string, null bool) string {
	if null {
		return "NULL"
	}
	quote := text == "" || text == "NULL" || strings.TrimSpace(text) != text || strings.HasPrefix(text, "'")
	text = strings.NewReplacer(`\`, `\\`, "\n", `\n`, "\r", `\r`, "\t", `\t`, "|", `\|`).Replace(text)
	if quote {
		return "'" + text + "'"
	}
	return text
}
