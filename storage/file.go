package storage

import "time"

// Identity tells one version of a file from another without reading it. Two equal identities mean the same bytes,
// save for a write within the file system's clock granularity.
type Identity struct {
	Device  uint64
	Inode   uint64
	Size    int64 // bytes
	MtimeNS int64 // last change of the content, nanoseconds since 1970
	CtimeNS int64 // last change of content or metadata, nanoseconds since 1970
}

// Modified is the time of the last change of the content.
func (id Identity) Modified() time.Time { return time.Unix(0, id.MtimeNS) }

// File is one data file candidate found by a walk.
type File struct {
	Path string // below the root, separated by slashes, as the file system spells it
	ID   Identity
}

// Skip is something under the root that is not data, with the reason in words a user understands.
type Skip struct {
	Path   string // below the root, separated by slashes; a directory ends with a slash
	Reason string
}

// Format is what the content of a file is.
type Format uint8

// The formats that Tarn reads.
const (
	Unknown Format = iota
	Parquet
	CSV // delimited text with any delimiter
	JSON
)

// String returns the format's name as users see it.
func (f Format) String() string { return [...]string{"unknown", "parquet", "csv", "json"}[f] }

// Compression is how the whole of a file is wrapped. Parquet compresses inside and counts as None.
type Compression uint8

// The compressions that Tarn reads.
const (
	None Compression = iota
	Gzip
	Zstd
)

// String returns the compression's name as DuckDB's readers spell it.
func (c Compression) String() string { return [...]string{"none", "gzip", "zstd"}[c] }

// Kind is the format of a file and how it is wrapped.
type Kind struct {
	Format      Format
	Compression Compression
}
