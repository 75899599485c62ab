package storage

import (
	"context"
	"errors"
	"io"
)

// Root is the directory, or the single data file, that a lake consists of.
type Root struct{}

// Open returns the root at path, which may be a directory or one file. The path is made absolute and its symbolic
// links are resolved.
func Open(path string) (*Root, error) { return nil, errors.New("not yet") }

// Dir returns the absolute directory below which all file paths are.
func (r *Root) Dir() string { return "" }

// Single returns the name of the one file the root was opened on, or "" for a directory.
func (r *Root) Single() string { return "" }

// Abs returns the absolute path of a file of the root.
func (r *Root) Abs(path string) string { return "" }

// Listing is the outcome of a walk, both sorted by path.
type Listing struct {
	Files   []File
	Skipped []Skip
}

// Walk lists the tree without opening files. It leaves out hidden and _-prefixed names, empty files and what cannot be
// a data file, each with its reason. What cannot be read is skipped with the reason, never an error; an error means
// that the root itself cannot be listed or ctx ended.
func (r *Root) Walk(ctx context.Context) (*Listing, error) { return nil, errors.New("not yet") }

// Stat returns the identity that a file has now.
func (r *Root) Stat(path string) (Identity, error) { return Identity{}, errors.New("not yet") }

// Detect says what a file holds, by its first bytes (after decompression), then by its suffix. An error says why it is
// no data file that Tarn reads.
func (r *Root) Detect(path string) (Kind, error) { return Kind{}, errors.New("not yet") }

// Open returns the file's bytes, decompressed as kind says.
func (r *Root) Open(path string, c Compression) (io.ReadCloser, error) {
	return nil, errors.New("not yet")
}
