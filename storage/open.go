package storage

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// Open returns the file's bytes, decompressed as c says. The caller closes it. A read error names the file; it
// matches *NotData if compressed data is cut short or damaged.
func (r *Root) Open(path string, c Compression) (io.ReadCloser, error) {
	f, err := r.open(path)
	if err != nil {
		return nil, err
	}
	if c == None {
		return f, nil
	}
	d, err := decompress(f, path, c)
	if err != nil {
		f.Close()
		return nil, err
	}
	return &stream{d, f}, nil
}

// open opens a file of the root, with an error that says what to do.
func (r *Root) open(path string) (*os.File, error) {
	f, err := os.Open(r.Abs(path))
	switch {
	case err == nil:
		return f, nil
	case errors.Is(err, fs.ErrPermission):
		return nil, fmt.Errorf("open %q: %w; change its permissions", path, reasonOf(err))
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("open %q: %w; it was removed since the lake was crawled", path, reasonOf(err))
	default:
		return nil, fmt.Errorf("open %q: %w", path, reasonOf(err))
	}
}

// stream is decompressed data with the file that it comes from.
type stream struct {
	*decompressor
	file *os.File
}

// Close ends decompression and closes the file.
func (s *stream) Close() error {
	s.decompressor.close()
	return s.file.Close()
}

// readSize is how many compressed bytes are read at once.
const readSize = 128 << 10

// decompressor reads gzip or zstd data and explains errors.
type decompressor struct {
	path  string
	c     Compression
	from  io.Reader
	close func()
}

// decompress begins to decompress src, which is the content of path. Gzip of several members and zstd of several
// frames are read as one.
func decompress(src io.Reader, path string, c Compression) (*decompressor, error) {
	d := &decompressor{path: path, c: c, close: func() {}}
	src = bufio.NewReaderSize(src, readSize)
	switch c {
	case Gzip:
		z, err := gzip.NewReader(src)
		if err != nil {
			return nil, d.explain(err)
		}
		d.from, d.close = z, func() { z.Close() }
	case Zstd:
		z, err := zstd.NewReader(src, zstd.WithDecoderConcurrency(1))
		if err != nil {
			return nil, d.explain(err)
		}
		d.from, d.close = z, z.Close
	default:
		return nil, fmt.Errorf("decompress %q: unknown compression %d", path, c)
	}
	return d, nil
}

// Read implements io.Reader.
func (d *decompressor) Read(p []byte) (int, error) {
	n, err := d.from.Read(p)
	if err == nil || err == io.EOF {
		return n, err
	}
	return n, d.explain(err)
}

// explain turns a decoder's error into one for users: a *NotData with its cause if the data is at fault, else that of
// the file system.
func (d *decompressor) explain(err error) error {
	var pe *fs.PathError
	switch {
	case errors.As(err, &pe):
		return fmt.Errorf("read %q: %w", d.path, pe.Err)
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return fmt.Errorf("read %q: %w (%w)", d.path, d.fault("cut short"), err)
	default:
		return fmt.Errorf("read %q: %w (%w)", d.path, d.fault("damaged"), err)
	}
}

func (d *decompressor) fault(what string) error {
	return &NotData{fmt.Sprintf("the %s data is %s; write or copy the file again", d.c, what)}
}
