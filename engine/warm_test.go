package engine

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tarn/catalog"
	"tarn/storage"
	"tarn/storage/cache"
)

// typedLake holds text of every kind that is read in a way of its own.
var typedLake = map[string]string{
	"numbers.csv":  "i,h,d,x,s\n1,123456789012345678901,1.25,-0.0,a\n,-5,0.10,nan,\n3,170141183460469231731687303715884105727,99.99,0.0,\"x,\ny\"\n",
	"times.csv":    "d,t,ts,z\n2024-01-02,12:00:00,2024-01-02 03:04:05.678901,2024-01-02T03:04:05+05:00\n,,,\n1969-12-31,23:59:59.999,1582-10-15 00:00:00,2024-07-01T00:00:00Z\n",
	"european.csv": "n;when\n1.234,5;31.12.2024\n0,5;01.02.2024\n",
	"padded.csv":   "a , b\n1 , x\n2 , y\n",
	"codes.csv":    "zip,flag,u\n00123,true,0f8fad5b-d9cb-469f-a165-70867728950e\n98765,false,7c9e6679-7425-40de-944b-e07fc1f90ae7\n",
	"widens/a.csv": "id,v\n1,7\n2,8\n", "widens/b.csv": "id,v,more\n3,1.5,x\n4,n/a,y\n",
	"parts/year=2023/a.csv": "id,n\n1,a\n2,b\n", "parts/year=2024/b.csv": "id,n\n3,c\n", "parts/year=2024/c.csv": "n,id\nd,4\n",
	"bad/rows.csv": "a,b\n1,2\n3,4,5,6\n7,8\n9,10\n11,12\n13,14\n15,16\n17,18\n19,20\n",
	"nested.json":  `[{"id": 1, "tags": ["x", null], "o": {"a": 1.5, "b": {"c": "2024-01-01"}}, "j": {"k": 1}}, {"id": 2, "tags": [], "o": null, "j": [1, "two"]}, {"id": 123456789012345678901234, "o": {"b": null}}]`,
	"lines.ndjson": "{\"a\": 1, \"B\": -0.0}\n{\"a\": null, \"B\": 0.0, \"later\": [{\"x\": 1}]}\n{\"b\": 2.5}\n",
	"mixed/a.json": `{"v": 1}` + "\n", "mixed/b.json": `{"v": "text", "w": true}` + "\n",
	"cased/a.json": `{"Key": 1}` + "\n", "cased/b.json": `{"key": 2}` + "\n",
	"scalars.json":   "1\n\"x\"\n[2]\n",
	"together/a.csv": "a,b\n1,x\n", "together/b.json": `{"a": 2, "b": "y"}` + "\n",
	"index.csv": "file_index,filename\n5,a\n6,b\n",
	"empty.csv": "a,b\n",
}

// uncachedSession opens a session that keeps no results and asks the files, not the catalog, for counts.
func uncachedSession(t *testing.T, db *DB) *Session {
	t.Helper()
	s := openSession(t, db)
	for _, name := range []string{"result_cache", "pruning"} {
		if got := answer(s, "SET tarn."+name+" = off"); got != "SET" {
			t.Fatal(got)
		}
	}
	return s
}

