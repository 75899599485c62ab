package repl

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// branch is one \if that has not ended.
type branch struct {
	outer  bool // the text around it runs
	taken  bool // one of its parts has run, or runs
	active bool // this part runs
	closed bool // \else was there
}

// skipping reports whether what comes is within a part of an \if that does not run.
func (r *REPL) skipping() bool {
	return len(r.branches) > 0 && !r.branches[len(r.branches)-1].active
}

// isBranching reports whether a command is one of those that end skipping.
func isBranching(text string) bool {
	name, _, _ := strings.Cut(text, " ")
	return name == `\if` || name == `\elif` || name == `\else` || name == `\endif`
}

// truth reads a condition.
func truth(arg string) (bool, error) {
	switch strings.ToLower(strings.TrimSpace(arg)) {
	case "true", "on", "yes", "1", "t", "y":
		return true, nil
	case "false", "off", "no", "0", "f", "n":
		return false, nil
	}
	return false, fmt.Errorf("the condition is true or false, on or off, 1 or 0, not %q", arg)
}

func (r *REPL) beginIf(_ context.Context, arg string) error {
	b := branch{outer: !r.skipping()}
	r.branches = append(r.branches, b)
	return r.enter(arg)
}

func (r *REPL) elseIf(_ context.Context, arg string) error {
	if err := r.part(`\elif`); err != nil {
		return err
	}
	return r.enter(arg)
}

// enter begins a part that runs if its condition holds and no other part has run.
func (r *REPL) enter(arg string) error {
	b := &r.branches[len(r.branches)-1]
	b.active = false
	if !b.outer || b.taken {
		return nil
	}
	words, err := r.arguments(arg)
	if err != nil {
		return err
	}
	holds, err := truth(strings.Join(words, " "))
	b.active, b.taken = holds, holds
	return err
}

func (r *REPL) elsePart(context.Context, string) error {
	if err := r.part(`\else`); err != nil {
		return err
	}
	b := &r.branches[len(r.branches)-1]
	b.active, b.closed = b.outer && !b.taken, true
	b.taken = true
	return nil
}

// part checks that a part may follow.
func (r *REPL) part(name string) error {
	if len(r.branches) == 0 {
		return fmt.Errorf(`%s without \if`, name)
	}
	if r.branches[len(r.branches)-1].closed {
		return fmt.Errorf(`%s behind \else`, name)
	}
	return nil
}

func (r *REPL) endIf(context.Context, string) error {
	if len(r.branches) == 0 {
		return errors.New(`\endif without \if`)
	}
	r.branches = r.branches[:len(r.branches)-1]
	return nil
}
