package server

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

var (
	stressSessions = flag.Int("stress.sessions", 6, "sessions of TestStress")
	stressActs     = flag.Int("stress.acts", 25, "what each session of TestStress does")
	stressSeed     = flag.Uint64("stress.seed", 1, "seed of TestStress")
)

// The lake of TestStress: fixed has the numbers from 0, some in each file, and each file of moving has so many rows of one number as
// that says.
const (
	stressFiles = 6
	stressRows  = 50
	stressMoves = 4
)

// visitor is one of the sessions, and what it has left in it.
type visitor struct {
	ctx  context.Context
	c    *pgx.Conn
	r    *rand.Rand
	id   int
	mine int // rows of its temporary table; -1 if there is none
}

// one asks for one row as texts, and checks it.
func (v *visitor) one(want, sql string, args ...any) error {
	rows, err := v.c.Query(v.ctx, sql, args...)
	if err != nil {
		return fmt.Errorf("%s: %w", sql, err)
	}
	got, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (string, error) {
		values, err := row.Values()
		return strings.Trim(fmt.Sprint(values), "[]"), err
	})
	if text := strings.Join(got, ";"); err != nil || text != want {
		return fmt.Errorf("%s %v: got %q, want %q: %w", sql, args, text, want, err)
	}
	return nil
}

// all runs statements without rows.
func (v *visitor) all(sql ...string) error {
	for _, s := range sql {
		if _, err := v.c.Exec(v.ctx, s); err != nil {
			var e *pgconn.PgError
			if errors.As(err, &e) {
				return fmt.Errorf("%s: %w (%s) %s", s, err, e.Detail, e.Hint)
			}
			return fmt.Errorf("%s: %w", s, err)
		}
	}
	return nil
}

// span is a random part of the table fixed: its ends, how many numbers it has, and their sum.
func (v *visitor) span() (low, high, count, sum int) {
	low = v.r.IntN(stressFiles * stressRows)
	high = low + v.r.IntN(stressFiles*stressRows-low)
	return low, high, high - low + 1, (low + high) * (high - low + 1) / 2
}

