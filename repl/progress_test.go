package repl

import (
	"testing"
	"time"

	"tarn/engine"
)

// TestProgressLine checks what is said of a statement's progress, and that speed and time left are not said while it stands still.
func TestProgressLine(t *testing.T) {
	var m meter
	for _, c := range []struct {
		p     engine.Progress
		after time.Duration
		width int
		want  string
	}{
		{engine.Progress{Percent: 0}, time.Second, 100, "running, 1.00 s"},
		{engine.Progress{Percent: -1}, 2 * time.Second, 100, "running, 2.00 s"},
		{engine.Progress{Percent: -1, Rows: 3_000_000}, 2 * time.Second, 100, "3.00 million rows, 1.50 million rows/s, 2.00 s"},
		{engine.Progress{Percent: 25, Files: 1, OfFiles: 4, Bytes: 4_000_000, Name: "a/b.csv"}, 2 * time.Second, 200,
			" 25 % █████░░░░░░░░░░░░░░░, 1 of 4 files, 4 MB, 2 MB/s, 2.00 s, about 6.00 s left, a/b.csv"},
		{engine.Progress{Percent: 25, Rows: 500_000, All: 2_000_000}, 2 * time.Second, 200,
			" 25 % █████░░░░░░░░░░░░░░░, 500,000 rows, 250,000 rows/s, 2.00 s, about 6.00 s left"},
		{engine.Progress{Percent: 50, Rows: 30_000_000}, 3 * time.Second, 200,
			" 50 % ██████████░░░░░░░░░░, 30.00 million rows, 10.00 million rows/s, 3.00 s, about 3.00 s left"},
		{engine.Progress{Percent: 50, Rows: 30_000_000}, 10 * time.Second, 200, " 50 % ██████████░░░░░░░░░░, 30.00 million rows, 10.00 s"},
		{engine.Progress{Percent: 50, Rows: 30_000_000}, 10 * time.Second, 40, " 50 % ██████████░░░░░░░░░░, 30.00 m…"},
	} {
		m.read(c.p, c.after)
		if got := m.line(c.width); got != c.want {
			t.Errorf("%+v: got %q, want %q", c.p, got, c.want)
		}
	}
}
