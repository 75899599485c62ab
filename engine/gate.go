package engine

import (
	"slices"
	"strings"

	bindings "github.com/duckdb/duckdb-go-bindings"
	duck "github.com/duckdb/duckdb-go/v2/mapping"

	"tarn/catalog"
	"tarn/engine/pgcatalog"
	"tarn/engine/sqltext"
)

// refuse returns the error for a statement that the lake does not take, judged by its text; nil if it may run. What
// the text does not show, refuseType catches.
func refuse(sql string, snap *catalog.Snapshot) error {
	sql = innermost(sql)
	words := sqltext.Words(sql, 4)
	if len(words) == 0 {
		return nil
	}
	if err := refuseAnywhere(sql); err != nil {
		return err
	}
	switch words[0] {
	case "PREPARE", "EXECUTE", "DEALLOCATE": // inside an EXPLAIN; others never come here
		return &Error{Kind: KindSyntax, Message: words[0] + " cannot stand here", Hint: "EXPLAIN EXECUTE name explains a prepared statement."}
	case "COPY", "EXPORT", "IMPORT":
		return &Error{Kind: KindUnsupported, Message: words[0] + " is not supported",
			Hint: "To write a result to a file: tarn DIR --format csv -c 'SELECT ...' > FILE"}
	case "ATTACH", "DETACH", "INSTALL", "LOAD", "UPDATE", "FORCE":
		if words[0] != "UPDATE" || len(words) == 2 && words[1] == "EXTENSIONS" {
			return &Error{Kind: KindPermission, Message: words[0] + " is not allowed: Tarn reads only the lake it was opened on"}
		}
	case "CREATE":
		if !isTemporary(words) {
			return readOnly(words[0])
		}
	case "SET", "RESET", "USE":
		return refuseSetting(sql, words)
	case "WITH":
		if changesData(sql) && findReferences(sql, snap).system {
			return readOnly("a change")
		}
	case "DROP", "ALTER", "COMMENT", "TRUNCATE":
		if slices.Contains(words, "DATABASE") {
			return readOnly(words[0])
		}
		if len(findReferences(sql, snap).tables) > 0 || slices.Contains(words, "SCHEMA") || findReferences(sql, snap).system || namesPostgres(sql) {
			return readOnly(words[0])
		}
	case "INSERT", "DELETE", "MERGE":
		return refuseTarget(sql, words[0], snap)
	}
	if words[0] == "UPDATE" {
		return refuseTarget(sql, words[0], snap)
	}
	return nil
}

// writers are functions and pragmas that write files or change what all sessions share.
var writers = []string{"enable_logging", "disable_logging", "truncate_duckdb_logs", "import_database", "enable_profiling",
	"profiling_output", "profile_output", "enable_progress_bar_print", "disabled_optimizers"}

// refuseAnywhere refuses a writer wherever it is named, also in a text that query() would run.
func refuseAnywhere(sql string) error {
	for _, tok := range sqltext.Tokens(sql) {
		if tok.Kind == sqltext.Comment {
			continue
		}
		text := strings.ToLower(tok.Text(sql))
		for _, w := range writers {
			if text == w || tok.Kind != sqltext.Word && strings.Contains(text, w) {
				return &Error{Kind: KindPermission, Message: w + " is not allowed: it writes files or concerns all sessions"}
			}
		}
	}
	return nil
}

// refuseSetting refuses settings that reach beyond the session, and those that Tarn itself relies on.
func refuseSetting(sql string, words []string) error {
	if len(words) > 1 && words[1] == "GLOBAL" {
		return &Error{Kind: KindPermission, Message: words[0] + " GLOBAL is not allowed: it would concern all sessions", Hint: "Leave out GLOBAL."}
	}
	for _, tok := range sqltext.Tokens(sql) {
		name := strings.ToLower(strings.Trim(tok.Text(sql), `'"`))
		if strings.HasPrefix(name, "tarn_") && slices.Contains(words, "VARIABLE") {
			return &Error{Kind: KindPermission, Message: "variables whose names begin with tarn_ are Tarn's own"}
		}
		path := words[0] == "USE" || slices.Contains(words, "SEARCH_PATH") || slices.Contains(words, "SCHEMA")
		if path && namesSystemSchema(name) {
			return &Error{Kind: KindPermission, Message: "schema tarn cannot be on the search path", Hint: "Write tarn.files, tarn.tables, ..."}
		}
	}
	return nil
}

