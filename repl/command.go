package repl

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"tarn/repl/complete"
	"tarn/repl/render"
)

// command is one command. The table of all of them is what runs, completes and explains them.
type command struct {
	name  string // psql's, or in psql's manner
	alias string // further names, with spaces between: DuckDB's, which begin with a dot
	args  string // as help shows them
	help  string
	run   func(r *REPL, ctx context.Context, arg string) error
	// complete finds how the argument may go on; nil if there is nothing to choose from.
	complete func(r *REPL, before string) complete.Candidates
}

// names returns all names of a command.
func (c command) names() []string { return append([]string{c.name}, strings.Fields(c.alias)...) }

// group is commands of one kind, under a heading of the help.
type group struct {
	title    string
	commands []command
}

// groups returns the table. It is no variable because help is in it and reads it.
func groups() []group {
	return []group{
		{"Queries", []command{
			{`\g`, "", "[FILE or | PROGRAM]", "run the statement before it, or the last one again; into a file in the format of its name, or a program", (*REPL).runBuffer, nil},
			{`\gx`, "", "[FILE or | PROGRAM]", "the same, each value on its own line", (*REPL).runBufferExpanded, nil},
			{`\gset`, "", "[PREFIX]", "run it and set a variable for each column of its one row", (*REPL).runBufferSet, nil},
			{`\gexec`, "", "", "run it, then each value of its result as a statement", (*REPL).runBufferExec, nil},
			{`\gdesc`, "", "", "say which columns it would return", (*REPL).runBufferDescribe, nil},
			{`\watch`, "", "[SECONDS] [c=TIMES]", "run it again and again, every 2 seconds, until Ctrl-C", (*REPL).watch, nil},
			{`\last`, ".last", "", "all rows of the last result; in SQL it is the relation _", (*REPL).showLast, nil},
			{`\chart`, ".chart", "[bar|line|hist|scatter] [COLUMN ...]", "draw the last result", (*REPL).chart, chartArg},
			{`\p`, `\print`, "", "show the statement before it, or the last one", (*REPL).printBuffer, nil},
			{`\r`, `\reset`, "", "forget the statement that is being typed", (*REPL).resetBuffer, nil},
		}},
		{"Tables", []command{
			{`\d`, "", "[TABLE]", "list tables; describe one: columns, files, rows, notices", (*REPL).describe, tableArg},
			{`\d+`, "", "[TABLE]", "the same with what the catalog knows of each column", (*REPL).describeMore, tableArg},
			{`\dt`, `\dt+ .tables`, "[PATTERN]", "list tables whose name, or schema.name, matches (* and ?)", (*REPL).listTables, tableArg},
			{`\dv`, "", "[PATTERN]", "list the session's views", (*REPL).listViews, nil},
			{`\dn`, ".schemas", "[PATTERN]", "list schemas", (*REPL).listSchemas, nil},
			{`\df`, ".functions", "[PATTERN]", "list functions", (*REPL).listFunctions, nil},
			{`\l`, `\list .databases`, "", "what the session is connected to, as a list of databases", (*REPL).listDatabases, nil},
			{`\ss`, ".summary", "TABLE", "every column: type, nulls, distinct values, least, greatest, distribution", (*REPL).summarize, tableArg},
			{`\files`, ".files", "TABLE", "the files of a table", (*REPL).listFiles, tableArg},
			{`\explain`, ".explain", "[TABLE]", "why tables, columns and types are as they are", (*REPL).explainCrawl, tableArg},
			{`\refresh`, ".refresh", "[TABLE]", "crawl the lake; read the files of a table again", (*REPL).refresh, tableArg},
			{`\schema`, ".schema", "[PATTERN]", "tables as CREATE TABLE would make them", (*REPL).showSchema, tableArg},
		}},
		{"Display", []command{
			{`\x`, ".expanded", "[on|off|auto]", "show each value on its own line", setting("expanded"), expandedArg},
			{`\format`, ".mode", "[FORMAT]", "show or set the format of results", (*REPL).setFormat, formatArg},
			{`\pset`, ".set", "[NAME [VALUE]]", "show or set how results are shown", (*REPL).pset, psetArg},
			{`\t`, "", "[on|off]", "rows alone, without names and footer", setting("tuples_only"), switchArg},
			{`\timing`, ".timer", "[on|off]", "say how long each statement takes", (*REPL).setTiming, switchArg},
			{`\maxrows`, ".maxrows", "[N|all]", "show at most N rows in box, from both ends", setting("maxrows"), nil},
			{`\maxwidth`, ".maxwidth", "[N]", "show at most N cells of a column in box; 0 is what the screen has", setting("columns"), nil},
			{`\nullvalue`, ".nullvalue", "[TEXT]", "the sign for NULL", setting("null"), nil},
			{`\headers`, ".headers .header", "[on|off]", "the names of the columns", setting("header"), switchArg},
			{`\f`, ".separator", "[TEXT]", "what stands between the fields of csv and tsv", setting("fieldsep"), nil},
			{`\pager`, ".pager", "[auto|on|off]", "a pager for what is longer than the screen", setting("pager"), pagerArg},
		}},
		{"Files and programs", []command{
			{`\o`, `\out .output`, "[FILE or | PROGRAM]", "send results there, from now on; back without argument", (*REPL).redirect, nil},
			{`\once`, ".once", "FILE or | PROGRAM", "send the next result there", (*REPL).redirectOnce, nil},
			{`\i`, `\include \ir .read`, "FILE", "run the statements in a file", (*REPL).include, nil},
			{`\copy`, "", "TABLE or (QUERY) to FILE [(OPTIONS)]", "write a table or a query's result to a file, stdout or a program", (*REPL).copyTo, nil},
			{`\!`, ".shell .system .sh", "COMMAND", "run a command of the shell", (*REPL).shell, nil},
			{`\history`, `\s .history`, "[N]", "the last statements typed", (*REPL).showHistory, nil},
			{`\cd`, ".cd", "[DIR]", "change the directory that files are looked for in", (*REPL).changeDirectory, nil},
		}},
		{"Variables", []command{
			{`\set`, "", "[NAME [VALUE]]", "show or set variables; in statements they are :name, :'name' and :\"name\"", (*REPL).setVar, nil},
			{`\unset`, "", "NAME", "forget a variable", (*REPL).unsetVar, nil},
			{`\echo`, ".print", "[TEXT]", "write text", (*REPL).echo, nil},
			{`\qecho`, "", "[TEXT]", "write text where results go", (*REPL).echoToOutput, nil},
			{`\warn`, "", "[TEXT]", "write text to the standard error", (*REPL).warn, nil},
			{`\if`, "", "CONDITION", "go on here only if it is true (on, yes, 1)", (*REPL).beginIf, nil},
			{`\elif`, "", "CONDITION", "or else here, if it is true", (*REPL).elseIf, nil},
			{`\else`, "", "", "or else here", (*REPL).elsePart, nil},
			{`\endif`, "", "", "the end of what depends on \\if", (*REPL).endIf, nil},
		}},
		{"General", []command{
			{`\open`, `\c \connect .open`, "DIR", "open another lake", (*REPL).openLake, nil},
			{`\conninfo`, "", "", "what the session is connected to", (*REPL).connInfo, nil},
			{`\?`, ".help", "[COMMAND]", "this help", (*REPL).showHelp, nil},
			{`\h`, `\help`, "[STATEMENT or FUNCTION]", "how a statement is written, or what a function does", (*REPL).explainSQL, nil},
			{`\q`, `\quit .quit .exit`, "", "quit, like exit, quit and Ctrl-D", quit, nil},
		}},
	}
}

