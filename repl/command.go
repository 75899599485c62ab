package repl

import (
	"context"
	"fmt"
	"strings"

	"tarn/repl/complete"
	"tarn/repl/render"
)

// command is one backslash command. The table of all of them is what runs, completes and explains them.
type command struct {
	name, alias string
	args        string // as help shows them
	help        string
	run         func(r *REPL, ctx context.Context, arg string) error
	// complete finds how the argument may go on; nil if there is nothing to choose from.
	complete func(r *REPL, before string) complete.Candidates
}

// commands returns the table. It is no variable because help is in it and reads it.
func commands() []command {
	return []command{
		{`\d`, "", "[TABLE]", "list tables; describe one: columns, files, rows, notices", (*REPL).describe, tableArg},
		{`\dt`, "", "[PATTERN]", "list tables whose name, or schema.name, matches (* and ?)", (*REPL).listTables, tableArg},
		{`\format`, "", "[FORMAT]", "show or set the format of results", (*REPL).setFormat, formatArg},
		{`\pset`, "", "format FORMAT", "the same, as psql spells it", (*REPL).pset, psetArg},
		{`\x`, "", "[on|off]", "show each value on its own line", (*REPL).setExpanded, switchArg},
		{`\timing`, "", "[on|off]", "say how long each statement takes", (*REPL).setTiming, switchArg},
		{`\maxrows`, "", "[N|all]", "show at most N rows in box, from both ends", (*REPL).setMaxRows, nil},
		{`\?`, `\h`, "", "this help", (*REPL).showHelp, nil},
		{`\q`, `\quit`, "", "quit, like exit, quit and Ctrl-D", quit, nil},
	}
}

// command runs a backslash command.
func (r *REPL) command(ctx context.Context, line string) error {
	name, arg, _ := strings.Cut(line, " ")
	name, arg = strings.TrimSpace(name), strings.TrimSpace(arg)
	var names []string
	for _, c := range commands() {
		if name != c.name && (c.alias == "" || name != c.alias) {
			names = append(names, c.name)
			continue
		}
		if arg != "" && c.args == "" {
			return fmt.Errorf("%s takes no argument", name)
		}
		return c.run(r, ctx, arg)
	}
	hint := `\? lists all commands`
	if near := nearest(name, names); near != "" {
		hint = "did you mean " + near + "? " + hint
	}
	return fmt.Errorf("unknown command %s: %s", name, hint)
}

// catalogStatements are the statements that DuckDB does not have, for the help.
var catalogStatements = [][2]string{
	{"REFRESH [TABLE NAME]", "crawl the lake; read the files of a table again"},
	{"EXPLAIN CRAWL [NAME]", "say why tables, columns and types are as they are"},
}

func quit(*REPL, context.Context, string) error { return errQuit }

// showHelp lists the commands and the formats.
func (r *REPL) showHelp(context.Context, string) error {
	var b strings.Builder
	b.WriteString("Statements end with a semicolon. Tab completes names, Ctrl-C cancels.\n\n")
	for _, c := range commands() {
		name := c.name
		if c.alias != "" {
			name += ", " + c.alias
		}
		fmt.Fprintf(&b, "  %-24s %s\n", strings.TrimSpace(name+" "+c.args), c.help)
	}
	b.WriteString("\nStatements beside DuckDB's SQL:\n\n")
	for _, s := range catalogStatements {
		fmt.Fprintf(&b, "  %-24s %s\n", s[0], s[1])
	}
	b.WriteString("\nFormats:\n\n")
	for _, f := range render.Formats() {
		fmt.Fprintf(&b, "  %-24s %s\n", f.Name, f.Help)
	}
	return r.print(b.String())
}

// print writes text among the results.
func (r *REPL) print(text string) error {
	if _, err := r.out.Write([]byte(text)); err != nil {
		return &outputError{err}
	}
	return nil
}

// completions finds how the line before the cursor may go on, with the text that the candidates count from.
func (r *REPL) completions(before, after string) (complete.Candidates, string) {
	if isCommand(before) {
		return r.completeCommand(before), before
	}
	text := r.pending + before
	return complete.SQL(r.session.Snapshot(), text, after), text
}

func (r *REPL) completeCommand(before string) complete.Candidates {
	name, _, args := strings.Cut(strings.TrimLeft(before, " \t"), " ")
	var names []string
	for _, c := range commands() {
		if args && (name == c.name || name == c.alias) && c.complete != nil {
			return c.complete(r, before)
		}
		names = append(names, c.name)
	}
	if args {
		return complete.Candidates{Start: len(before)}
	}
	return complete.Words(before, names)
}

func tableArg(r *REPL, before string) complete.Candidates {
	return complete.Tables(r.session.Snapshot(), before)
}

func formatArg(_ *REPL, before string) complete.Candidates { return complete.Words(before, Formats()) }

func switchArg(_ *REPL, before string) complete.Candidates {
	return complete.Words(before, []string{"on", "off"})
}

func psetArg(r *REPL, before string) complete.Candidates {
	if strings.Contains(before, " format ") {
		return formatArg(r, before)
	}
	return complete.Words(before, []string{"format"})
}

// nearest returns the name that differs least from word, if it differs little.
func nearest(word string, names []string) string {
	best, at := "", 3
	for _, n := range names {
		if d := distance(strings.ToLower(word), strings.ToLower(n)); d < at && d < len(n) {
			best, at = n, d
		}
	}
	return best
}

// distance counts the letters to insert, drop or change to make b of a (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		corner := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := corner
			if a[i] != b[j] {
				change++
			}
			corner = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
