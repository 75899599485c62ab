package server

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"tarn/catalog"
	"tarn/engine"
	"tarn/storage"
)

// startLake serves a copy of testdata/lake from a real engine and returns the address.
func startLake(t testing.TB, opts Options) string {
	t.Helper()
	_, addr := startLakeServer(t, opts)
	return addr
}

// startLakeServer is startLake for who needs the server too.
func startLakeServer(t testing.TB, opts Options) (*Server, string) {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("testdata/lake")); err != nil {
		t.Fatal(err)
	}
	return startLakeIn(t, dir, opts)
}

// startLakeIn serves the lake in a directory.
func startLakeIn(t testing.TB, dir string, opts Options) (*Server, string) {
	t.Helper()
	ctx := context.Background()
	root, err := storage.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.NewTextHandler(testWriter{t}, &slog.HandlerOptions{Level: slog.LevelWarn}))
	cat, err := catalog.Open(ctx, root, catalog.Options{StateDir: filepath.Join(t.TempDir(), "state"), Log: log})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cat.Close() })
	db, err := engine.Open(ctx, cat, engine.Options{Log: log})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	opts.Log, opts.Version = log, "test"
	s := New(func(ctx context.Context) (Session, error) { return db.NewSession(ctx) }, opts)
	return s, listen(t, s)
}
