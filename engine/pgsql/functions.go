package pgsql

import (
	_ "embed" // functions.sql
	"regexp"
	"strings"
	"sync"
)

// Schema is where the macros are made; those whose overloads are told apart by type have one of their own.
const (
	Schema      = "tarndb.tarn_pgsql"
	typedSchema = "tarndb.tarn_typed"
)

//go:embed functions.sql
var functions string

//go:embed typed.sql
var typedFunctions string

// Statements returns the statements that make the schemas of the macros and the macros.
var Statements = sync.OnceValue(func() []string {
	return append(makes(Schema, functions), makes(typedSchema, typedFunctions)...)
})

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
var TypedMacros = sync.OnceValue(func() map[string]bool { return names(typedFunctions) })

func names(macros string) map[string]bool {
	out := map[string]bool{}
	for _, m := range macroName.FindAllStringSubmatch(macros, -1) {
		out[m[1]] = true
	}
	return out
}
