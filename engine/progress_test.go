package engine

import (
	"context"
	"sync/atomic"
	"testing"
	"time"
)

// TestProgressOfFiles checks what a session says while REFRESH and WARM run, and that it no longer says it afterwards.
func TestProgressOfFiles(t *testing.T) {
	db, _ := openLake(t, map[string]string{"a.csv": "n\n1\n", "b/c.csv": "m\n2\n"})
	s := openSession(t, db)
	hear, end := s.tellWarm()
	if p, ok := s.Progress(); !ok || p.Percent >= 0 {
		t.Errorf("before the first file: %+v, %v", p, ok)
	}
	hear(WarmProgress{Table: "t", Done: 1, Total: 4})
	if p, _ := s.Progress(); p != (Progress{Percent: 25, Files: 1, OfFiles: 4, Name: "t"}) {
		t.Errorf("got %+v", p)
	}
	end()
	end = s.tellCrawl()
	if _, ok := s.Progress(); ok {
		t.Error("a crawl that does not run has progress")
	}
	end()
	for _, sql := range []string{"REFRESH", "WARM"} {
		answer(s, sql)
		if s.ownProgress.Load() != nil {
			t.Errorf("%s still tells of itself", sql)
		}
	}
}

// TestCrawling checks that a crawl that runs can be asked how far it is.
func TestCrawling(t *testing.T) {
	db, _ := openLake(t, map[string]string{"a.csv": "n\n1\n"})
	s := openSession(t, db)
	end := s.tellCrawl()
	defer end()
	var seen atomic.Bool
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			select {
			case <-stop:
				return
			default:
				if _, now := s.Progress(); now {
					seen.Store(true)
				}
			}
		}
	}()
	for begun := time.Now(); !seen.Load() && time.Since(begun) < time.Minute; { // a busy machine may run the other too seldom
		if _, err := db.cat.Refresh(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	close(stop)
	<-stopped
	if !seen.Load() {
		t.Error("no crawl was seen")
	}
}
