package engine

import (
	"context"
	"testing"
	"time"
)

// TestReads checks what is said of the files that a statement read.
func TestReads(t *testing.T) {
	db, _ := openLake(t, map[string]string{"t/x1.csv": "id\n1\n", "t/x2.csv": "id\n2\n", "u.csv": "t\n1\n"})
	s := openSession(t, db)
	for _, c := range []struct {
		sql  string
		want Reads
		ok   bool
	}{
		{"select 1", Reads{}, false},
		{"select t from u", Reads{Files: 1, Of: 1, Bytes: 4}, true}, // t is a column there
		{"select id + 1 from t where id = 2", Reads{Files: 1, Of: 2, Bytes: 5}, true},
		{"select count(*) from t", Reads{Catalog: true}, true},
		{"select sum(id) from t", Reads{Files: 2, Of: 2, Bytes: 10}, true},
		{"select sum(id) from t", Reads{Kept: true}, true},
	} {
		rows, err := s.Query(context.Background(), c.sql)
		if err != nil {
			t.Fatal(err)
		}
		for {
			rec, err := rows.Next(context.Background())
			if err != nil {
				break
			}
			rec.Release()
		}
		if got, ok := rows.Reads(); got != c.want || ok != c.ok {
			t.Errorf("%s: got %+v %v, want %+v", c.sql, got, ok, c.want)
		}
		rows.Close()
	}
}

// TestProgress checks that a running statement says how far it is, by the rows it has read.
func TestProgress(t *testing.T) {
	db, _ := openLake(t, map[string]string{"t.csv": "id\n1\n"})
	s := openSession(t, db)
	if err := s.FollowProgress(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Query(context.Background(), "create temp table big as select range as id from range(1000000)"); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	done := make(chan struct{})
	go func() {
		defer close(done)
		if rows, err := s.Query(ctx, "select sum(sqrt(a.id) * b.id) from big a, big b where a.id % 3 < b.id"); err == nil {
			rows.Close()
		}
	}()
	var last Progress
	seen := 0
	for deadline := time.Now().Add(20 * time.Second); seen < 1; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("no progress was seen")
		}
		p, ok := s.Progress()
		if ok && p.Percent > last.Percent && p.Rows > 0 {
			seen++
		}
		if ok && p.Percent > 0 && (p.Percent < last.Percent || p.Percent > 100 || p.All > 0 && p.Rows > p.All) {
			t.Errorf("progress went from %+v to %+v", last, p)
		}
		if ok {
			last = p
		}
	}
	cancel()
	<-done
}
