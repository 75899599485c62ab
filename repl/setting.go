package repl

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"tarn/repl/render"
)

func (r *REPL) setFormat(_ context.Context, arg string) error {
	if arg == "" {
		return r.print("format is " + r.format.Name + "\n")
	}
	f, err := render.Lookup(arg)
	if err != nil {
		return err
	}
	r.format, r.expanded = f, false
	return r.confirm("format is " + f.Name)
}

func (r *REPL) pset(ctx context.Context, arg string) error {
	name, value, _ := strings.Cut(arg, " ")
	if name != "format" {
		return fmt.Errorf(`\pset knows only format, not %q`, name)
	}
	return r.setFormat(ctx, strings.TrimSpace(value))
}

func (r *REPL) setTiming(_ context.Context, arg string) error {
	return r.toggle("timing", &r.timing, arg)
}

func (r *REPL) setExpanded(_ context.Context, arg string) error {
	return r.toggle("expanded display", &r.expanded, arg)
}

// toggle sets a switch to on or off, or turns it over.
func (r *REPL) toggle(name string, v *bool, arg string) error {
	switch strings.ToLower(arg) {
	case "":
		*v = !*v
	case "on", "true", "1":
		*v = true
	case "off", "false", "0":
		*v = false
	default:
		return fmt.Errorf("%s is on or off, not %q", name, arg)
	}
	return r.confirm(name + " is " + map[bool]string{true: "on", false: "off"}[*v])
}

func (r *REPL) setMaxRows(_ context.Context, arg string) error {
	switch n, err := strconv.Atoi(arg); {
	case arg == "":
	case strings.EqualFold(arg, "all"):
		r.maxRows = 0
	case err != nil || n < 2:
		return fmt.Errorf("the number of rows is 2 or more, or all, not %q", arg)
	default:
		r.maxRows = n
	}
	if r.maxRows == 0 {
		return r.confirm("box shows all rows")
	}
	return r.confirm("box shows at most " + render.Count(int64(r.maxRows), "row"))
}

// confirm tells a person what a setting is now; scripts know what they set.
func (r *REPL) confirm(text string) error {
	if !r.interactive {
		return nil
	}
	return r.print(text + "\n")
}