// namesSystemSchema reports whether one of a list of schemas, in small letters, is Tarn's own. The database, tarndb, may stand in front of each.
func namesSystemSchema(list string) bool {
	for schema := range strings.SplitSeq(list, ",") {
		schema = strings.ReplaceAll(strings.TrimSpace(schema), `"`, "")
		if schema == "tarn" || strings.HasSuffix(schema, ".tarn") {
			return true
		}
	}
	return false
}

// changesData reports whether a statement that begins with WITH is no query.
func changesData(sql string) bool {
	return slices.ContainsFunc(sqltext.Tokens(sql), func(t sqltext.Token) bool {
		return t.Kind == sqltext.Word && slices.Contains([]string{"INSERT", "UPDATE", "DELETE", "MERGE"}, strings.ToUpper(t.Text(sql)))
	})
}

// isTemporary reports whether a CREATE makes something that lasts for the session: TEMP or TEMPORARY stands right behind
// CREATE, or behind its OR REPLACE.
func isTemporary(words []string) bool {
	words = words[1:]
	if len(words) > 2 && words[0] == "OR" && words[1] == "REPLACE" {
		words = words[2:]
	}
	return len(words) > 0 && (words[0] == "TEMP" || words[0] == "TEMPORARY")
}

// refuseTarget refuses a change to a table of the lake; the target is the first name that is no keyword.
func refuseTarget(sql, verb string, snap *catalog.Snapshot) error {
	first := true
	for _, tok := range sqltext.Tokens(sql) {
		if tok.Kind != sqltext.Word && tok.Kind != sqltext.QuotedWord {
			continue
		}
		name := strings.ToLower(tok.Name(sql))
		if first || slices.Contains([]string{"into", "from", "or", "replace", "ignore"}, name) {
			first = false
			continue
		}
		if len(snap.Find(name)) > 0 || name == "tarn" || name == pgcatalog.Database || name == database || isSchema(snap, name) {
			return readOnly(verb)
		}
		return nil
	}
	return nil
}

func isSchema(snap *catalog.Snapshot, name string) bool {
	return name == "public" || slices.ContainsFunc(snap.Tables, func(t *catalog.Table) bool { return t.Schema == name })
}

func readOnly(verb string) error {
	return &Error{Kind: KindReadOnly, Message: "cannot run " + verb + ": the lake is read-only",
		Hint: "CREATE TEMP TABLE makes a table that lasts for this session; CREATE VIEW keeps a query."}
}

// innermost strips EXPLAIN, which carries another statement.
func innermost(sql string) string {
	for {
		tokens := sqltext.Tokens(sql)
		words := sqltext.Words(sql, 1)
		if len(words) == 0 || words[0] != "EXPLAIN" {
			return sql
		}
		cut := carried(sql, tokens)
		if cut < 0 {
			return sql
		}
		sql = sql[cut:]
	}
}

// carried returns where the statement inside an EXPLAIN begins, or -1.
func carried(sql string, tokens []sqltext.Token) int {
	depth, begun := 0, false
	for _, tok := range tokens {
		text := strings.ToUpper(tok.Text(sql))
		switch {
		case tok.Kind == sqltext.Comment:
		case !begun:
			begun = true // the verb itself
		case text == "(":
			depth++
		case text == ")":
			depth--
		case depth > 0 || tok.Kind != sqltext.Word:
		case text != "ANALYZE" && text != "VERBOSE":
			return tok.Start
		}
	}
	return -1
}

// refuseType returns the error for a kind of statement that the lake does not take, now that DuckDB has parsed it.
func refuseType(t duck.StatementType) error {
	switch t {
	case duck.StatementTypeCopy, duck.StatementTypeExport, duck.StatementTypeAttach, duck.StatementTypeDetach,
		duck.StatementTypeLoad, duck.StatementTypeExtension, bindings.StatementTypeCopyDatabase,
		bindings.StatementTypeUpdateExtensions:
		return &Error{Kind: KindPermission, Message: "this statement is not allowed: Tarn reads only the lake it was opened on"}
	}
	return nil
}
