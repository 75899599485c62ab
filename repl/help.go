package repl

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"tarn/catalog/sqltype"
	"tarn/repl/render"
)

// showHelp lists the commands, the settings and the formats, or explains one command.
func (r *REPL) showHelp(_ context.Context, arg string) error {
	if arg != "" {
		return r.explainCommand(arg)
	}
	var b strings.Builder
	b.WriteString("Statements end with a semicolon. Tab completes names, Ctrl-C cancels.\n")
	for _, g := range groups() {
		b.WriteString("\n" + g.title + ":\n\n")
		for _, c := range g.commands {
			b.WriteString(helpLine(c))
		}
	}
	b.WriteString("\nStatements beside DuckDB's SQL:\n\n")
	for _, s := range statements {
		if s.own {
			fmt.Fprintf(&b, "  %-34s %s\n", s.syntax, s.help)
		}
	}
	b.WriteString("\nSettings of \\pset:\n\n")
	for _, o := range options() {
		fmt.Fprintf(&b, "  %-34s %s\n", o.name, o.help)
	}
	b.WriteString("\nFormats:\n\n")
	for _, f := range render.Formats() {
		fmt.Fprintf(&b, "  %-34s %s\n", f.Name, f.Help)
	}
	return r.print(b.String())
}

// helpLine is a command's line in the help, with all its names; a long one has its explanation on a line of its own.
func helpLine(c command) string {
	left := strings.TrimSpace(strings.Join(c.names(), ", ") + " " + c.args)
	if render.Width(left) <= 34 {
		return fmt.Sprintf("  %-34s %s\n", left, c.help)
	}
	return fmt.Sprintf("  %s\n  %-34s %s\n", left, "", c.help)
}

// explainCommand writes the help of one command, named with or without what it begins with.
func (r *REPL) explainCommand(name string) error {
	var all []string
	for _, c := range commands() {
		for _, n := range c.names() {
			if n == name || strings.TrimLeft(n, `\.`) == name {
				return r.print(helpLine(c))
			}
			all = append(all, n)
		}
	}
	hint := `\? lists all commands`
	if near := nearest(name, all); near != "" {
		hint = "did you mean " + near + "? " + hint
	}
	return fmt.Errorf("there is no command %s: %s", name, hint)
}

// statementHelp is how one kind of statement is written.
type statementHelp struct {
	name, syntax, help string
	own                bool // Tarn's, not DuckDB's
}

// statements are those that a lake takes.
var statements = []statementHelp{
	{"SELECT", "[WITH name AS (query), ...] SELECT [DISTINCT] columns [FROM tables] [WHERE condition] [GROUP BY columns | ALL] " +
		"[HAVING condition] [QUALIFY condition] [ORDER BY columns | ALL] [LIMIT n] [OFFSET n]", "rows of tables; * EXCLUDE (c) and * REPLACE (e AS c) change what * means", false},
	{"FROM", "FROM table [SELECT columns] [WHERE condition] ...", "a SELECT that begins with its table; without SELECT, all columns", false},
	{"VALUES", "VALUES (v, ...), ...", "rows that are written down", false},
	{"SUMMARIZE", "SUMMARIZE table | SUMMARIZE query", "each column with its least, greatest, distinct values and quartiles", false},
	{"DESCRIBE", "DESCRIBE table | DESCRIBE query", "columns and their types", false},
	{"SHOW", "SHOW TABLES | SHOW setting", "tables, or the value of a setting", false},
	{"PIVOT", "PIVOT table ON column USING aggregate(c) [GROUP BY columns]", "values of a column become columns", false},
	{"UNPIVOT", "UNPIVOT table ON columns INTO NAME n VALUE v", "columns become rows", false},
	{"EXPLAIN", "EXPLAIN [ANALYZE] query", "the plan, with the files that are read and why not the others; with ANALYZE, what it cost", false},
	{"CREATE", "CREATE [OR REPLACE] TEMP TABLE name AS query | CREATE TEMP VIEW name AS query", "tables and views that last for the session", false},
	{"INSERT", "INSERT INTO temporary_table VALUES (...), ... | query", "rows for a table of the session", false},
	{"DROP", "DROP TABLE name | DROP VIEW name", "ends a table or view of the session", false},
	{"SET", "SET setting = value | RESET setting", "settings of the session, e.g. TimeZone", false},
	{"BEGIN", "BEGIN; statements; COMMIT", "several statements that see the same state of the lake", false},
	{"REFRESH", "REFRESH [TABLE NAME]", "crawl the lake; read the files of a table again", true},
	{"WARM", "WARM [TABLE NAME] [WITH PARQUET]", "make the columnar copies of text files now", true},
	{"CRAWL", "EXPLAIN CRAWL [NAME]", "say why tables, columns and types are as they are", true},
}

// explainSQL says how a statement is written, or what functions of a name do.
func (r *REPL) explainSQL(ctx context.Context, arg string) error {
	if strings.HasPrefix(arg, `\`) || strings.HasPrefix(arg, ".") {
		return r.explainCommand(arg)
	}
	var names []string
	for _, s := range statements {
		names = append(names, s.name)
	}
	if arg == "" {
		return r.print("\\h STATEMENT says how it is written, \\h FUNCTION what it does, \\? lists the commands.\nStatements: " + strings.Join(names, ", ") + "\n")
	}
	words := strings.Fields(strings.ToUpper(arg))
	for i := len(words) - 1; i >= 0; i-- { // EXPLAIN CRAWL is CRAWL
		if at := slices.Index(names, words[i]); at >= 0 {
			return r.print(statements[at].syntax + "\n  " + statements[at].help + "\n")
		}
	}
	defer r.beside()()
	name := strings.ToLower(strings.TrimRight(arg, "()"))
	c := &collector{most: 1000}
	sql := "SELECT DISTINCT function_name || '(' || array_to_string(list_transform(parameters, (p, i) -> p || coalesce(' ' || parameter_types[i], '')), ', ') || ')' || " +
		"coalesce(' → ' || return_type, ''), coalesce(description, ''), coalesce(array_to_string(examples, '; '), '') FROM duckdb_functions() WHERE function_name = " +
		sqltype.QuoteText(name) + " ORDER BY ALL"
	if err := r.statement(ctx, query{sql: sql, text: sql}, delivery{writer: c}); err != nil {
		return err
	}
	if len(c.rows) == 0 {
		hint := `\df lists functions, \h statements, \? commands`
		if near := nearest(arg, names); near != "" {
			hint = "did you mean " + near + "? " + hint
		}
		return fmt.Errorf("nothing is known of %s: %s", arg, hint)
	}
	return r.print(functionHelp(c.rows))
}

// functionHelp writes each signature, and a description where it differs from the one before.
func functionHelp(rows [][]*string) string {
	var b strings.Builder
	said := ""
	for _, row := range rows {
		b.WriteString(*row[0] + "\n")
		for i, label := range []string{"  ", "  for example "} {
			if text := *row[i+1]; text != "" && !strings.Contains(said, text) {
				b.WriteString(label + render.Visible(text) + "\n")
				said += text
			}
		}
	}
	return b.String()
}