// commands returns all commands.
func commands() []command {
	var out []command
	for _, g := range groups() {
		out = append(out, g.commands...)
	}
	return out
}

// bufferCommands run the statement that stands before them.
var bufferCommands = []string{`\g`, `\gx`, `\gset`, `\gexec`, `\gdesc`, `\watch`, `\p`, `\print`, `\r`, `\reset`}

// runsBuffer reports whether a command takes the statement before it.
func runsBuffer(text string) bool {
	name, _, _ := strings.Cut(text, " ")
	return slices.Contains(bufferCommands, commandName(name))
}

// commandName cuts a command from an argument that follows without a space: \!ls, \g|less.
func commandName(word string) string {
	for _, name := range []string{`\!`, `\g`, `\o`, `\?`} {
		if rest, ok := strings.CutPrefix(word, name); ok && (name == `\!` || strings.HasPrefix(rest, "|")) {
			return name
		}
	}
	return word
}

// buffer is the statement that a command is to run.
func (r *REPL) takeBuffer(it item, text string) query {
	switch {
	case it.buffer != "":
		return query{it.buffer, text, it.at}
	case strings.TrimSpace(r.pending) != "" && runsBuffer(it.text):
		q := query{strings.TrimSpace(r.pending), r.pending, len(r.pending) - len(strings.TrimLeft(r.pending, " \t\r\n"))}
		r.pending = ""
		return q
	}
	return query{sql: r.lastSQL, text: r.lastSQL}
}

