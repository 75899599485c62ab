package catalog

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"tarn/storage"
)

// Files are grouped by what they hold by themselves. If lake.yaml gives types to the columns of a table that was found so, its
// delimited files are read once more with these types, and the record of that, the typed one, is what the table has. So it
// does not matter for the grouping, nor for the order of crawls, what a user pins.

// effective is the record that its table has.
func (r *record) effective() *record {
	if r.typed != nil {
		return r.typed
	}
	return r
}

// retyped returns the record with another typed one, which may be nil.
func (r *record) retyped(typed *record) *record {
	out := *r
	out.typed, out.from = typed, ""
	if typed != nil {
		out.rejects = typed.rejects
	}
	return &out
}

// typedSayings returns what lake.yaml says of delimited files with types for the columns of the tables they are in, by path.
func (k *crawl) typedSayings(records []*record) map[string]*saying {
	if k.config == nil || !slices.ContainsFunc(k.config.file.Tables, pinsFound) {
		return nil
	}
	out := map[string]*saying{}
	for _, g := range groupTables(records, k.c.rootName(), k.config) {
		if g.said == nil || !pinsFound(*g.said) {
			continue
		}
		for _, r := range g.files {
			if r.kind.Format == storage.CSV {
				out[r.path] = k.config.with(k.says(r.path), g.said)
			}
		}
	}
	return out
}

// readTyped reads those of the found files that are in tables with given types, if that was not done before, and drops
// what is no longer wanted.
func (k *crawl) readTyped(ctx context.Context, f *findings) error {
	says := k.typedSayings(f.records)
	fresh := map[string]int{}
	for i, r := range f.fresh {
		fresh[r.path] = i
	}
	replace := func(i int, r *record) {
		f.records[i] = r
		if at, ok := fresh[r.path]; ok {
			r.from = f.fresh[at].from
			f.fresh[at] = r
			return
		}
		f.changed[r.path] = true
		f.fresh = append(f.fresh, r)
	}
	var todo []storage.File
	var places []int
	for i, r := range f.records {
		s := says[r.path]
		switch {
		case s == nil && r.typed == nil, s != nil && r.typed != nil && r.typed.print == s.print:
		case s == nil && r.file.Rejected == 0:
			replace(i, r.retyped(nil))
		default: // also without types, since the malformed rows are those of the typed record
			todo, places = append(todo, storage.File{Path: r.path, ID: r.id}), append(places, i)
		}
	}
	if len(todo) == 0 {
		return nil
	}
	k.forms.share(f.records)
	sights, err := k.read(ctx, todo, func(path string) *saying {
		if s := says[path]; s != nil {
			return s
		}
		return k.says(path)
	})
	if err != nil {
		return err
	}
	for n, i := range places {
		r := f.records[i]
		now := k.recordOf(r.path, sights[n])
		switch {
		case sights[n].gone || sights[n].id != r.id: // between the two readings
			r = r.retyped(nil)
			r.again = true
		case says[r.path] == nil:
			r = now
		default:
			r = r.retyped(now)
		}
		replace(i, r)
	}
	return nil
}

// loadTyped adds the typed records to those that are loaded.
func (s *store) loadTyped(ctx context.Context, out *stored, byID []*form) error {
	return s.each(ctx, "SELECT path, record FROM typed", func(scan func(...any) error) error {
		var path string
		var data []byte
		if err := scan(&path, &data); err != nil {
			return err
		}
		r, err := decodeRecord(path, data, byID)
		i, ok := slices.BinarySearchFunc(out.records, path, func(r *record, p string) int { return strings.Compare(r.path, p) })
		if err == nil && !ok {
			err = fmt.Errorf("%s has a typed record and no other", path)
		}
		if err != nil {
			return fmt.Errorf("%w: %w", errDamaged, err)
		}
		out.records[i].typed = r
		return nil
	})
}

// saveTyped writes the typed record of a file, or deletes it if there is none.
func (s *store) saveTyped(ctx context.Context, r *record, next *stored, drop *sql.Stmt) error {
	if r.typed == nil {
		_, err := drop.ExecContext(ctx, r.path)
		return err
	}
	var formID int64
	if r.typed.file != nil {
		formID = next.forms[r.typed.file.form.key]
	}
	_, err := s.conn.ExecContext(ctx, "INSERT OR REPLACE INTO typed (path, record) VALUES (?, ?)", r.path, r.typed.encode(formID))
	return err
}
