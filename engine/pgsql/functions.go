package pgsql

import (
	_ "embed" // functions.sql, typed.sql and operands.sql
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	duck "github.com/duckdb/duckdb-go/v2/mapping"
)

// Schema is where the macros are made; those whose overloads are told apart by type have schemas of their own, one for functions and one for
// operators.
const (
	Schema        = "tarndb.tarn_pgsql"
	typedSchema   = "tarndb.tarn_typed"
	operandSchema = "tarndb.tarn_operands"
)

//go:embed functions.sql
var functions string

//go:embed typed.sql
var typedFunctions string

//go:embed operands.sql
var operandFunctions string

// Made says which schemas of macros a database has. Making one takes DuckDB some milliseconds, so that each is made when a statement names it.
type Made map[string]bool

// All names all schemas, as a statement for Make.
const All = Schema + " " + typedSchema + " " + operandSchema

// Make makes with exec what a translated statement needs and the database of con does not have yet.
func (m Made) Make(sql string, con duck.Connection, exec func(sql string) error) error {
	if !m[callName] && Uses(sql) {
		if err := Register(con); err != nil {
			return err
		}
		m[callName] = true
	}
	if strings.Contains(sql, operandSchema) { // which calls those
		sql = All
	}
	for _, of := range []struct{ schema, macros string }{{Schema, functions}, {typedSchema, typedFunctions}, {operandSchema, operandFunctions}} {
		if m[of.schema] || !strings.Contains(sql, of.schema) {
			continue
		}
		all := makes(of.schema, of.macros)
		if of.schema == operandSchema { // whose / is the client's, which DuckDB's parser decides
			all = slices.Concat([]string{"SET integer_division = true"}, all, []string{"SET integer_division = false"})
		}
		for _, s := range all {
			if err := exec(s); err != nil {
				return fmt.Errorf("%s: %w", s, err)
			}
		}
		m[of.schema] = true
	}
	return nil
}

func makes(schema, macros string) []string {
	out := []string{"CREATE SCHEMA IF NOT EXISTS " + schema}
	for s := range strings.SplitSeq(macros, ";\n") {
		if at := strings.Index(s, "CREATE MACRO "); at >= 0 {
			out = append(out, strings.Replace(s[at:], "CREATE MACRO ", "CREATE OR REPLACE MACRO "+schema+".", 1))
		}
	}
	return out
}

var macroName = regexp.MustCompile(`(?m)^CREATE MACRO (\w+)`)

// Macros returns the names of the macros that a call gets by its name alone.
var Macros = sync.OnceValue(func() map[string]bool { return names(functions) })

// TypedMacros returns the names of the macros whose overloads are told apart by type.
var TypedMacros = sync.OnceValue(func() map[string]bool { return names(typedFunctions + operandFunctions) })

func names(macros string) map[string]bool {
	out := map[string]bool{}
	for _, m := range macroName.FindAllStringSubmatch(macros, -1) {
		out[m[1]] = true
	}
	return out
}
