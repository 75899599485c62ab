package repl

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"tarn/catalog/sqltype"
	"tarn/engine/sqltext"
	"tarn/repl/render"
)

// redirect sends the results from now on to a file or program.
func (r *REPL) redirect(_ context.Context, arg string) error {
	target, _, err := r.target(arg)
	if err != nil {
		return err
	}
	return r.setOutput(target, false)
}

// redirectOnce sends the next result there.
func (r *REPL) redirectOnce(_ context.Context, arg string) error {
	target, _, err := r.target(arg)
	if err == nil && target == "" {
		err = errors.New(`name the file: \once FILE`)
	}
	if err != nil {
		return err
	}
	r.nextTarget = target
	return nil
}

// maxDepth is how deep files may include others.
const maxDepth = 32

// include runs the statements in a file.
func (r *REPL) include(ctx context.Context, arg string) error {
	words, err := r.arguments(arg)
	if err != nil {
		return err
	}
	if len(words) != 1 {
		return errors.New(`name one file: \i FILE`)
	}
	return r.runFile(ctx, expandHome(words[0]))
}

func (r *REPL) runFile(ctx context.Context, path string) error {
	if r.depth == maxDepth {
		return fmt.Errorf("%s: files include each other %d deep", path, maxDepth)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("read statements: %w", err)
	}
	pending, branches := r.pending, r.branches
	r.pending, r.branches = "", nil
	r.depth++
	err = r.endScript(r.exec(ctx, string(text)))
	r.depth--
	r.pending, r.branches = pending, branches
	return err
}

// RunFile runs a start-up file: its failures are reported, and keep nothing else from running. A file that is not there is none.
func (r *REPL) RunFile(ctx context.Context, path string) error {
	err := r.runFile(ctx, path)
	if errors.Is(err, os.ErrNotExist) || errors.Is(err, ErrFailed) {
		return nil
	}
	return err
}

func (r *REPL) shell(ctx context.Context, arg string) error {
	if arg == "" {
		arg = os.Getenv("SHELL")
	}
	cmd := exec.CommandContext(ctx, "sh", "-c", arg)
	cmd.Stdout, cmd.Stderr = r.out, r.err
	if r.editing {
		if in, ok := r.in.(*os.File); ok {
			cmd.Stdin = in
		}
	}
	err := cmd.Run()
	r.vars["SHELL_EXIT_CODE"] = fmt.Sprint(cmd.ProcessState.ExitCode())
	r.vars["SHELL_ERROR"] = fmt.Sprint(err != nil)
	var status *exec.ExitError
	if errors.As(err, &status) {
		r.tell("%s", status)
		return nil
	}
	return err
}

func (r *REPL) changeDirectory(_ context.Context, arg string) error {
	if arg == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return err
		}
		arg = home
	}
	return os.Chdir(expandHome(arg))
}

// showHistory writes the statements typed, the oldest first.
func (r *REPL) showHistory(_ context.Context, arg string) error {
	h, err := openHistory(r.history)
	if err != nil {
		return err
	}
	entries := h.entries
	if arg != "" {
		n, err := atLeast(arg, 1)
		if err != nil {
			return fmt.Errorf("how many statements: %w", err)
		}
		entries = entries[max(0, len(entries)-n):]
	}
	return r.print(strings.Join(entries, "\n") + strings.Repeat("\n", min(1, len(entries))))
}

func (r *REPL) echo(_ context.Context, arg string) error {
	words, err := r.arguments(arg)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(r.out, strings.Join(words, " "))
	return outputFailure(err)
}

func (r *REPL) echoToOutput(_ context.Context, arg string) error {
	words, err := r.arguments(arg)
	if err != nil {
		return err
	}
	return r.print(strings.Join(words, " ") + "\n")
}

func (r *REPL) warn(_ context.Context, arg string) error {
	words, err := r.arguments(arg)
	if err == nil {
		r.tell("%s", strings.Join(words, " "))
	}
	return err
}

const copyUsage = `write \copy TABLE to FILE or \copy (QUERY) to FILE, with (format NAME, header on|off, delimiter 'C', null 'TEXT') behind it`

// copyTo writes a table or query as psql's \copy does.
func (r *REPL) copyTo(ctx context.Context, arg string) error {
	c, err := parseCopy(r.interpolate(arg))
	if err != nil {
		return err
	}
	d := delivery{format: &c.format, options: &c.options, to: &output{w: r.out, name: "the standard output", terminal: false}}
	if c.target != "" {
		if d.to, err = r.openOutput(c.target, true); err != nil {
			return err
		}
	}
	err = r.statement(ctx, query{sql: c.sql}, d)
	if e := d.to.close(err != nil); err == nil && e != nil {
		err = fmt.Errorf("end the output to %s: %w", d.to.name, e)
	}
	if err == nil {
		return r.confirm("COPY " + r.vars["ROW_COUNT"])
	}
	return err
}

