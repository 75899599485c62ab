package main

import (
	"testing"
	"time"
)

func TestStatusText(t *testing.T) {
	for _, c := range []struct {
		done, total int
		bytes       int64
		want        string
	}{
		{3, 0, 0, "crawl: 3 files"},
		{25, 100, 2_000_000, "crawl: 25 %, 25 of 100 files, 2 MB, 1 MB/s, about 6s left"},
		{100, 100, 0, "crawl: 100 %, 100 of 100 files"},
	} {
		if got := statusText("crawl", c.done, c.total, c.bytes, 2*time.Second); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}