// stressActions are what sessions do. An error is a fault.
var stressActions = map[string]func(v *visitor) error{
	"prepared": func(v *visitor) error {
		low, high, count, sum := v.span()
		return v.one(fmt.Sprint(count, sum), "SELECT count(id), sum(id)::bigint FROM fixed WHERE id BETWEEN $1 AND $2", low, high)
	},
	"execute": func(v *visitor) error {
		low, high, count, sum := v.span()
		err := v.all("PREPARE p (int, int) AS SELECT count(id), sum(id)::bigint FROM fixed WHERE id BETWEEN $1 AND $2")
		if err == nil {
			err = v.one(fmt.Sprint(count, sum), fmt.Sprintf("EXECUTE p(%d, %d)", low, high))
		}
		if e := v.all("DEALLOCATE p"); err == nil {
			err = e
		}
		return err
	},
	"macro": func(v *visitor) error { // each session has another one of the name
		low, high, count, sum := v.span()
		if err := v.all(fmt.Sprintf("CREATE OR REPLACE TEMP MACRO part(n) AS TABLE SELECT id, %d AS who FROM fixed WHERE id BETWEEN n AND %d", v.id, high)); err != nil {
			return err
		}
		return v.one(fmt.Sprint(count, sum, v.id), fmt.Sprintf("SELECT count(id), sum(id)::bigint, max(who) FROM part(%d)", low))
	},
	"cursor": func(v *visitor) error {
		low, high, count, _ := v.span()
		if err := v.all("BEGIN", fmt.Sprintf("DECLARE c SCROLL CURSOR FOR SELECT id FROM fixed WHERE id BETWEEN %d AND %d ORDER BY id", low, high)); err != nil {
			return err
		}
		first, last := fmt.Sprint(low), fmt.Sprint(high)
		if err := v.one(first, "FETCH 1 FROM c"); err != nil {
			return err
		}
		if err := v.all(fmt.Sprintf("MOVE ABSOLUTE %d FROM c", count-1)); err != nil {
			return err
		}
		if err := v.one(last, "FETCH NEXT FROM c"); err != nil {
			return err
		}
		return v.all([]string{"COMMIT", "ROLLBACK"}[v.r.IntN(2)])
	},
	"portal": func(v *visitor) error { // left in the middle
		rows, err := v.c.Query(v.ctx, "SELECT id FROM fixed ORDER BY id")
		if err != nil {
			return err
		}
		for n := 0; n < 5 && rows.Next(); n++ {
			var id int
			if err := rows.Scan(&id); err != nil || id != n {
				return fmt.Errorf("row %d of a portal is %d: %v", n, id, err)
			}
		}
		rows.Close()
		return rows.Err()
	},
	"cancel": func(v *visitor) error {
		over, done := make(chan struct{}), make(chan error, 1)
		go func() {
			for { // one that comes before the statement concerns nothing
				select {
				case <-over:
					done <- nil
					return
				case <-time.After(time.Duration(1+v.id) * time.Millisecond):
				}
				if err := v.c.PgConn().CancelRequest(v.ctx); err != nil {
					done <- err
					return
				}
			}
		}()
		_, err := v.c.Exec(v.ctx, "SELECT count(*) FROM range(1000000000) a(i), range(1000) b(j) WHERE (i + j) % 7 = 3")
		close(over)
		if e := <-done; e != nil {
			return e
		}
		if code(err) != "57014" {
			return fmt.Errorf("a cancelled statement: %v", err)
		}
		return v.one(fmt.Sprint(v.id), "SELECT $1::int", v.id)
	},
	"temporary": func(v *visitor) error {
		if v.mine < 0 {
			if err := v.all("CREATE TEMP TABLE mine (i INTEGER, who INTEGER)"); err != nil {
				return err
			}
			v.mine = 0
		}
		var rows [][]any
		for i := range 1 + v.r.IntN(300) {
			rows = append(rows, []any{int32(i), int32(v.id)})
		}
		if _, err := v.c.CopyFrom(v.ctx, pgx.Identifier{"mine"}, []string{"i", "who"}, pgx.CopyFromRows(rows)); err != nil {
			return err
		}
		v.mine += len(rows)
		return v.one(fmt.Sprint(v.mine, v.id, v.id), "SELECT count(*), min(who), max(who) FROM mine")
	},
	"savepoint": func(v *visitor) error {
		low, high, count, _ := v.span()
		if err := v.all("BEGIN", "SAVEPOINT a"); err != nil {
			return err
		}
		if err := v.all("SELECT nothing FROM fixed"); code(err) != "42703" {
			return fmt.Errorf("an unknown column: %v", err)
		}
		if err := v.all("SELECT 1"); code(err) != "25P02" {
			return fmt.Errorf("in a failed transaction: %v", err)
		}
		if err := v.all("ROLLBACK TO a"); err != nil {
			return err
		}
		if err := v.one(fmt.Sprint(count), "SELECT count(id) FROM fixed WHERE id BETWEEN $1 AND $2", low, high); err != nil {
			return err
		}
		if v.mine >= 0 {
			if err := v.all("INSERT INTO mine VALUES (0, -1)", "SAVEPOINT b", "DELETE FROM mine"); err != nil {
				return err
			}
			if err := v.all("ROLLBACK TO b"); code(err) == "40001" { // the lake has changed since
				return v.all("ROLLBACK")
			} else if err != nil {
				return err
			}
			if err := v.one(fmt.Sprint(v.mine+1, -1), "SELECT count(*), min(who) FROM mine"); err != nil {
				return err
			}
			if err := v.all("ROLLBACK"); err != nil {
				return err
			}
			return v.one(fmt.Sprint(v.mine), "SELECT count(*) FROM mine")
		}
		return v.all("COMMIT")
	},
	"copy": func(v *visitor) error {
		low, high, count, _ := v.span()
		var data bytes.Buffer
		tag, err := v.c.PgConn().CopyTo(v.ctx, &data, fmt.Sprintf("COPY (SELECT id FROM fixed WHERE id BETWEEN %d AND %d) TO STDOUT", low, high))
		if lines := strings.Count(data.String(), "\n"); err != nil || lines != count || tag.RowsAffected() != int64(count) {
			return fmt.Errorf("COPY gave %d lines, not %d: %v, %w", lines, count, tag, err)
		}
		return nil
	},
	"setting": func(v *visitor) error {
		zone := []string{"Asia/Tokyo", "UTC", "America/New_York"}[v.id%3]
		want := []string{"2024-01-01 09:00:00+09", "2024-01-01 00:00:00+00", "2023-12-31 19:00:00-05"}[v.id%3]
		if err := v.all("SET TimeZone = '" + zone + "'"); err != nil {
			return err
		}
		if err := v.one(zone, "SHOW TimeZone"); err != nil {
			return err
		}
		return v.one(want, "SELECT TIMESTAMPTZ '2024-01-01 00:00:00+00'::text")
	},
	"discard": func(v *visitor) error {
		v.mine = -1
		v.c.DeallocateAll(v.ctx)
		return v.all("DISCARD ALL")
	},
	"moving": func(v *visitor) error { // never a mixture of two states of a file
		rows, err := v.c.Query(v.ctx, "SELECT f, count(n), min(n), max(n) FROM moving GROUP BY f")
		if err != nil {
			return moved(err)
		}
		var f, count, low, high, files int
		_, err = pgx.ForEachRow(rows, []any{&f, &count, &low, &high}, func() error {
			if files++; count != low || low != high {
				return fmt.Errorf("file %d has %d rows of %d to %d", f, count, low, high)
			}
			return nil
		})
		if err == nil && files != stressMoves {
			return fmt.Errorf("%d files", files)
		}
		return moved(err)
	},
	"moving in a transaction": func(v *visitor) error {
		if err := v.all("BEGIN"); err != nil {
			return err
		}
		const sql = "SELECT string_agg(f || ':' || n, ' ' ORDER BY f, n) FROM moving"
		var first, second string
		err := v.c.QueryRow(v.ctx, sql).Scan(&first)
		if err == nil {
			err = v.c.QueryRow(v.ctx, sql).Scan(&second)
		}
		if err == nil && first != second {
			return fmt.Errorf("a transaction saw %q, then %q", first, second)
		}
		if e := v.all("ROLLBACK"); e != nil {
			return e
		}
		return moved(err)
	},
}

