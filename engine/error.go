package engine

import "fmt"

// ErrorKind says what class of thing went wrong. The doors (wire, REPL, exit code) translate kinds; they never
// look at messages.
type ErrorKind uint8

// The kinds of errors.
const (
	KindInternal ErrorKind = iota
	KindSyntax
	KindUndefinedTable
	KindUndefinedColumn
	KindUndefinedFunction
	KindUndefinedSchema
	KindUndefinedObject // a setting, type, prepared statement or parameter that does not exist
	KindAmbiguous       // a column or table name that could mean several things
	KindDuplicate       // an object that exists already
	KindType            // an operator or function does not fit its arguments
	KindInvalidValue    // a value that does not convert to the wanted type
	KindOutOfRange      // a number or time too large for its type
	KindDivisionByZero
	KindGrouping // a column neither grouped nor aggregated
	KindReadOnly // a statement that would write to the lake
	KindPermission
	KindUnsupported // well-formed, but Tarn does not do it
	KindIO          // a file cannot be read
	KindCorruptFile // a file is not what its format requires
	KindFileChanged // a file changed while the statement read it
	KindCancelled
	KindOutOfMemory
	KindTransaction // not allowed in this state of the transaction
	KindAborted     // the transaction failed earlier and takes only ROLLBACK
	KindDuplicateColumn
	KindDuplicateSchema
	KindDependent   // an object that another one needs
	KindWrongObject // an object of another kind

	KindDatetimeFormat  // a text that is no date, time or interval
	KindDatetimeRange   // a date or time that there is not
	KindCardinality     // a subquery has more rows than its place takes
	KindWindowing       // a window function where there can be none
	KindColumnReference // ORDER BY 9
	KindParameterValue  // an argument that its function does not take
	KindRowCount        // LIMIT -1
	KindRegexp          // a regular expression that is none
	KindEscape          // a LIKE pattern that ends in its escape character
	KindLogarithm       // the logarithm of 0
	KindPower           // the root of -1
	KindDuplicateAlias  // two tables of one name
	KindPrepared        // a prepared statement that does not exist
	KindSavepoint       // a savepoint that does not exist
	KindArraySubscript  // lists that make no array
)

// Error is what every failing call of this package returns (context errors included).
type Error struct {
	Kind     ErrorKind
	Message  string // one line, starting in lower case, without the SQL text
	Detail   string // more facts, may have several lines
	Hint     string // what to do about it
	Position int    // where in the statement, counted in characters from 1; 0 if not known
	File     string // the lake file it is about, relative to the root; empty if none
	Line     int64  // the line in File, from 1; 0 if not known
	Err      error  // the cause, may be nil
}

// Error returns the message with file and line, in one line.
func (e *Error) Error() string {
	switch {
	case e.File != "" && e.Line > 0:
		return fmt.Sprintf("%s (%s, line %d)", e.Message, e.File, e.Line)
	case e.File != "":
		return fmt.Sprintf("%s (%s)", e.Message, e.File)
	}
	return e.Message
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }
