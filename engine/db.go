package engine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"

	duck "github.com/duckdb/duckdb-go/v2/mapping"

	"tarn/catalog"
	"tarn/catalog/sqltype"
	"tarn/catalog/viewfile"
	"tarn/engine/pgcatalog"
	"tarn/engine/pgsql"
	"tarn/engine/textscan"
)

// database is the name of the in-memory DuckDB database that holds the lake's views. It is not "tarn", because
// DuckDB finds tarn.tables ambiguous when a database and a schema share a name.
const database = "tarndb"

// Options say how much of the machine the engine may use.
type Options struct {
	Threads     int    // worker threads; 0 means one per processor
	MemoryLimit string // as DuckDB reads it, e.g. 4GB; empty means half of the machine's memory
	Log         *slog.Logger
	CacheBytes  int64 // of all columnar copies; 0 means a tenth of the free disk, at most 20 GiB; NoCache means none
	Background  bool  // copies of text files that statements read are made in the background
	CopyParquet bool  // and those of Parquet files on which statements spend long
}

// DB is an embedded DuckDB over one catalog. Any number of goroutines may open sessions on it.
type DB struct {
	cat      *catalog.Catalog
	log      *slog.Logger
	duck     duck.Database
	spill    string // where what does not fit into memory goes; this process's own
	text     *textscan.Function
	postgres *pgcatalog.Catalog
	admin    *conn // makes views, on behalf of all sessions; guarded by mu

	// mu is held for reading while a statement is bound, and for writing while views change, so that a statement is
	// never bound to a view of another version than its file lists.
	mu      sync.RWMutex
	defined map[int64]*catalog.Table // by table ID: what the view in DuckDB was made for
	schemas map[string]bool          // made in DuckDB
	scans   scanCache
	cutter  cutter
	answers answerMemo
	views   *viewfile.File
	inlined inlineMemo
	results results
	swept   int64      // the catalog version whose tables have schemas, and none but whose have views
	system  int64      // the catalog version that the tables of schema tarn show
	compat  int        // how many entries of PostgreSQL's catalog the table shows
	stored  int64      // the same of those that are filled from the store
	name    string     // of the database, as clients know it
	macros  pgsql.Made // the macros of package pgsql that are made
	shown   int64      // the set of views that tarn.views shows
	copies  *copies    // nil if there are to be none
	reads   readLog
	plans   planning
}

// Open starts DuckDB over cat. Close the DB before the catalog.
func Open(ctx context.Context, cat *catalog.Catalog, opts Options) (*DB, error) {
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	db := &DB{cat: cat, log: opts.Log, defined: map[int64]*catalog.Table{}, schemas: map[string]bool{}, macros: pgsql.Made{}, system: -1, stored: -1, swept: -1,
		spill: spillDir(cat.StateDir()), views: viewfile.Open(cat.StateDir()), scans: scanCache{root: cat.Root()},
		postgres: pgcatalog.New(lakeName(cat)), name: lakeName(cat)}
	if err := db.openCopies(opts); err != nil {
		return nil, err
	}
	config, err := db.config(opts)
	if err != nil {
		return nil, err
	}
	defer duck.DestroyConfig(&config)
	var reason string
	if duck.OpenExt(":memory:", &db.duck, config, &reason) != duck.StateSuccess {
		return nil, &Error{Kind: KindInternal, Message: "DuckDB does not start", Detail: reason}
	}
	if err := db.prepareDatabase(); err != nil {
		db.Close()
		return nil, fmt.Errorf("set up DuckDB: %w", err)
	}
	return db, nil
}

// config returns DuckDB's start-up options.
func (db *DB) config(opts Options) (duck.Config, error) {
	var config duck.Config
	if duck.CreateConfig(&config) != duck.StateSuccess {
		return config, &Error{Kind: KindInternal, Message: "DuckDB gives no configuration"}
	}
	if opts.Threads == 0 {
		opts.Threads = runtime.NumCPU()
	}
	if opts.MemoryLimit == "" {
		opts.MemoryLimit = halfOfMemory()
	}
	for name, value := range map[string]string{
		"threads":      strconv.Itoa(opts.Threads),
		"memory_limit": opts.MemoryLimit,
		// What does not fit into memory is spilled to the state directory.
		"temp_directory":               db.spill,
		"autoinstall_known_extensions": "false",
		"autoload_known_extensions":    "false",
		"default_null_order":           "postgres",
		"preserve_insertion_order":     "true",
	} {
		if value != "" && duck.SetConfig(config, name, value) != duck.StateSuccess {
			duck.DestroyConfig(&config)
			return config, &Error{Kind: KindInvalidValue, Message: fmt.Sprintf("DuckDB does not take %s = %q", name, value)}
		}
	}
	return config, nil
}