// copying is what \copy is to do.
type copying struct {
	sql     string
	target  string // a file, or with | a program; empty is the standard output
	format  render.Format
	options render.Options
}

func parseCopy(arg string) (c copying, err error) {
	tokens := sqltext.Tokens(arg)
	depth, to := 0, -1
	for i, t := range tokens {
		switch text := strings.ToUpper(t.Text(arg)); {
		case text == "(":
			depth++
		case text == ")":
			depth--
		case depth == 0 && t.Kind == sqltext.Word && text == "FROM":
			return c, errors.New(`\copy ... from is not possible: the lake is read-only. Put the file into the lake's folder`)
		case depth == 0 && t.Kind == sqltext.Word && text == "TO" && to < 0:
			to = i
		}
	}
	if to < 1 || to+1 >= len(tokens) {
		return c, errors.New(copyUsage)
	}
	if what := strings.TrimSpace(arg[:tokens[to].Start]); strings.HasPrefix(what, "(") && strings.HasSuffix(what, ")") {
		c.sql = strings.TrimSpace(what[1 : len(what)-1])
	} else if at := strings.IndexByte(what, '('); at > 0 {
		c.sql = "SELECT " + strings.TrimSuffix(what[at+1:], ")") + " FROM " + what[:at]
	} else {
		c.sql = "SELECT * FROM " + what
	}
	rest := tokens[to+1:]
	first := rest[0].Text(arg)
	end := rest[0].End
	switch {
	case strings.EqualFold(first, "stdout") || strings.EqualFold(first, "pstdout"):
	case strings.EqualFold(first, "program") && len(rest) > 1 && rest[1].Kind == sqltext.String:
		c.target, end = "|"+unquote(rest[1].Text(arg)), rest[1].End
	case rest[0].Kind == sqltext.String:
		c.target = unquote(first)
	default: // a path without quotes, to the next space
		path, _, _ := strings.Cut(arg[rest[0].Start:], " ")
		c.target, end = path, rest[0].Start+len(path)
	}
	return c, c.readOptions(arg[end:])
}

func unquote(text string) string {
	return strings.ReplaceAll(strings.Trim(text, "'"), "''", "'")
}

// readOptions reads what stands behind the file. Without a format, the file's name says it; a file that says nothing gets the text that psql writes.
func (c *copying) readOptions(text string) error {
	f, known := render.ForFile(c.target)
	if !known {
		f, c.options.NoHeader = mustFormat("tsv"), true
	}
	c.format = f
	tokens := sqltext.Tokens(text)
	value := func(i int) string {
		if i+1 >= len(tokens) {
			return ""
		}
		return unquote(tokens[i+1].Text(text))
	}
	for i := 0; i < len(tokens); i++ {
		word := strings.ToLower(tokens[i].Text(text))
		switch word {
		case "(", ")", ",", "with", "as":
		case "format":
			if err := c.setFormat(value(i)); err != nil {
				return err
			}
			i++
		case "csv", "text":
			if err := c.setFormat(word); err != nil {
				return err
			}
		case "header":
			c.options.NoHeader = false
			if on, err := truth(value(i)); err == nil {
				c.options.NoHeader = !on
				i++
			}
		case "delimiter":
			c.options.Separator = value(i)
			i++
		case "null":
			sign := value(i)
			c.options.Null = &sign
			i++
		default:
			return fmt.Errorf("\\copy does not know %q: %s", tokens[i].Text(text), copyUsage)
		}
	}
	return nil
}

// setFormat chooses a format by its name; csv and text are psql's, which have no names of columns unless HEADER asks for them.
func (c *copying) setFormat(name string) error {
	if strings.EqualFold(name, "text") {
		name = "tsv"
	}
	f, err := render.Lookup(name)
	c.format, c.options.NoHeader = f, f.Name == "csv" || f.Name == "tsv"
	return err
}

// absolute is a path for messages.
func absolute(path string) string {
	if full, err := filepath.Abs(path); err == nil {
		return full
	}
	return path
}

// quotedTable is a table's name as SQL.
func quotedTable(schema, name string) string {
	return sqltype.QuoteName(schema) + "." + sqltype.QuoteName(name)
}