// command runs a command.
func (r *REPL) command(ctx context.Context, it item, text string) error {
	word, _, _ := strings.Cut(it.text, " ")
	name := commandName(word)
	arg := strings.TrimSpace(it.text[len(name):])
	var names []string
	for _, c := range commands() {
		own := c.names()
		if !slices.Contains(own, name) {
			names = append(names, own...)
			continue
		}
		if arg != "" && c.args == "" {
			return fmt.Errorf("%s takes no argument", name)
		}
		r.buffer = r.takeBuffer(it, text)
		return c.run(r, ctx, arg)
	}
	hint := `\? lists all commands`
	if near := nearest(name, names); near != "" {
		hint = "did you mean " + near + "? " + hint
	}
	return fmt.Errorf("unknown command %s: %s", name, hint)
}

func quit(*REPL, context.Context, string) error { return errQuit }

// print writes text among the results.
func (r *REPL) print(text string) error {
	out := r.current()
	w, end := out.w, func() error { return nil }
	if out.terminal {
		w, end = r.page()
	}
	if _, err := w.Write([]byte(text)); err != nil {
		end() // the failure to write says more
		return outputFailure(err)
	}
	return outputFailure(end())
}

// completions finds how the line before the cursor may go on, with the text that the candidates count from.
func (r *REPL) completions(before, after string) (complete.Candidates, string) {
	if isCommand(before) || r.pending == "" && beginsCommand(strings.TrimLeft(before, " \t")) {
		return r.completeCommand(before), before
	}
	text := r.pending + before
	return complete.SQL(r.session.Snapshot(), text, after), text
}

func (r *REPL) completeCommand(before string) complete.Candidates {
	name, _, args := strings.Cut(strings.TrimLeft(before, " \t"), " ")
	var names []string
	for _, c := range commands() {
		own := c.names()
		if args && slices.Contains(own, name) && c.complete != nil {
			return c.complete(r, before)
		}
		names = append(names, own...)
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

func expandedArg(_ *REPL, before string) complete.Candidates {
	return complete.Words(before, []string{"on", "off", "auto"})
}

func pagerArg(_ *REPL, before string) complete.Candidates {
	return complete.Words(before, []string{"auto", "on", "off"})
}

func chartArg(_ *REPL, before string) complete.Candidates {
	return complete.Words(before, []string{"bar", "line", "hist", "scatter"})
}

func psetArg(r *REPL, before string) complete.Candidates {
	var names []string
	for _, o := range options() {
		if strings.Contains(before, " "+o.name+" ") {
			switch o.name {
			case "format":
				return formatArg(r, before)
			case "pager":
				return pagerArg(r, before)
			case "expanded":
				return expandedArg(r, before)
			}
			return switchArg(r, before)
		}
		names = append(names, o.name)
	}
	return complete.Words(before, names)
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

// formatLines lists the formats for the help.
func formatLines() string {
	var b strings.Builder
	for _, f := range render.Formats() {
		fmt.Fprintf(&b, "  %-24s %s\n", f.Name, f.Help)
	}
	return b.String()
}