// halfOfMemory is half of the machine's memory in DuckDB's spelling, or empty (DuckDB's own default, 80 %) where
// the system does not tell.
func halfOfMemory() string {
	text, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return ""
	}
	fields := strings.Fields(string(text)) // MemTotal: 24646124 kB
	if len(fields) < 2 {
		return ""
	}
	kib, err := strconv.ParseInt(fields[1], 10, 64)
	if err != nil {
		return ""
	}
	return strconv.FormatInt(kib/2, 10) + "KiB"
}

// sessionSettings are what a client may set although the configuration is locked.
var sessionSettings = []string{
	"TimeZone", "Calendar", "search_path", "schema", "integer_division", "preserve_identifier_case", "errors_as_json",
	"enable_progress_bar", "enable_progress_bar_print", "explain_output", "enable_profiling", "streaming_buffer_size",
}

// prepareDatabase makes the lake's database and shuts DuckDB in: from then on it reads only the lake and the state
// directory, loads no extensions, and takes no other settings.
func (db *DB) prepareDatabase() error {
	db.plans.db = db.duck
	db.admin = &conn{set: map[string]*scan{}, plans: &db.plans}
	if duck.Connect(db.duck, &db.admin.c) != duck.StateSuccess {
		return &Error{Kind: KindInternal, Message: "DuckDB refused its first connection"}
	}
	var err error
	if db.text, err = textscan.Register(db.admin.c, db.cat.Root()); err != nil {
		return err
	}
	if err := db.postgres.Register(db.admin.c); err != nil {
		return err
	}
	for _, sql := range append([]string{
		"ATTACH ':memory:' AS " + database,
		"CREATE SCHEMA " + database + ".public",
		"USE " + database + ".public",
		systemSQL,
		"SET GLOBAL disabled_optimizers = '" + neverUsed + "'",
	}, db.shutIn()...) {
		if err := db.admin.exec(sql); err != nil {
			return fmt.Errorf("%s: %w", sql, err)
		}
	}
	db.schemas["public"] = true
	return nil
}

// shutIn returns the statements after which an instance of DuckDB reads the lake and the state directory only.
func (db *DB) shutIn() []string {
	dirs := []string{sqltype.QuoteText(db.cat.Root().Dir()), sqltype.QuoteText(db.cat.StateDir())}
	if db.copies != nil { // its folder may be a link to a larger disk
		if real, err := filepath.EvalSymlinks(db.copies.cache.Dir()); err == nil && real != db.copies.cache.Dir() {
			dirs = append(dirs, sqltype.QuoteText(real))
		}
	}
	names := []string{"'disabled_optimizers'"} // which is Tarn's alone: see planning, and writers
	for _, s := range sessionSettings {
		names = append(names, sqltype.QuoteText(s))
	}
	return []string{
		"SET GLOBAL allowed_directories = [" + strings.Join(dirs, ", ") + "]",
		"SET GLOBAL allowed_configs = [" + strings.Join(names, ", ") + "]",
		"SET GLOBAL enable_external_access = false",
		"SET GLOBAL lock_configuration = true",
	}
}

// Close frees DuckDB. Close the sessions before.
func (db *DB) Close() error {
	db.results.clear()
	db.closeCopies()
	if db.admin != nil {
		db.admin.close()
	}
	db.plans.close()
	duck.Close(&db.duck)
	return errors.Join(db.cutter.planner.Close(), os.RemoveAll(db.spill))
}

// spillDir returns a directory for this process's spilled data, and removes those that killed processes left.
func spillDir(state string) string {
	dirs, _ := filepath.Glob(filepath.Join(state, "spill-*"))
	for _, dir := range dirs {
		pid, err := strconv.Atoi(strings.TrimPrefix(filepath.Base(dir), "spill-"))
		if err != nil {
			continue
		}
		if p, err := os.FindProcess(pid); err != nil || p.Signal(syscall.Signal(0)) != nil {
			os.RemoveAll(dir)
		}
	}
	return filepath.Join(state, "spill-"+strconv.Itoa(os.Getpid()))
}
