package repl

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// pseudoTerminal opens both ends of a terminal of 100 columns and 30 lines.
func pseudoTerminal(tb testing.TB) (keyboard, terminal *os.File) {
	keyboard, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		tb.Skip("no pseudo-terminals: ", err)
	}
	tb.Cleanup(func() { keyboard.Close() })
	fd := int(keyboard.Fd())
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		tb.Fatal(err)
	}
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		tb.Fatal(err)
	}
	if err := unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: 30, Col: 100}); err != nil {
		tb.Fatal(err)
	}
	terminal, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { terminal.Close() })
	return keyboard, terminal
}

// BenchmarkKey is the time from a key to the screen, through a terminal, in a statement of some lines. The target is less than 5 ms for 500.
func BenchmarkKey(b *testing.B) {
	for _, lines := range []int{1, 30, 500} {
		b.Run(fmt.Sprintf("%d lines", lines), func(b *testing.B) {
			keyboard, terminal := pseudoTerminal(b)
			r, err := New(&fakeSession{}, Options{In: terminal, Out: terminal, Err: terminal, Interactive: true, Format: "box", Color: "always"})
			if err != nil {
				b.Fatal(err)
			}
			b.Setenv("TERM", "xterm")
			in, err := r.newReader()
			if err != nil {
				b.Fatal(err)
			}
			defer in.Close()
			go in.Read("")
			seen := make([]byte, 1<<16)
			until := func(mark string) {
				for tail := []byte(nil); ; {
					n, err := keyboard.Read(seen)
					if err != nil {
						b.Fatal(err)
					}
					if tail = append(tail, seen[:n]...); bytes.Contains(tail, []byte(mark)) {
						return
					}
				}
			}
			const drawn = "\x1b[?25h"
			until("tarn> ")
			fmt.Fprint(keyboard, "\x1b[200~"+strings.Repeat("select a, 'b 日本' from c where d = 1\n", lines)+"last\x1b[201~")
			until("last")
			for i := 0; b.Loop(); i++ {
				keyboard.Write([]byte{byte('a' + i%26)})
				until(drawn)
				if i%60 == 59 {
					keyboard.Write([]byte{0x15})
					until(drawn)
				}
			}
		})
	}
}
