package catalog

import (
	"context"
	"database/sql"
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// storeFile is the name of the store in the state directory.
const storeFile = "catalog.db"

// storeVersion is the layout of the store and of the records in it, kept as user_version. It must grow with every change
// of them, of the rules that make tables of files, and of what inference says of a file: known files are not read again.
// applicationID marks the file as ours: "Tarn".
const (
	storeVersion  = 5
	applicationID = 0x5461726e
)

//go:embed store.sql
var storeLayout string

// store is the catalog's SQLite file. Its methods must not run at the same time; several processes may use one file,
// since every write is a transaction that first checks that no other process wrote since the last load.
type store struct {
	path string
	db   *sql.DB
	conn *sql.Conn // the only connection, since data_version counts by connection
	seen int64     // data_version when the store was last loaded
}

// errDamaged means that the store cannot be believed and is to be made again.
var errDamaged = errors.New("the catalog is damaged")

// openStore opens or creates the store in dir, which exists. A damaged file is set aside, one of an older layout is
// emptied; the notice says so.
func openStore(ctx context.Context, dir string) (s *store, notice string, err error) {
	s = &store{path: filepath.Join(dir, storeFile)}
	notice, err = s.connect(ctx)
	if isDamage(err) {
		notice, err = s.replace(ctx)
	}
	if err != nil {
		s.close()
		return nil, "", fmt.Errorf("open the catalog %s: %w", s.path, err)
	}
	return s, notice, nil
}

// connectTries is how often connecting is tried while another process switches a new file to WAL, which SQLite does not
// wait for by itself.
const connectTries = 50

// connect opens the file and makes its layout ours.
func (s *store) connect(ctx context.Context) (notice string, err error) {
	for try := 1; ; try++ {
		notice, err = s.connectOnce(ctx)
		if err == nil || !isBusy(err) || try == connectTries {
			return notice, err
		}
		s.close()
		select {
		case <-ctx.Done():
			return "", ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func (s *store) connectOnce(ctx context.Context) (notice string, err error) {
	// The path is escaped as SQLite's URIs need it (https://sqlite.org/uri.html).
	uri := url.URL{Scheme: "file", Path: filepath.ToSlash(s.path), OmitHost: true,
		RawQuery: "_pragma=busy_timeout(10000)&_pragma=journal_mode(wal)&_pragma=synchronous(normal)"}
	if s.db, err = sql.Open("sqlite", uri.String()); err != nil {
		return "", err
	}
	if s.conn, err = s.db.Conn(ctx); err != nil {
		return "", err
	}
	l, err := s.layout(ctx)
	if err != nil || l == layoutOurs {
		return "", err
	}
	return notice, s.write(ctx, func() error {
		l, err := s.layout(ctx) // another process may have been faster
		if err != nil || l == layoutOurs {
			return err
		}
		if l == layoutOlder {
			notice = "the catalog was made by an older version of tarn, so every file was read again"
		}
		return s.create(ctx)
	})
}

// layout is what a SQLite file holds.
type layout uint8

const (
	layoutOurs  layout = iota
	layoutEmpty        // a new file
	layoutOlder        // a catalog of an older layout
)

// layout looks what the file holds. Anything but an empty file or a catalog of this or an older layout is an error, so
// that no other program's data is lost.
func (s *store) layout(ctx context.Context) (layout, error) {
	var app, version, objects int64
	row := s.conn.QueryRowContext(ctx, "SELECT application_id, user_version, (SELECT count(*) FROM sqlite_master) "+
		"FROM pragma_application_id, pragma_user_version")
	if err := row.Scan(&app, &version, &objects); err != nil {
		return 0, err
	}
	switch {
	case app == applicationID && version == storeVersion:
		return layoutOurs, nil
	case app == 0 && version == 0 && objects == 0:
		return layoutEmpty, nil
	case app != applicationID:
		return 0, errors.New("it is a database of another program; name another state directory with --state")
	case version > storeVersion:
		return 0, fmt.Errorf("it was made by a newer version of tarn (layout %d, this one knows %d); use that version, "+
			"name another state directory with --state, or delete the file to have it made again", version, storeVersion)
	default:
		return layoutOlder, nil
	}
}

// create drops what there is and makes empty tables.
func (s *store) create(ctx context.Context) error {
	rows, err := s.conn.QueryContext(ctx, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
	if err != nil {
		return err
	}
	script := ""
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			rows.Close()
			return err
		}
		script += fmt.Sprintf("DROP TABLE %q;\n", name)
	}
	if err := rows.Close(); err != nil {
		return err
	}
	script += storeLayout + fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = %d;", applicationID, storeVersion)
	_, err = s.conn.ExecContext(ctx, script)
	return err
}

// replace sets a damaged file aside and begins a new one. Other processes that have it open keep the old file.
func (s *store) replace(ctx context.Context) (notice string, err error) {
	s.close()
	aside := s.path + ".damaged"
	if err := os.Rename(s.path, aside); err != nil {
		return "", fmt.Errorf("set the damaged file aside: %w", err)
	}
	for _, suffix := range []string{"-wal", "-shm"} {
		if err := os.Remove(s.path + suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", fmt.Errorf("remove the log of the damaged file: %w", err)
		}
	}
	if _, err := s.connect(ctx); err != nil {
		return "", err
	}
	return fmt.Sprintf("the catalog was damaged, so every file was read again; the old one is kept as %s", aside), nil
}

// write runs do in a transaction that no other process can write beside.
func (s *store) write(ctx context.Context, do func() error) error {
	if _, err := s.conn.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		return err
	}
	err := do()
	if err == nil {
		_, err = s.conn.ExecContext(ctx, "COMMIT")
	}
	if err != nil {
		_, undo := s.conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK")
		if undo != nil && !isNoTransaction(undo) {
			err = errors.Join(err, undo)
		}
	}
	return err
}

// changed reports whether another process wrote to the store since the last load. It costs some microseconds.
func (s *store) changed(ctx context.Context) (bool, error) {
	v, err := s.dataVersion(ctx)
	return v != s.seen, err
}

func (s *store) dataVersion(ctx context.Context) (v int64, err error) {
	err = s.conn.QueryRowContext(ctx, "PRAGMA data_version").Scan(&v)
	return v, err
}

// close releases the file; it may be called twice.
func (s *store) close() error {
	var err error
	if s.conn != nil {
		err = s.conn.Close()
	}
	if s.db != nil {
		err = errors.Join(err, s.db.Close())
	}
	s.conn, s.db = nil, nil
	return err
}

// codeOf returns SQLite's primary result code of an error (https://sqlite.org/rescode.html), or 0.
func codeOf(err error) int {
	var e *sqlite.Error
	if errors.As(err, &e) {
		return e.Code() & 0xff
	}
	return 0
}

func isBusy(err error) bool {
	return codeOf(err) == sqlite3.SQLITE_BUSY || codeOf(err) == sqlite3.SQLITE_LOCKED
}

// isDamage reports whether an error of connect or load says that the file is no sound catalog; SQLITE_ERROR means that a
// table is not there.
func isDamage(err error) bool {
	switch codeOf(err) {
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR:
		return true
	default:
		return errors.Is(err, errDamaged)
	}
}

// isNoTransaction reports whether a ROLLBACK failed because SQLite had rolled back by itself.
func isNoTransaction(err error) bool { return codeOf(err) == sqlite3.SQLITE_ERROR }
