package repl

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tarn/repl/render"
)

func (r *REPL) setFormat(_ context.Context, arg string) error {
	if arg == "" {
		return r.print("format is " + r.format.Name + "\n")
	}
	name, table, _ := strings.Cut(arg, " ") // .mode insert TABLE
	f, err := render.Lookup(name)
	if err != nil {
		return err
	}
	if table != "" && f.Name != "insert" {
		return fmt.Errorf("the format %s takes no argument; insert takes the name of a table", f.Name)
	}
	r.format, r.table = f, strings.TrimSpace(table)
	if r.expanded == expandedOn {
		r.expanded = expandedOff
	}
	return r.confirm("format is " + f.Name)
}

// option is one setting of \pset.
type option struct {
	name, alias string
	help        string
	get         func(r *REPL) string
	set         func(r *REPL, value string) error // of an empty value: turns it over, or back to the default
}

// options are the settings of \pset, in the order in which it lists them.
func options() []option {
	return []option{
		{"columns", "maxwidth", "cells of one column at most, in box; 0 is what the screen has", func(r *REPL) string { return strconv.Itoa(r.maxWidth) },
			func(r *REPL, v string) (err error) { r.maxWidth, err = atLeast(v, 0); return err }},
		{"expanded", "x", "each value on its own line: on, off, or auto for rows wider than the screen", func(r *REPL) string { return orDefault(r.expanded, expandedOff) }, setExpanded},
		{"fieldsep", "separator", "what stands between the fields of csv and tsv", func(r *REPL) string { return strconv.Quote(r.separator) },
			func(r *REPL, v string) error { r.separator = strings.ReplaceAll(v, `\t`, "\t"); return nil }},
		{"footer", "", "the line below a result: on or off", func(r *REPL) string { return onOff(!r.noFooter) },
			func(r *REPL, v string) error { return flip(&r.noFooter, v, false) }},
		{"format", "mode", "the format of results", func(r *REPL) string { return r.format.Name }, func(r *REPL, v string) error { return r.setFormat(context.Background(), v) }},
		{"header", "headers", "the names of the columns: on or off", func(r *REPL) string { return onOff(!r.noHeader) },
			func(r *REPL, v string) error { return flip(&r.noHeader, v, false) }},
		{"maxrows", "", "rows that box shows, from both ends; 0 is all", func(r *REPL) string { return strconv.Itoa(r.maxRows) }, setMaxRows},
		{"null", "nullvalue", "the sign for NULL in text formats but tsv, json, jsonl and insert", func(r *REPL) string { return r.nullText() }, setNull},
		{"pager", "", "a pager for what is longer than the screen: auto, on or off", func(r *REPL) string { return r.pager }, setPager},
		{"tuples_only", "t", "rows alone, without names and footer: on or off", func(r *REPL) string { return onOff(r.noHeader && r.noFooter) }, setTuplesOnly},
	}
}

func orDefault(v, otherwise string) string {
	if v == "" {
		return otherwise
	}
	return v
}

func onOff(v bool) string { return map[bool]string{true: "on", false: "off"}[v] }

// flip sets a switch that is kept as its value or, with as false, as its opposite; an empty value turns it over.
func flip(v *bool, value string, as bool) error {
	if value == "" {
		*v = !*v
		return nil
	}
	on, err := truth(value)
	if err != nil {
		return fmt.Errorf("on or off, not %q", value)
	}
	*v = on == as
	return nil
}

func atLeast(value string, least int) (int, error) {
	n, err := strconv.Atoi(value)
	if err != nil || n < least {
		return 0, fmt.Errorf("a number from %d on, not %q", least, value)
	}
	return n, nil
}

func setMaxRows(r *REPL, v string) error {
	if strings.EqualFold(v, "all") || v == "0" {
		r.maxRows = 0
		return nil
	}
	n, err := atLeast(v, 2)
	if err != nil {
		return fmt.Errorf("the number of rows is 2 or more, or all, not %q", v)
	}
	r.maxRows = n
	return nil
}

