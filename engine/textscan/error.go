package textscan

import (
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"

	"tarn/catalog/infer"
)

// Failure is an error on its way through DuckDB, which carries only text.
type Failure struct {
	File   string `json:"file,omitempty"` // below the root
	Line   int64  `json:"line,omitempty"`
	Reason string `json:"reason"`
	Hint   string `json:"hint,omitempty"`
	Bug    bool   `json:"bug,omitempty"`     // a panic
	Stop   bool   `json:"stopped,omitempty"` // an interrupt
}

// failurePrefix begins the text of a Failure.
const failurePrefix = Name + " failed: "

// Error returns the failure as ParseFailure reads it.
func (f *Failure) Error() string {
	text, err := json.Marshal(f)
	if err != nil {
		return failurePrefix + f.Reason
	}
	return failurePrefix + string(text)
}

// ParseFailure finds the Failure in a message of DuckDB's, or returns nil.
func ParseFailure(message string) *Failure {
	_, text, found := strings.Cut(message, failurePrefix)
	if !found {
		return nil
	}
	f := &Failure{}
	if json.NewDecoder(strings.NewReader(text)).Decode(f) != nil {
		return nil
	}
	return f
}

// fileFailure says in which file err happened.
func fileFailure(path string, err error) error {
	f := &Failure{File: path, Reason: err.Error(), Stop: errors.Is(err, errStopped)}
	var e *infer.Error
	if errors.As(err, &e) {
		f.Line, f.Reason, f.Hint = e.Line, e.Reason, e.Hint
	}
	return f
}

// guard turns a panic into an error for fail, because nothing may unwind through DuckDB.
func guard(fail func(string)) {
	if p := recover(); p != nil {
		fail((&Failure{Reason: fmt.Sprintf("%v", p), Hint: fmt.Sprintf("%.2000s", debug.Stack()), Bug: true}).Error())
	}
}
