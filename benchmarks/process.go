package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// finished is a process that ran to its end.
type finished struct {
	wall   time.Duration
	memory int64 // bytes resident at most
	out    []byte
}

// execute runs a process to its end. Its start and its output are part of the time, as they are for a user.
func execute(ctx context.Context, stdin string, args ...string) (finished, error) {
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	var out, said bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(stdin), &out, &said
	cmd.WaitDelay = time.Second
	start := time.Now()
	err := cmd.Run()
	f := finished{wall: time.Since(start), out: out.Bytes()}
	if ctx.Err() != nil {
		return f, context.Cause(ctx)
	}
	if err != nil {
		return f, fmt.Errorf("%s: %w: %s", short(strings.Join(args, " ")), err, tail(said.String()))
	}
	f.memory = peakMemory(cmd.ProcessState)
	return f, nil
}

// must runs a step of the preparations, telling on w that it takes its time.
func must(ctx context.Context, w io.Writer, what string, args ...string) error {
	fmt.Fprintln(w, what)
	if _, err := execute(ctx, "", args...); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

// highWater returns the most bytes a running process had resident, or 0 where the system does not tell.
func highWater(pid int) int64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	return parseHighWater(string(text))
}

func parseHighWater(status string) int64 {
	for line := range strings.Lines(status) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kb, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "kB")), 10, 64)
			if err == nil {
				return kb * 1024
			}
		}
	}
	return 0
}

// short cuts long texts for messages.
func short(s string) string {
	if len(s) > 300 {
		return s[:300] + "..."
	}
	return s
}

// tail returns the end of what a program said, on one line: the cause is mostly there.
func tail(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if len(s) > 400 {
		return "..." + s[len(s)-400:]
	}
	return s
}
