package pgsql

import (
	_ "embed" // functions.sql
	"regexp"
	"strings"
	"sync"
)

// Schema is where the macros are made.
const Schema = "tarndb.tarn_pgsql"

//go:embed functions.sql
var functions string

// Statements returns the statements that make the schema of the macros and the macros.
var Statements = sync.OnceValue(func() []string {
	out := []string{"CREATE SCHEMA IF NOT EXISTS " + Schema}
	for s := range strings.SplitSeq(functions, ";\n") {
		if at := strings.Index(s, "CREATE MACRO "); at >= 0 {
			out = append(out, strings.Replace(s[at:], "CREATE MACRO ", "CREATE OR REPLACE MACRO "+Schema+".", 1))
		}
	}
	return out
})

var macroName = regexp.MustCompile(`(?m)^CREATE MACRO (\w+)`)

// Macros returns the names of the macros.
var Macros = sync.OnceValue(func() map[string]bool {
	out := map[string]bool{}
	for _, m := range macroName.FindAllStringSubmatch(functions, -1) {
		out[m[1]] = true
	}
	return out
})
