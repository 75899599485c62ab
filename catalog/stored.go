package catalog

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"tarn/storage"
)

// tableName is the schema and name of a table.
type tableName struct{ schema, name string }

// tableRow is what the store keeps of a table; the rest is made of the files.
type tableRow struct{ id, version int64 }

// stored is the content of the store. It never changes once it is loaded or saved; it shares memory with snapshots.
type stored struct {
	lake    string // path of the lake; empty in a new store
	config  string // the lake.yaml by which the tables were made; empty if there was none
	version int64  // of the snapshot; 0 before the first crawl
	walked  []storage.Skip
	records []*record // in the order of paths
	tables  map[tableName]tableRow
	forms   map[string]int64 // number of each form, by key
}

// load reads the whole store, as of one moment. Errors that isDamage tells apart mean that it is to be made again.
func (s *store) load(ctx context.Context) (*stored, error) {
	if _, err := s.conn.ExecContext(ctx, "BEGIN"); err != nil {
		return nil, fmt.Errorf("read the catalog: %w", err)
	}
	defer s.conn.ExecContext(context.WithoutCancel(ctx), "COMMIT")
	out := &stored{tables: map[tableName]tableRow{}, forms: map[string]int64{}}
	l, err := s.layout(ctx)
	if err == nil && l != layoutOurs {
		err = errors.New("another version of tarn began it anew; start tarn again")
	}
	if err != nil {
		return nil, fmt.Errorf("read the catalog: %w", err)
	}
	if out.lake, out.version, err = s.head(ctx); err == nil {
		err = s.loadConfig(ctx, out)
	}
	if err != nil {
		return nil, fmt.Errorf("read the catalog: %w", err)
	}
	byID, err := s.loadForms(ctx, out)
	if err == nil {
		err = s.loadFiles(ctx, out, byID)
	}
	if err == nil {
		err = s.loadTyped(ctx, out, byID)
	}
	if err == nil {
		err = s.loadTables(ctx, out)
	}
	if err == nil {
		err = s.loadSkips(ctx, out)
	}
	if err != nil {
		return nil, fmt.Errorf("read the catalog: %w", err)
	}
	// Within the transaction, so that a later write by another process is seen as one.
	if s.seen, err = s.dataVersion(ctx); err != nil {
		return nil, fmt.Errorf("read the catalog: %w", err)
	}
	return out, nil
}

// head returns the lake and the version of the store.
func (s *store) head(ctx context.Context) (lake string, version int64, err error) {
	err = s.each(ctx, "SELECT key, value FROM meta WHERE key IN ('lake', 'version')", func(scan func(...any) error) error {
		var key string
		var value any
		if err := scan(&key, &value); err != nil {
			return err
		}
		switch v := value.(type) {
		case string:
			lake = v
		case int64:
			version = v
		}
		return nil
	})
	return lake, version, err
}

// loadForms fills out.forms and returns the forms by their number.
func (s *store) loadForms(ctx context.Context, out *stored) (byID []*form, err error) {
	err = s.each(ctx, "SELECT id, form FROM forms ORDER BY id", func(scan func(...any) error) error {
		var id int64
		var key string
		if err := scan(&id, &key); err != nil {
			return err
		}
		f, err := parseForm(key)
		if err != nil || id < 1 || id > 1<<31 {
			return fmt.Errorf("%w: form %d: %v", errDamaged, id, err)
		}
		for int64(len(byID)) <= id {
			byID = append(byID, nil)
		}
		byID[id] = f
		out.forms[key] = id
		return nil
	})
	return byID, err
}

// loadFiles fills out.records.
func (s *store) loadFiles(ctx context.Context, out *stored, byID []*form) error {
	return s.each(ctx, "SELECT path, record FROM files ORDER BY path", func(scan func(...any) error) error {
		var path string
		var data []byte
		if err := scan(&path, &data); err != nil {
			return err
		}
		r, err := decodeRecord(path, data, byID)
		if err != nil {
			return fmt.Errorf("%w: %w", errDamaged, err)
		}
		out.records = append(out.records, r)
		return nil
	})
}

func (s *store) loadTables(ctx context.Context, out *stored) error {
	return s.each(ctx, "SELECT table_schema, table_name, id, version FROM tables", func(scan func(...any) error) error {
		var name tableName
		var row tableRow
		if err := scan(&name.schema, &name.name, &row.id, &row.version); err != nil {
			return err
		}
		out.tables[name] = row
		return nil
	})
}

func (s *store) loadConfig(ctx context.Context, out *stored) error {
	return s.each(ctx, "SELECT value FROM meta WHERE key = 'config'", func(scan func(...any) error) error {
		return scan(&out.config)
	})
}

func (s *store) loadSkips(ctx context.Context, out *stored) error {
	return s.each(ctx, "SELECT value FROM meta WHERE key = 'skipped'", func(scan func(...any) error) error {
		var text []byte
		if err := scan(&text); err != nil {
			return err
		}
		if err := json.Unmarshal(text, &out.walked); err != nil {
			return fmt.Errorf("%w: skipped files: %w", errDamaged, err)
		}
		return nil
	})
}

