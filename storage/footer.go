package storage

import (
	"encoding/binary"
	"fmt"
	"io"
	"os"

	"github.com/apache/arrow-go/v18/parquet/metadata"
)

// Footer is what the footer of a Parquet file says about it.
type Footer struct {
	Rows      int64
	RowGroups int
	CreatedBy string // the program that wrote the file, with its version; may be empty
	Columns   []*Node
	Leaves    []Leaf // statistics by leaf, in the order of the schema
	Geo       string // the GeoParquet metadata (https://geoparquet.org/releases/v1.1.0/), or empty
}

// footerGuess is how many bytes at the end of a file are read at first: most footers fit in.
const footerGuess = 64 << 10

// Footer reads the footer of a Parquet file: one open and one read of 64 KiB, and another if it is longer. An error is
// a *NotData if the file is no intact Parquet file. It is safe for concurrent use, which is how to read many.
func (r *Root) Footer(path string) (*Footer, error) {
	f, err := r.open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	thrift, start, err := readFooter(f, path)
	if err != nil {
		return nil, err
	}
	return parseFooter(thrift, start)
}

// readFooter returns the serialised metadata at the end of a file and its offset in the file.
func readFooter(f *os.File, path string) ([]byte, int64, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, 0, fmt.Errorf("look at %q: %w", path, reasonOf(err))
	}
	size := info.Size()
	if size < 12 {
		return nil, 0, &NotData{fmt.Sprintf("the Parquet file is cut short: it has only %d bytes; write or copy it again", size)}
	}
	tail := make([]byte, min(size, footerGuess))
	if err := readAt(f, path, tail, size-int64(len(tail))); err != nil {
		return nil, 0, err
	}
	switch end := tail[len(tail)-8:]; {
	case string(end[4:]) == encryptedMagic:
		return nil, 0, &NotData{notSupported("an encrypted Parquet file")}
	case string(end[4:]) != parquetMagic:
		return nil, 0, &NotData{"the Parquet file is cut short: it does not end with PAR1, so it was not written or " +
			"copied to the end; write or copy it again"}
	}
	length := int64(binary.LittleEndian.Uint32(tail[len(tail)-8:]))
	start := size - 8 - length
	if length == 0 || start < 4 {
		return nil, 0, damaged("it says that its footer has %d bytes, and the file has %d", length, size)
	}
	if held := size - int64(len(tail)); start >= held {
		return tail[start-held : len(tail)-8], start, nil
	}
	thrift := make([]byte, length)
	return thrift, start, readAt(f, path, thrift, start)
}

func readAt(f *os.File, path string, buf []byte, at int64) error {
	_, err := f.ReadAt(buf, at)
	switch err {
	case nil:
		return nil
	case io.EOF:
		return fmt.Errorf("read %q: it became shorter while it was read; crawl again", path)
	default:
		return fmt.Errorf("read %q: %w", path, reasonOf(err))
	}
}

// damaged is the error for a Parquet file that contradicts itself.
func damaged(format string, args ...any) error {
	return &NotData{"the Parquet file is damaged: " + fmt.Sprintf(format, args...) + "; write or copy it again"}
}

// parseFooter reads the metadata that begins at offset start of the file.
func parseFooter(thrift []byte, start int64) (f *Footer, err error) {
	defer func() {
		// arrow-go panics on schemas that break the specification.
		if p := recover(); p != nil {
			f, err = nil, damaged("its footer cannot be read (%v)", p)
		}
	}()
	meta, err := metadata.NewFileMetaData(thrift, nil)
	if err != nil {
		return nil, damaged("its footer cannot be read (%v)", err)
	}
	if meta.IsSetEncryptionAlgorithm() {
		return nil, &NotData{notSupported("an encrypted Parquet file")}
	}
	f = &Footer{Rows: meta.NumRows, RowGroups: len(meta.RowGroups), CreatedBy: meta.GetCreatedBy()}
	if geo := meta.KeyValueMetadata().FindValue("geo"); geo != nil {
		f.Geo = *geo
	}
	leaves, err := f.readSchema(meta)
	if err != nil {
		return nil, err
	}
	if err := checkRowGroups(meta, len(leaves), start); err != nil {
		return nil, err
	}
	f.Leaves = make([]Leaf, len(leaves))
	for i, n := range leaves {
		f.Leaves[i] = joinStatistics(meta, i, n)
	}
	return f, nil
}

// checkRowGroups finds contradictions between the file's metadata, its row groups and its size: end is where the data
// must have ended.
func checkRowGroups(meta *metadata.FileMetaData, leaves int, end int64) error {
	rows := int64(0)
	for i, g := range meta.RowGroups {
		if g.NumRows < 0 || len(g.Columns) != leaves {
			return damaged("row group %d has %d columns and the schema %d", i+1, len(g.Columns), leaves)
		}
		rows += g.NumRows
		for _, c := range g.Columns {
			switch {
			case c.FilePath != nil && *c.FilePath != "":
				return &NotData{"it is a Parquet summary whose columns are in other files, which is not supported"}
			case c.MetaData == nil:
				return damaged("row group %d has a column without metadata", i+1)
			case g.NumRows > 0 && (c.MetaData.DataPageOffset < 4 || c.MetaData.DataPageOffset >= end):
				return damaged("row group %d says that column %q begins at byte %d, and the data ends at byte %d",
					i+1, c.MetaData.PathInSchema, c.MetaData.DataPageOffset, end)
			}
		}
	}
	if rows != meta.NumRows {
		return damaged("its footer says %d rows, and its row groups hold %d", meta.NumRows, rows)
	}
	return nil
}
