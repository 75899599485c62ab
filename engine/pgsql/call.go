package pgsql

import (
	"fmt"
	"strings"

	duck "github.com/duckdb/duckdb-go/v2/mapping"

	"tarn/engine/pgcatalog"
)

// callName is the one function by which macros ask Go: its first argument says for what.
const callName = "tarn_pg_text"

// Uses reports whether a translated statement needs what Register and Made make.
func Uses(sql string) bool {
	return strings.Contains(sql, Schema) || UsesTyped(sql) || strings.Contains(sql, callName)
}

// Register makes that function known to the database of con.
func Register(con duck.Connection) error {
	return pgcatalog.RegisterScalar(con, callName, false, call)
}

// calls compute a text of texts; false stands for NULL.
var calls = map[string]func(args []string) (string, bool, error){
	"to_char": toChar, "to_number": toNumber, "to_timestamp": toTimestamp,
	"regexp_match": regexpMatch, "regexp_matches": regexpMatches, "regexp_instr": regexpInstr,
	"encode_escape": encodeEscape, "quotient": quotient, "unistr": unistr, "float": floatText, "real": realText, "interval": spanText, "array": arrayOut, "pg_typeof": pgTypeName,
	"json_contains": jsonContains, "json_exists_all": jsonExistsAll, "json_exists_any": jsonExistsAny, "json_concat": jsonConcat,
	"json_delete": jsonDelete, "json_delete_path": jsonDeletePath, "json_set": jsonSet,
	"similar_pattern": func(args []string) (string, bool, error) { return similarPattern(args[0], args[1]), true, nil },
}

// call answers; an argument that is NULL makes the answer NULL, save for format's.
func call(args []*string) (*string, error) {
	if len(args) == 0 || args[0] == nil {
		return nil, fmt.Errorf("%s needs the name of what to compute", callName)
	}
	name := *args[0]
	if name == "format" {
		return formatText(args[1:])
	}
	texts := make([]string, len(args)-1)
	for i, a := range args[1:] {
		if a == nil {
			return nil, nil
		}
		texts[i] = *a
	}
	f := calls[name]
	if f == nil {
		return nil, fmt.Errorf("%s knows no %s", callName, name)
	}
	text, ok, err := f(texts)
	if err != nil || !ok {
		return nil, err
	}
	return &text, nil
}
