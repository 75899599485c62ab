package server

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5/pgproto3"

	"tarn/engine"
)

// sqlstates are the SQLSTATEs of the engine's error kinds (PostgreSQL's errcodes.txt).
var sqlstates = map[engine.ErrorKind]string{
	engine.KindInternal:          "XX000", // internal_error
	engine.KindSyntax:            "42601", // syntax_error
	engine.KindUndefinedTable:    "42P01", // undefined_table
	engine.KindUndefinedColumn:   "42703", // undefined_column
	engine.KindUndefinedFunction: "42883", // undefined_function
	engine.KindUndefinedSchema:   "3F000", // invalid_schema_name
	engine.KindUndefinedObject:   "42704", // undefined_object
	engine.KindAmbiguous:         "42702", // ambiguous_column
	engine.KindDuplicate:         "42P07", // duplicate_table
	engine.KindDuplicateColumn:   "42701", // duplicate_column
	engine.KindDuplicateSchema:   "42P06", // duplicate_schema
	engine.KindDependent:         "2BP01", // dependent_objects_still_exist
	engine.KindWrongObject:       "42809", // wrong_object_type
	engine.KindType:              "42804", // datatype_mismatch
	engine.KindInvalidValue:      "22P02", // invalid_text_representation
	engine.KindOutOfRange:        "22003", // numeric_value_out_of_range
	engine.KindDivisionByZero:    "22012", // division_by_zero
	engine.KindGrouping:          "42803", // grouping_error
	engine.KindReadOnly:          "25006", // read_only_sql_transaction
	engine.KindPermission:        "42501", // insufficient_privilege
	engine.KindUnsupported:       "0A000", // feature_not_supported
	engine.KindIO:                "58030", // io_error
	engine.KindCorruptFile:       "XX001", // data_corrupted
	engine.KindFileChanged:       "40001", // serialization_failure: clients try again
	engine.KindCancelled:         "57014", // query_canceled
	engine.KindOutOfMemory:       "53200", // out_of_memory
	engine.KindTransaction:       "25001", // active_sql_transaction
	engine.KindAborted:           "25P02", // in_failed_sql_transaction
	engine.KindDatetimeFormat:    "22007", // invalid_datetime_format
	engine.KindDatetimeRange:     "22008", // datetime_field_overflow
	engine.KindCardinality:       "21000", // cardinality_violation
	engine.KindWindowing:         "42P20", // windowing_error
	engine.KindColumnReference:   "42P10", // invalid_column_reference
	engine.KindParameterValue:    "22023", // invalid_parameter_value
	engine.KindRowCount:          "2201W", // invalid_row_count_in_limit_clause
	engine.KindRegexp:            "2201B", // invalid_regular_expression
	engine.KindEscape:            "22025", // invalid_escape_sequence
	engine.KindLogarithm:         "2201E", // invalid_argument_for_logarithm
	engine.KindPower:             "2201F", // invalid_argument_for_power_function
	engine.KindDuplicateAlias:    "42712", // duplicate_alias
	engine.KindPrepared:          "26000", // invalid_sql_statement_name
	engine.KindSavepoint:         "3B001", // invalid_savepoint_specification
	engine.KindArraySubscript:    "2202E", // array_subscript_error
}

// failure is an error of the server itself, with its SQLSTATE.
type failure struct {
	code    string
	message string
	detail  string
	hint    string
	fatal   bool // the connection ends with it

	routine  string // of PostgreSQL's source, where drivers look at it
	where    string // what it happened in
	position int    // in the statement, in characters from 1; 0 if unknown
}

func (f *failure) Error() string { return f.message }

func failuref(code, format string, args ...any) *failure {
	return &failure{code: code, message: fmt.Sprintf(format, args...)}
}

func protocolError(format string, args ...any) *failure {
	return &failure{code: "08P01", message: fmt.Sprintf(format, args...)}
}

// Why a statement was stopped: the causes of its context's end. What the server sends of them is their text.
var (
	errUserCancel = failuref("57014", "canceling statement due to user request")
	errTimeout    = failuref("57014", "canceling statement due to statement timeout")
	errClientGone = &failure{code: "08006", message: "the client went away", fatal: true}
	errIdleTx     = &failure{code: "25P03", message: "terminating connection due to idle-in-transaction timeout", fatal: true}
	errIdle       = &failure{code: "57P05", message: "terminating connection due to idle-session timeout", fatal: true}
	errStopped    = &failure{code: "57P01", message: "terminating connection due to administrator command", fatal: true}
)

// because returns why ctx ended in place of an error that only says that it did.
func because(ctx context.Context, err error) error {
	var e *engine.Error
	var f *failure
	if err != nil && errors.As(err, &e) && e.Kind == engine.KindCancelled && errors.As(context.Cause(ctx), &f) {
		return f
	}
	return err
}

// errorResponse tells err to the client.
func errorResponse(err error) *pgproto3.ErrorResponse {
	var f *failure
	var e *engine.Error
	m := &pgproto3.ErrorResponse{Severity: "ERROR", Code: "XX000"}
	switch {
	case errors.As(err, &f):
		m.Code, m.Message, m.Detail, m.Hint, m.Position, m.Where = f.code, f.message, f.detail, f.hint, int32(f.position), f.where
		m.Routine = f.routine
		if f.fatal {
			m.Severity = "FATAL"
		}
	case errors.As(err, &e):
		m.Message, m.Detail, m.Hint, m.Position = e.Message, e.Detail, e.Hint, int32(e.Position)
		if code, ok := sqlstates[e.Kind]; ok {
			m.Code = code
		}
		if e.File != "" {
			m.Detail = strings.TrimPrefix(m.Detail+"\n"+fileDetail(e), "\n")
		}
	default:
		m.Message = err.Error()
	}
	m.SeverityUnlocalized = m.Severity
	return m
}

// fileDetail names the lake's file that an error is about.
func fileDetail(e *engine.Error) string {
	if e.Line > 0 {
		return fmt.Sprintf("File: %s, line %d", e.File, e.Line)
	}
	return "File: " + e.File
}

// noticeResponse is a message that does not end the statement.
func noticeResponse(n engine.Notice) *pgproto3.NoticeResponse {
	severity, code := "WARNING", "01000"
	if n.Remark {
		severity, code = "NOTICE", "00000"
	}
	if n.Kind != engine.KindInternal {
		code = sqlstates[n.Kind]
	}
	return &pgproto3.NoticeResponse{Severity: severity, SeverityUnlocalized: severity, Code: code, Message: n.Message, Hint: n.Hint}
}
