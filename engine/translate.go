package engine

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"

	duck "github.com/duckdb/duckdb-go/v2/mapping"

	"tarn/engine/textscan"
)

// duckError is what DuckDB reports with errors_as_json.
type duckError struct {
	Type     string `json:"exception_type"`
	Message  string `json:"exception_message"`
	Subtype  string `json:"error_subtype"`
	Position string `json:"position"` // byte offset in the statement
}

// translate makes an Error from DuckDB's message. Position is a byte offset plus one and File is as DuckDB names it;
// the session that knows the statement and the root puts both right.
func translate(message string, t duck.ErrorType) *Error {
	d := parseError(message)
	if t == duck.ErrorTypeInterrupt || d.Type == "INTERRUPT" || d.Type == "Interrupt" {
		return &Error{Kind: KindCancelled, Message: "the statement was cancelled"}
	}
	if f := textscan.ParseFailure(d.Message); f != nil {
		return textError(f)
	}
	e := &Error{Kind: kindOf(d)}
	if at, err := strconv.Atoi(d.Position); err == nil {
		e.Position = at + 1
	}
	e.Message, e.Detail = firstLine(d.Message)
	switch e.Kind {
	case KindUndefinedTable: // DuckDB's candidates are its own system tables; Statement.located knows the lake's
		_, e.Detail = candidates(e.Detail)
	case KindUndefinedFunction, KindUndefinedColumn:
		e.Hint, e.Detail = candidates(e.Detail)
	}
	readFileError(e, d.Message)
	return e
}

// textError is an error of Tarn's own readers.
func textError(f *textscan.Failure) *Error {
	e := &Error{Kind: KindCorruptFile, Message: f.Reason, File: f.File, Line: f.Line, Hint: f.Hint}
	switch {
	case f.Stop:
		return &Error{Kind: KindCancelled, Message: "the statement was cancelled"}
	case f.Bug:
		e.Kind, e.Message, e.Detail, e.Hint = KindInternal, "the reader of text files failed: "+f.Reason, f.Hint, "This is a fault of Tarn's: please report it."
	case e.Hint == "" && e.File != "":
		e.Hint = "Run 'tarn crawl' to look at the file again."
	}
	return e
}

// wrapping is in front of an error that came up while rows were fetched.
const wrapping = "Attempting to execute an unsuccessful or closed pending query result\nError: "

// parseError reads the JSON, in front of which a parser error has its type once more, or plain text.
func parseError(message string) duckError {
	if outer := parsedError(message); strings.HasPrefix(outer.Message, wrapping) {
		return parsedError(strings.TrimPrefix(outer.Message, wrapping))
	}
	return parsedError(message)
}

func parsedError(message string) duckError {
	prefix, rest, prefixed := strings.Cut(message, " Error: ")
	for _, text := range []string{message, rest} {
		var d duckError
		if json.Unmarshal([]byte(text), &d) == nil && d.Message != "" {
			return d
		}
	}
	if prefixed && !strings.Contains(prefix, "\n") {
		return duckError{Type: prefix, Message: rest}
	}
	return duckError{Message: message}
}

// kindsByType maps DuckDB's exception types whose kind does not depend on the message.
var kindsByType = map[string]ErrorKind{
	"Parser": KindSyntax, "Syntax": KindSyntax, "Conversion": KindInvalidValue, "Out of Range": KindOutOfRange,
	"Divide by Zero": KindDivisionByZero, "Mismatch Type": KindType, "Invalid type": KindType, "Decimal": KindOutOfRange,
	"TransactionContext": KindTransaction, "Not implemented": KindUnsupported, "IO": KindIO,
	"Permission": KindPermission, "Out of Memory": KindOutOfMemory, "Invalid Input": KindInvalidValue,
	"Settings": KindUndefinedObject, "Missing Extension": KindUnsupported, "Extension Autoloading": KindUnsupported,
	"Binder": KindType, "Catalog": KindUndefinedObject, "Parameter Not Resolved": KindType,
	"Invalid Configuration": KindInvalidValue, "Expression": KindType, "Constraint": KindInvalidValue,
	"Serialization": KindCorruptFile,
}

// kindsByText tells apart what DuckDB reports under one exception type; the first match wins.
var kindsByText = []struct {
	exception, text string
	kind            ErrorKind
}{
	{"Catalog", "Table with name", KindUndefinedTable}, {"Catalog", "View with name", KindUndefinedTable},
	{"Catalog", "Function with name", KindUndefinedFunction}, {"Catalog", "Macro", KindUndefinedFunction},
	{"Catalog", "Schema with name", KindUndefinedSchema}, {"Catalog", "already exists", KindDuplicate},
	{"Binder", "must appear in the GROUP BY", KindGrouping}, {"Binder", "Ambiguous reference", KindAmbiguous},
	{"Binder", "Referenced table", KindUndefinedTable}, {"Binder", "not found in FROM", KindUndefinedColumn},
	{"Binder", "was not found because", KindUndefinedColumn}, {"Binder", "does not have a column", KindUndefinedColumn},
	{"Binder", "No function matches", KindUndefinedFunction}, {"Binder", "Prepared statement", KindUndefinedObject},
	{"Binder", "Catalog \"", KindUndefinedSchema}, {"Invalid Input", "Malformed JSON", KindCorruptFile},
	{"Invalid Input", "Parquet", KindCorruptFile}, {"Invalid Input", "CSV Error", KindCorruptFile},
	{"Conversion", "out of range for the destination", KindOutOfRange},
	{"Invalid Input", "division by zero", KindDivisionByZero}, {"Invalid Input", "out of range for the destination", KindOutOfRange}, {"IO", "No magic bytes", KindCorruptFile}, {"Conversion", "CSV Error", KindCorruptFile},
}

func kindOf(d duckError) ErrorKind {
	switch d.Subtype {
	case "COLUMN_NOT_FOUND":
		return KindUndefinedColumn
	case "NO_MATCHING_FUNCTION":
		return KindUndefinedFunction
	}
	for _, k := range kindsByPattern {
		if k.text.MatchString(d.Message) {
			return k.kind
		}
	}
	for _, k := range kindsByText {
		if k.exception == d.Type && strings.Contains(d.Message, k.text) {
			return k.kind
		}
	}
	return kindsByType[d.Type]
}

// firstLine splits off the first line, in lower case as PostgreSQL's messages are; the rest is the detail, without
// DuckDB's excerpt of the statement.
func firstLine(message string) (first, rest string) {
	if i := strings.Index(message, "\n\nLINE "); i >= 0 {
		message = message[:i]
	}
	first, rest, _ = strings.Cut(strings.TrimSpace(message), "\n")
	if len(first) > 1 && first[0] >= 'A' && first[0] <= 'Z' && first[1] >= 'a' && first[1] <= 'z' {
		first = strings.ToLower(first[:1]) + first[1:]
	}
	return strings.TrimRight(first, "!. "), strings.TrimSpace(rest)
}

// candidates makes a hint of DuckDB's "Did you mean" and "Candidate bindings"; the rest stays detail.
func candidates(detail string) (hint, rest string) {
	first, after, _ := strings.Cut(detail, "\n")
	switch {
	case strings.HasPrefix(first, "Did you mean"):
		return first, strings.TrimSpace(after)
	case strings.HasPrefix(first, "Candidate bindings: "):
		return "Did you mean " + strings.TrimPrefix(first, "Candidate bindings: ") + "?", strings.TrimSpace(after)
	}
	return "", detail
}

var (
	inFile    = regexp.MustCompile(`(?i)(?:in file|file:?|file =|path:?)\s*['"]?(/[^'"\n]+?)['"]?(?:,|\n|$|'|"|\s+(?:too|is|at|does|with|has))`)
	csvLine   = regexp.MustCompile(`CSV Error on Line: (\d+)`)
	jsonValue = regexp.MustCompile(`in record/value (\d+)`)
)

// readFileError fills in the file and the line that DuckDB's message names.
func readFileError(e *Error, message string) {
	if m := inFile.FindStringSubmatch(message); m != nil {
		e.File = strings.TrimSpace(m[1])
	}
	if m := csvLine.FindStringSubmatch(message); m != nil {
		e.Line, _ = strconv.ParseInt(m[1], 10, 64)
		e.Message, e.Detail = csvReason(message)
		e.Hint = "The file does not hold what the catalog found when it was crawled. Run 'tarn crawl' to look again."
	}
	if m := jsonValue.FindStringSubmatch(message); m != nil && e.File != "" {
		e.Hint = "The record is number " + m[1] + " in the file. Run 'tarn crawl' to look at the file again."
	}
}

// csvReason takes the reason and the offending line out of DuckDB's long CSV message, whose advice is about options
// that a Tarn user does not set.
func csvReason(message string) (reason, detail string) {
	lines := strings.Split(message, "\n")
	reason = "a row does not fit the file's CSV dialect"
	for i, l := range lines {
		if strings.HasPrefix(l, "Original Line: ") {
			detail = "Line: " + strings.TrimPrefix(l, "Original Line: ")
			if i+1 < len(lines) && lines[i+1] != "" {
				reason, _ = firstLine(lines[i+1])
			}
		}
	}
	return reason, detail
}
