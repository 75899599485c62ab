package storage

import (
	"bytes"
	"strings"
)

// magic is how files of one format begin.
type magic struct {
	at     int // offset in bytes
	prefix string
	is     string // what such a file is, with its article
}

// magics lists formats that are recognised in order to be refused, the more common first. The values are those of the
// formats' own specifications, as collected by file(1).
var magics = []magic{
	{0, "ARROW1", "an Arrow (Feather) file"},
	{0, "\xff\xff\xff\xff", "an Arrow stream"},
	{0, "FEA1", "a Feather file"},
	{0, "Obj\x01", "an Avro file"},
	{0, "ORC", "an ORC file"},
	{0, "SQLite format 3\x00", "an SQLite database"},
	{8, "DUCK", "a DuckDB database"},
	{0, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel or Office file"},
	{0, "PK\x05\x06", "an empty zip archive"},
	{257, "ustar", "a tar archive"},
	{0, "BZh", "a bzip2 file"},
	{0, "\xfd7zXZ\x00", "an xz file"},
	{0, "7z\xbc\xaf\x27\x1c", "a 7z archive"},
	{0, "\x04\x22\x4d\x18", "an lz4 file"},
	{0, "\xff\x06\x00\x00sNaPpY", "a snappy file"},
	{0, "\x1f\x9d", "a compress (.Z) file"},
	{0, "Rar!\x1a\x07", "a rar archive"},
	{0, "\x89HDF\r\n\x1a\n", "an HDF5 file"},
	{0, "CDF\x01", "a NetCDF file"},
	{0, "CDF\x02", "a NetCDF file"},
	{0, "\x93NUMPY", "a NumPy array"},
	{0, "SIMPLE  =", "a FITS file"},
	{0, "SEQ\x06", "a Hadoop sequence file"},
	{0, "%PDF", "a PDF document"},
	{0, "\x89PNG\r\n\x1a\n", "a PNG image"},
	{0, "\xff\xd8\xff", "a JPEG image"},
	{0, "GIF87a", "a GIF image"},
	{0, "GIF89a", "a GIF image"},
	{0, "II*\x00", "a TIFF image"},
	{0, "MM\x00*", "a TIFF image"},
	{8, "WEBP", "a WebP image"},
	{0, "\x7fELF", "a program"},
	{0, "OggS", "sound or video"},
	{4, "ftyp", "sound or video"},
}

// text is true for those magics that a text could begin with: they count only in a file that is not text.
func (m magic) text() bool {
	return strings.IndexFunc(m.prefix, func(r rune) bool { return r < ' ' || r > '~' }) < 0
}

// refuseMagic returns why content that begins like another format is refused, or "". binary says that head is no text.
func refuseMagic(head []byte, binary bool) string {
	if bytes.HasPrefix(head, []byte("version https://git-lfs.github.com/spec/")) {
		return "it is a Git LFS pointer in place of the data; fetch the data with: git lfs pull"
	}
	if bytes.HasPrefix(head, []byte("PK\x03\x04")) {
		if bytes.Contains(head, []byte("xl/")) || bytes.Contains(head, []byte("[Content_Types].xml")) {
			return notSupported("an Excel or Office file")
		}
		return notSupported("a zip archive")
	}
	for _, m := range magics {
		if m.text() && !binary || len(head) < m.at+len(m.prefix) {
			continue
		}
		if string(head[m.at:m.at+len(m.prefix)]) == m.prefix {
			return notSupported(m.is)
		}
	}
	return ""
}

// refuseMarkup returns why a text is refused as XML or HTML, or "".
func refuseMarkup(text []byte) string {
	start := strings.ToLower(string(text[:min(len(text), 64)]))
	switch {
	case strings.HasPrefix(start, "<!doctype html"), strings.HasPrefix(start, "<html"):
		return "it is a web page, perhaps an error page saved in place of the data"
	case strings.HasPrefix(start, "<?xml"):
		return notSupported("an XML file")
	default:
		return ""
	}
}

func notSupported(what string) string { return "it is " + what + ", which is not supported yet" }