// warmLake makes all copies that can be made and returns the tables.
func warmLake(t *testing.T, db *DB) []*catalog.Table {
	t.Helper()
	warmed, err := db.Warm(t.Context(), WarmOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range warmed {
		for _, u := range w.Without {
			if !u.Nature {
				t.Errorf("%s has no copy: %v", u.File, u.Err)
			}
		}
	}
	return db.cat.Snapshot().Tables
}

// TestCopiesAgree asks the same of the files as they stand, of copies of all of them, and of copies of half of them.
func TestCopiesAgree(t *testing.T) {
	lakes := map[string]map[string]string{"typed": typedLake, "small": smallLake}
	for seed := range uint64(2) {
		r := rand.New(rand.NewPCG(seed, 4))
		files := map[string]string{}
		for i := range 3 {
			files[fmt.Sprintf("t%d.csv", i)] = randomCSV(r).text
		}
		lakes[fmt.Sprint("random ", seed)] = files
	}
	for name, files := range lakes {
		t.Run(name, func(t *testing.T) {
			db, _ := openLake(t, files)
			raw, copied := uncachedSession(t, db), uncachedSession(t, db)
			if got := answer(raw, "SET tarn.columnar_cache = off"); got != "SET" {
				t.Fatal(got)
			}
			tables := warmLake(t, db)
			for _, part := range []string{"all", "half", "none"} {
				for _, table := range tables {
					sameAnswers(t, raw, copied, table, part)
				}
				dropSome(db, tables, part)
			}
		})
	}
}

// dropSome drops every second copy, and then the rest.
func dropSome(db *DB, tables []*catalog.Table, part string) {
	for _, table := range tables {
		for i, f := range table.Files {
			if key := db.copies.keys.of(table, f); key != "" && (part == "half" || i%2 == 0) {
				db.copies.cache.Drop(key, nil)
			}
		}
	}
}

// sameAnswers compares the answers of two sessions to queries about a table.
func sameAnswers(t *testing.T, raw, copied *Session, table *catalog.Table, part string) {
	t.Helper()
	name := fmt.Sprintf("%q.%q", table.Schema, table.Name)
	queries := []string{"SELECT * FROM " + name, "SELECT *, _file, _line FROM " + name, "SELECT *, _file FROM " + name, "DESCRIBE " + name, "SELECT count(*) FROM " + name}
	for _, c := range table.Columns {
		if part != "all" {
			break
		}
		queries = append(queries,
			fmt.Sprintf("SELECT count(*) FROM %[2]s WHERE %[1]q IS NOT DISTINCT FROM (SELECT %[1]q FROM %[2]s LIMIT 1 OFFSET 1)", c.Name, name),
			fmt.Sprintf("SELECT %[1]q FROM %[2]s WHERE %[1]q > (SELECT min(%[1]q) FROM %[2]s)", c.Name, name))
	}
	for _, q := range queries {
		want, got := answer(raw, q), answer(copied, q)
		if len(table.Files) > 1 || strings.Contains(q, "GROUP BY") { // groups of files are read side by side
			want, got = sorted(want), sorted(got)
		}
		if want != got {
			t.Errorf("%s of %s copied: %s\n got: %.500s\nwant: %.500s", part, name, q, got, want)
		}
	}
	plan := answer(copied, "EXPLAIN SELECT * FROM "+name)
	can := slices.ContainsFunc(table.Files, func(f *catalog.File) bool { return uncopied(table, f) == "" })
	if reads := strings.Contains(plan, "READ_PARQUET"); can && part == "all" && !reads || part == "none" && reads {
		t.Errorf("%s of %s copied, the plan is\n%s", part, name, plan)
	}
}

func sorted(text string) string {
	lines := strings.Split(text, "\n")
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// TestUncopied names what has no copy, with the reason.
func TestUncopied(t *testing.T) {
	db, _ := openLake(t, map[string]string{
		"lake.yaml": "tables:\n  zoned:\n    columns: {t: TIMESTAMPTZ}\n  united:\n    columns: {g: GEOMETRY}\n",
		"zoned.csv": "t\n2024-01-01 00:00:00\n", "united.csv": "g\nPOINT(1 2)\n", "fine.csv": "a\n1\n",
	})
	warmed, err := db.Warm(t.Context(), WarmOptions{})
	if err != nil {
		t.Fatal(err)
	}
	reasons := map[string]string{}
	for _, w := range warmed {
		for _, u := range w.Without {
			reasons[w.Table] = u.Err.Error()
			if !u.Nature {
				t.Errorf("%s could have a copy: %v", u.File, u.Err)
			}
		}
	}
	for table, want := range map[string]string{"public.zoned": "time zone", "public.united": "GEOMETRY", "public.fine": ""} {
		if got := reasons[table]; !strings.Contains(got, want) || want == "" && got != "" {
			t.Errorf("%s: %q, want %q in it", table, got, want)
		}
	}
}

// TestKeys tells copies apart by all that changes what they hold.
func TestKeys(t *testing.T) {
	files := map[string]string{"t/a.csv": "a,b\n1,2\n", "t/b.csv": "a,b\n1,2\n", "u.csv": "x,y,z\n1,2,3\n"}
	db, dir := openLake(t, files)
	key := func() string {
		t.Helper()
		if _, err := db.cat.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		table := db.cat.Snapshot().Find("t")[0]
		return cacheKey(table, table.Files[0])
	}
	first := key()
	writeFile(t, filepath.Join(dir, "u.csv"), "x,y,z\n3,4,5\n")
	if key() != first {
		t.Error("another table's file changed the key")
	}
	writeFile(t, filepath.Join(dir, "t/b.csv"), "a,b\n1,2.5\n")
	wider := key()
	if wider == first {
		t.Error("another type of the table left the key")
	}
	writeFile(t, filepath.Join(dir, "t/a.csv"), "a,b\n1,2\n")
	if key() == wider {
		t.Error("another file of the same content left the key")
	}
}

// openWith opens an engine over a folder, with a state directory that outlives it.
func openWith(t *testing.T, dir, state string, opts Options) *DB {
	t.Helper()
	root, err := storage.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	cat, err := catalog.Open(t.Context(), root, catalog.Options{StateDir: state})
	if err != nil {
		t.Fatal(err)
	}
	db, err := Open(t.Context(), cat, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(db.Close(), cat.Close()); err != nil {
			t.Error(err)
		}
	})
	return db
}

// lines makes a CSV file of n rows. Files of other columns are other tables.
func lines(n int, column string) string {
	var b strings.Builder
	b.WriteString("id," + column + "\n")
	for i := range n {
		fmt.Fprintf(&b, "%d,name %d\n", i, i%7)
	}
	return b.String()
}

// copiesIn lists the copies of a state directory.
func copiesIn(t *testing.T, state string) []string {
	t.Helper()
	list, err := filepath.Glob(filepath.Join(state, "cache", "*.parquet"))
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// TestDamagedCopy damages a copy in ways that the engine only sees as it reads, if at all: the note is made to fit. The answer is
// right, and Warm makes the copy again.
func TestDamagedCopy(t *testing.T) {
	damages := map[string]func(path string) error{
		"truncated":   func(p string) error { return os.Truncate(p, 100) },
		"no footer":   func(p string) error { return overwrite(p, -8, "XXXXXXXX") },
		"bad footer":  func(p string) error { return overwrite(p, -60, strings.Repeat("\xff", 40)) },
		"bad header":  func(p string) error { return overwrite(p, 4, strings.Repeat("\xff", 60)) },
		"gone":        os.Remove,
		"not Parquet": func(p string) error { return os.WriteFile(p, []byte("hello"), 0o600) },
	}
	for name, damage := range damages {
		for _, when := range []string{"before", "prepared"} {
			t.Run(name+" "+when, func(t *testing.T) {
				db, _ := openLake(t, map[string]string{"t.csv": lines(5000, "name")})
				warmLake(t, db)
				s := uncachedSession(t, db)
				st, err := s.Prepare(t.Context(), "SELECT count(*), sum(id), max(name) FROM t", nil)
				if err != nil {
					t.Fatal(err)
				}
				defer st.Close()
				if when == "before" {
					st.Close()
				}
				path := copiesIn(t, db.cat.StateDir())[0]
				if err := damage(path); err != nil {
					t.Fatal(err)
				}
				fitNote(t, db, path)
				rows, err := st.Run(t.Context(), nil)
				if err != nil {
					t.Fatal(err)
				}
				got, err := drain(rows)
				if rows.Close(); err != nil || got != "5000|12497500|name 6" {
					t.Errorf("got %q, %v", got, err)
				}
				warmLake(t, db)
				if left := copiesIn(t, db.cat.StateDir()); len(left) != 1 || left[0] == path {
					t.Errorf("the copy was not made again: %v", left)
				}
			})
		}
	}
}

// TestFlippedBytes changes bytes of a copy and gives it its old size and time. Every answer is right.
func TestFlippedBytes(t *testing.T) {
	db, _ := openLake(t, map[string]string{"t.csv": lines(5000, "name")})
	s, r := uncachedSession(t, db), rand.New(rand.NewPCG(1, 4))
	for range 20 {
		warmLake(t, db)
		path := copiesIn(t, db.cat.StateDir())[0]
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		text[r.IntN(len(text))] ^= byte(1 + r.IntN(255))
		if err := errors.Join(os.WriteFile(path, text, 0o600), os.Chtimes(path, info.ModTime(), info.ModTime())); err != nil {
			t.Fatal(err)
		}
		if got := answer(s, "SELECT count(*), sum(id), max(name) FROM t"); got != "5000|12497500|name 6" {
			t.Error(got)
		}
		if left := copiesIn(t, db.cat.StateDir()); len(left) != 0 {
			t.Errorf("the damaged copy is still there: %v", left)
		}
	}
}

// overwrite writes text into a file, from its end if at is negative.
func overwrite(path string, at int64, text string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if at < 0 && err == nil {
		at += info.Size()
	}
	_, errWrite := f.WriteAt([]byte(text), at)
	return errors.Join(err, errWrite, f.Close())
}

// fitNote makes the note beside a copy say that the copy is as it should be, as where a disk fails in silence.
func fitNote(t *testing.T, db *DB, path string) {
	t.Helper()
	id, err := storage.Identify(path)
	if err != nil {
		return // the copy is gone
	}
	key, _, _ := strings.Cut(filepath.Base(path), ".")
	note := filepath.Join(filepath.Dir(path), key+".json")
	text := fmt.Sprintf(`{"format":1,"file":%q,"xxh3":"","source":"t.csv","identity":{"Device":%d,"Inode":%d,"Size":%d,"MtimeNS":%d,"CtimeNS":%d}}`,
		filepath.Base(path), id.Device, id.Inode, id.Size, id.MtimeNS, id.CtimeNS)
	if err := os.WriteFile(note, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, found := db.copyOf(db.cat.Snapshot().Tables[0], db.cat.Snapshot().Tables[0].Files[0]); !found {
		t.Fatal("the damaged copy is not taken for a good one, so that the test is of nothing")
	}
}

// TestBackground makes copies of what was read, in the background, and reads them the next time.
func TestBackground(t *testing.T) {
	dir, state := t.TempDir(), t.TempDir()
	past := time.Now().Add(-time.Hour)
	for _, name := range []string{"old", "other", "new"} {
		path := filepath.Join(dir, name, "a.csv")
		writeFile(t, path, lines(3000, name))
		if name != "new" {
			if err := os.Chtimes(path, past, past); err != nil {
				t.Fatal(err)
			}
		}
	}
	db := openWith(t, dir, state, Options{Background: true})
	s := uncachedSession(t, db)
	for _, table := range []string{"old", "new"} {
		if got := answer(s, "SELECT count(*), sum(id) FROM "+table+".a"); got != "3000|4498500" {
			t.Fatal(got)
		}
	}
	db.copies.work.wait()
	if got := copiesIn(t, state); len(got) != 1 {
		t.Errorf("there are copies %v; only the file that was read and is at rest should have one", got)
	}
	if got := answer(s, "SELECT count(*), sum(id) FROM old.a"); got != "3000|4498500" {
		t.Error(got)
	}
	if plan := answer(s, "EXPLAIN SELECT * FROM old.a"); !strings.Contains(plan, "READ_PARQUET") {
		t.Errorf("the copy is not read:\n%s", plan)
	}
	answer(s, "SET tarn.columnar_cache = off")
	if plan := answer(s, "EXPLAIN SELECT * FROM old.a"); strings.Contains(plan, "READ_PARQUET") {
		t.Errorf("the copy is read although it is off:\n%s", plan)
	}
	answer(s, "SELECT count(*), sum(id) FROM other.a")
	db.copies.work.wait()
	if got := copiesIn(t, state); len(got) != 1 {
		t.Errorf("a session without copies had one made: %v", got)
	}
}

// TestCloseStopsWorker closes while copies wait and one is made.
func TestCloseStopsWorker(t *testing.T) {
	dir, state := t.TempDir(), t.TempDir()
	past := time.Now().Add(-time.Hour)
	for i := range 4 {
		path := filepath.Join(dir, fmt.Sprintf("t%d", i), "a.csv")
		writeFile(t, path, lines(200_000, fmt.Sprint("c", i)))
		if err := os.Chtimes(path, past, past); err != nil {
			t.Fatal(err)
		}
	}
	db := openWith(t, dir, state, Options{Background: true})
	for _, table := range db.cat.Snapshot().Tables {
		db.wantCached(table, table.Files, 0)
	}
	db.copies.work.close()
	if left := len(copiesIn(t, state)); left == 4 {
		t.Error("the worker made all copies before it stopped")
	}
	db.wantCached(db.cat.Snapshot().Tables[0], db.cat.Snapshot().Tables[0].Files, 0) // does nothing and harms nothing
}

// TestSmallCache evicts what was used least recently and answers all the same.
func TestSmallCache(t *testing.T) {
	dir, state := t.TempDir(), t.TempDir()
	for i := range 4 {
		writeFile(t, filepath.Join(dir, fmt.Sprintf("t%d", i), "a.csv"), lines(2000, fmt.Sprint("c", i)))
	}
	db := openWith(t, dir, state, Options{CacheBytes: 2_000})
	warmed, err := db.Warm(t.Context(), WarmOptions{})
	if err != nil {
		t.Fatal(err)
	}
	copied, without := 0, 0
	for _, w := range warmed {
		copied, without = copied+w.Copied, without+len(w.Without)
	}
	u, err := db.CacheUsage()
	if copied != u.Entries || without != 4-copied {
		t.Errorf("Warm tells of %d copies and %d files without, there are %d copies", copied, without, u.Entries)
	}
	if n := len(copiesIn(t, state)); err != nil || u.Bytes > 2_000 || n == 0 || n == 4 || n != u.Entries {
		t.Errorf("usage %+v, %v, %d copies", u, err, n)
	}
	s := uncachedSession(t, db)
	for i := range 4 {
		if got := answer(s, fmt.Sprintf("SELECT count(*), sum(id) FROM t%d.a", i)); got != "2000|1999000" {
			t.Error(got)
		}
	}
	none := openWith(t, dir, state, Options{CacheBytes: NoCache})
	if plan := answer(openSession(t, none), "EXPLAIN SELECT * FROM t3.a"); strings.Contains(plan, "READ_PARQUET") {
		t.Errorf("a copy is read although there is no cache:\n%s", plan)
	}
	if _, err := none.Warm(t.Context(), WarmOptions{}); err == nil {
		t.Error("copies were made although there is no cache")
	}
}

// TestChangedWhileCopied makes no copy of a file that is not what the catalog knows.
func TestChangedWhileCopied(t *testing.T) {
	db, dir := openLake(t, map[string]string{"t.csv": lines(10, "name")})
	table := db.cat.Snapshot().Tables[0]
	writeFile(t, filepath.Join(dir, "t.csv"), lines(11, "name"))
	c, err := db.connect()
	if err != nil {
		t.Fatal(err)
	}
	defer c.close()
	if err := db.makeCopy(t.Context(), c, table, table.Files[0]); !changed(err) {
		t.Errorf("the changed file: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := db.makeCopy(ctx, c, table, table.Files[0]); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if got := copiesIn(t, db.cat.StateDir()); len(got) != 0 {
		t.Errorf("there are copies: %v", got)
	}
}

// TestStateFull goes on answering where nothing can be written.
func TestStateFull(t *testing.T) {
	dir, state := t.TempDir(), t.TempDir()
	writeFile(t, filepath.Join(dir, "t.csv"), lines(10, "name"))
	if err := os.WriteFile(filepath.Join(state, "cache"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	db := openWith(t, dir, state, Options{})
	if _, err := db.Warm(t.Context(), WarmOptions{}); err == nil || !strings.Contains(failure(err), "cannot use the columnar cache") {
		t.Errorf("warm: %v", err)
	}
	c, err := db.connect()
	if err != nil {
		t.Fatal(err)
	}
	defer c.close()
	table := db.cat.Snapshot().Tables[0]
	if err := db.makeCopy(t.Context(), c, table, table.Files[0]); !errors.Is(err, cache.ErrPaused) {
		t.Errorf("one copy: %v", err)
	}
	if got := answer(openSession(t, db), "SELECT count(*) FROM t"); got != "10" {
		t.Error(got)
	}
}

// TestWarmStatement makes copies from SQL.
func TestWarmStatement(t *testing.T) {
	db, _ := openLake(t, smallLake)
	s := uncachedSession(t, db)
	for _, c := range []struct{ sql, want string }{
		{`WARM TABLE people`, `public.people|1|1|1|`},
		{`WARM people`, `public.people|1|1|0|`},
		{`warm "people"`, `public.people|1|1|0|`},
		{`WARM`, `east.lonely|1|1|1|`},
		{`WARM TABLE`, `ERROR 1: expected the name of a table`},
		{`WARM nosuch`, `ERROR 2: table with name nosuch does not exist`},
		{`WARM stock`, `ERROR 7: table name "stock" is ambiguous`},
	} {
		if got := answer(s, c.sql); !strings.HasPrefix(got, c.want) {
			t.Errorf("%s: got %s", c.sql, got)
		}
	}
}