// moved forgives that a file changed while it was read.
func moved(err error) error {
	if code(err) == "40001" {
		return nil
	}
	return err
}

// writeWhole puts a file in its place at once.
func writeWhole(path, text string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	aside := filepath.Join(filepath.Dir(path), "..", "..", filepath.Base(path)) // not in the lake
	if err := os.WriteFile(aside, []byte(text), 0o644); err != nil {
		return err
	}
	return os.Rename(aside, path)
}

func writeMoving(dir string, f, n int) error {
	return writeWhole(filepath.Join(dir, "moving", fmt.Sprintf("%d.csv", f)), "f,n\n"+strings.Repeat(fmt.Sprintf("%d,%d\n", f, n), n))
}

// stressLake writes the lake.
func stressLake(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "lake")
	for f := range stressFiles {
		var b strings.Builder
		b.WriteString("id\n")
		for i := range stressRows {
			fmt.Fprintf(&b, "%d\n", f*stressRows+i)
		}
		if err := writeWhole(filepath.Join(dir, "fixed", fmt.Sprintf("%d.csv", f)), b.String()); err != nil {
			t.Fatal(err)
		}
	}
	for f := range stressMoves {
		if err := writeMoving(dir, f, 1+f); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestStress has many sessions do all kinds of things at once, while files change: each sees its own things only, the answers are right, and
// nothing is left when they have gone.
func TestStress(t *testing.T) {
	dir := stressLake(t)
	_, addr := startLakeIn(t, dir, Options{})
	names := slices.Sorted(maps.Keys(stressActions))
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	warm, err := pgx.Connect(ctx, "postgres://ann@"+addr+"/lake?sslmode=disable")
	if err != nil {
		t.Fatal(err)
	}
	warm.Close(ctx)
	before := runtime.NumGoroutine()
	stop, moves := make(chan struct{}), make(chan error, 1)
	go func() { moves <- moveFiles(dir, stop) }()
	var wg sync.WaitGroup
	for id := range *stressSessions {
		wg.Go(func() {
			if err := visit(ctx, addr, id, names); err != nil {
				t.Errorf("session %d: %v", id, err)
			}
		})
	}
	wg.Wait()
	close(stop)
	if err := <-moves; err != nil {
		t.Error(err)
	}
	for range 200 { // connections end a moment after their clients
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	var stacks [1 << 20]byte
	t.Errorf("%d goroutines, %d before:\n%s", runtime.NumGoroutine(), before, stacks[:runtime.Stack(stacks[:], true)])
}

// visit is one session.
func visit(ctx context.Context, addr string, id int, names []string) error {
	c, err := pgx.Connect(ctx, "postgres://ann@"+addr+"/lake?sslmode=disable")
	if err != nil {
		return err
	}
	defer c.Close(ctx)
	v := &visitor{ctx: ctx, c: c, r: rand.New(rand.NewPCG(*stressSeed, uint64(id))), id: id, mine: -1}
	for n := range *stressActs {
		name := names[v.r.IntN(len(names))]
		if err := stressActions[name](v); err != nil {
			return fmt.Errorf("act %d, %s: %w", n, name, err)
		}
	}
	return nil
}

// moveFiles writes files anew until stop.
func moveFiles(dir string, stop chan struct{}) error {
	for n := 0; ; n++ {
		select {
		case <-stop:
			return nil
		case <-time.After(20 * time.Millisecond):
		}
		if err := writeMoving(dir, n%stressMoves, 1+n%37); err != nil {
			return err
		}
	}
}