// each calls row for every row of a query with arguments.
func (s *store) each(ctx context.Context, query string, row func(scan func(...any) error) error, args ...any) error {
	rows, err := s.conn.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := row(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

// change is what a crawl writes.
type change struct {
	put     []*record // new or changed
	drop    []string  // paths
	forms   []int64   // numbers of those that no file has any more
	tables  []*Table  // new or changed; save sets the IDs of new ones
	dropped []tableName
	skips   bool // walked differs
	history []historyRow
}

// historyRow says in words what a crawl changed in a table, and which file did, at which line.
type historyRow struct {
	table  tableName
	change string
	path   string
	line   int64
}

// errNewer means that another process wrote to the store since it was loaded.
var errNewer = errors.New("another process crawled the lake at the same time")

// save writes a crawl's outcome as next, whose forms it completes, unless the store is of another version than base:
// then it writes nothing and returns errNewer.
func (s *store) save(ctx context.Context, base, next *stored, c *change) error {
	return s.write(ctx, func() error {
		_, version, err := s.head(ctx)
		if err != nil {
			return err
		}
		if version != base.version {
			return errNewer
		}
		for _, step := range []func(context.Context, *stored, *change) error{s.saveForms, s.saveFiles, s.saveTables, s.saveRest} {
			if err := step(ctx, next, c); err != nil {
				return err
			}
		}
		return nil
	})
}

// saveForms numbers and writes the forms that the store does not hold yet, and deletes those without files.
func (s *store) saveForms(ctx context.Context, next *stored, c *change) error {
	records := slices.Clone(c.put)
	for _, r := range c.put {
		if r.typed != nil {
			records = append(records, r.typed)
		}
	}
	for _, r := range records {
		if r.file == nil || next.forms[r.file.form.key] != 0 {
			continue
		}
		res, err := s.conn.ExecContext(ctx, "INSERT INTO forms (form) VALUES (?)", r.file.form.key)
		if err != nil {
			return err
		}
		if next.forms[r.file.form.key], err = res.LastInsertId(); err != nil {
			return err
		}
	}
	for _, id := range c.forms {
		if _, err := s.conn.ExecContext(ctx, "DELETE FROM forms WHERE id = ?", id); err != nil {
			return err
		}
	}
	return nil
}

func (s *store) saveFiles(ctx context.Context, next *stored, c *change) error {
	put, err := s.conn.PrepareContext(ctx, "INSERT OR REPLACE INTO files (path, record) VALUES (?, ?)")
	if err != nil {
		return err
	}
	defer put.Close()
	clear, err := s.conn.PrepareContext(ctx, "DELETE FROM rejects WHERE path = ?")
	if err != nil {
		return err
	}
	defer clear.Close()
	untype, err := s.conn.PrepareContext(ctx, "DELETE FROM typed WHERE path = ?")
	if err != nil {
		return err
	}
	defer untype.Close()
	for _, r := range c.put {
		var formID int64
		if r.file != nil {
			formID = next.forms[r.file.form.key]
		}
		if _, err := put.ExecContext(ctx, r.path, r.encode(formID)); err != nil {
			return err
		}
		if err := errors.Join(s.saveTyped(ctx, r, next, untype), s.saveRejects(ctx, r, clear)); err != nil {
			return err
		}
	}
	drop, err := s.conn.PrepareContext(ctx, "DELETE FROM files WHERE path = ?")
	if err != nil {
		return err
	}
	defer drop.Close()
	for _, p := range c.drop {
		if _, err := drop.ExecContext(ctx, p); err != nil {
			return err
		}
		for _, also := range []*sql.Stmt{clear, untype} {
			if _, err := also.ExecContext(ctx, p); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *store) saveTables(ctx context.Context, next *stored, c *change) error {
	for _, n := range c.dropped {
		if _, err := s.conn.ExecContext(ctx, "DELETE FROM tables WHERE table_schema = ? AND table_name = ?", n.schema, n.name); err != nil {
			return err
		}
	}
	for _, t := range c.tables {
		row := s.conn.QueryRowContext(ctx, "INSERT INTO tables (table_schema, table_name, version) VALUES (?, ?, ?) "+
			"ON CONFLICT DO UPDATE SET version = excluded.version RETURNING id", t.Schema, t.Name, t.Version)
		if err := row.Scan(&t.ID); err != nil {
			return err
		}
		next.tables[tableName{t.Schema, t.Name}] = tableRow{t.ID, t.Version}
	}
	return nil
}

func (s *store) saveRest(ctx context.Context, next *stored, c *change) error {
	now := time.Now().UTC().Format("2006-01-02T15:04:05.000Z")
	for _, h := range c.history {
		if _, err := s.conn.ExecContext(ctx, "INSERT INTO history VALUES (?, ?, ?, ?, ?, ?, ?)", next.version, now,
			h.table.schema, h.table.name, h.change, h.path, h.line); err != nil {
			return err
		}
	}
	put := "INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)"
	if c.skips {
		text, err := json.Marshal(next.walked)
		if err != nil {
			return err
		}
		if _, err := s.conn.ExecContext(ctx, put, "skipped", string(text)); err != nil {
			return err
		}
	}
	for key, value := range map[string]string{"lake": next.lake, "config": next.config} {
		if _, err := s.conn.ExecContext(ctx, put, key, value); err != nil {
			return err
		}
	}
	_, err := s.conn.ExecContext(ctx, put, "version", next.version)
	return err
}