func setExpanded(r *REPL, v string) error {
	switch strings.ToLower(v) {
	case expandedAuto:
		r.expanded = expandedAuto
	case "":
		r.expanded = map[bool]string{true: expandedOff, false: expandedOn}[r.expanded == expandedOn]
	default:
		on, err := truth(v)
		if err != nil {
			return fmt.Errorf("expanded display is on, off or auto, not %q", v)
		}
		r.expanded = onOff(on)
	}
	return nil
}

func setNull(r *REPL, v string) error {
	r.null = &v
	return nil
}

func (r *REPL) nullText() string {
	if r.null == nil {
		return "the format's own"
	}
	return strconv.Quote(*r.null)
}

func setPager(r *REPL, v string) error {
	switch v = strings.ToLower(v); v {
	case pagerAuto, pagerOn, pagerOff:
		r.pager = v
	case "always":
		r.pager = pagerOn
	case "":
		r.pager = map[bool]string{true: pagerAuto, false: pagerOff}[r.pager == pagerOff]
	default:
		return fmt.Errorf("the pager is auto, on or off, not %q", v)
	}
	return nil
}

func setTuplesOnly(r *REPL, v string) error {
	only := r.noHeader && r.noFooter
	if err := flip(&only, v, true); err != nil {
		return err
	}
	r.noHeader, r.noFooter = only, only
	return nil
}

// pset shows all settings, or sets one.
func (r *REPL) pset(_ context.Context, arg string) error {
	words, err := r.arguments(arg)
	if err != nil {
		return err
	}
	if len(words) == 0 {
		var b strings.Builder
		for _, o := range options() {
			fmt.Fprintf(&b, "%-12s %-18s %s\n", o.name, o.get(r), o.help)
		}
		return r.print(b.String())
	}
	return r.setOption(words[0], strings.Join(words[1:], " "))
}

// setOption sets one setting by its name, and tells a person what it is now.
func (r *REPL) setOption(name, value string) error {
	var names []string
	for _, o := range options() {
		names = append(names, o.name)
		if name != o.name && (o.alias == "" || name != o.alias) {
			continue
		}
		if err := o.set(r, value); err != nil {
			return fmt.Errorf("\\pset %s: %w", o.name, err)
		}
		if o.name == "format" {
			return nil // it has said so
		}
		return r.confirm(o.name + " is " + o.get(r))
	}
	hint := "it is one of " + strings.Join(names, ", ")
	if near := nearest(name, names); near != "" {
		hint = "did you mean " + near + "? " + hint
	}
	return fmt.Errorf("there is no setting %s: %s", name, hint)
}

// setting returns the command that is another name for one setting.
func setting(name string) func(*REPL, context.Context, string) error {
	return func(r *REPL, _ context.Context, arg string) error {
		words, err := r.arguments(arg)
		if err != nil {
			return err
		}
		for _, o := range options() {
			shows := slices.Contains([]string{"maxrows", "columns", "null", "fieldsep"}, name)
			if o.name == name && len(words) == 0 && shows {
				return r.print(name + " is " + o.get(r) + "\n")
			}
		}
		return r.setOption(name, strings.Join(words, " "))
	}
}

func (r *REPL) setTiming(_ context.Context, arg string) error {
	if err := flip(&r.timing, arg, true); err != nil {
		return fmt.Errorf("timing is %w", err)
	}
	return r.confirm("timing is " + onOff(r.timing))
}

// confirm tells a person what a setting is now; scripts know what they set.
func (r *REPL) confirm(text string) error {
	if !r.interactive {
		return nil
	}
	return r.print(text + "\n")
}

// setVar sets a variable, or shows all.
func (r *REPL) setVar(_ context.Context, arg string) error {
	words, err := r.arguments(arg)
	if err != nil {
		return err
	}
	if len(words) == 0 {
		return r.print(r.variableLines())
	}
	return r.setVariable(words[0], strings.Join(words[1:], ""))
}

func (r *REPL) unsetVar(_ context.Context, arg string) error {
	if arg == "" {
		return fmt.Errorf(`name the variable: \unset NAME`)
	}
	delete(r.vars, arg)
	return nil
}
