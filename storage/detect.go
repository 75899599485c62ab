package storage

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
)

// NotData says why a file that could be read is no data file that Tarn reads.
type NotData struct {
	Reason string // in words, e.g. "it is an Avro file, which is not supported yet"
}

// Error returns the reason.
func (e *NotData) Error() string { return e.Reason }

// headSize is how many bytes of a file, or of its decompressed content, Detect looks at.
const headSize = 32 << 10

var gzipMagic, zstdMagic = []byte("\x1f\x8b"), []byte("\x28\xb5\x2f\xfd")

// parquetMagic begins and ends a Parquet file (https://parquet.apache.org/docs/file-format/), encryptedMagic one with
// an encrypted footer.
const parquetMagic, encryptedMagic = "PAR1", "PARE"

// Detect says what a file holds, by its first bytes (after decompression), then by its suffix. An error says why it is
// no data file that Tarn reads: it is a *NotData, or else the file could not be read.
//
// Content decides and the suffix breaks ties: Parquet is known by its magic, JSON by scanning as JSON; any text in a
// file named .csv, .tsv, .txt or .dat is delimited text, and so is text under another name if several lines share a
// delimiter. It reads at most 32 KiB, or as much as they take compressed.
func (r *Root) Detect(path string) (Kind, error) { return r.detect(path, (*sample).format) }

// DetectText is Detect for a file of which the user says that it is delimited text: any text is.
func (r *Root) DetectText(path string) (Kind, error) { return r.detect(path, (*sample).delimited) }

func (r *Root) detect(path string, judge func(*sample) (Format, error)) (Kind, error) {
	f, err := r.open(path)
	if err != nil {
		return Kind{}, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return Kind{}, fmt.Errorf("look at %q: %w", path, reasonOf(err))
	}
	if !info.Mode().IsRegular() {
		return Kind{}, &NotData{"it is " + special(info.Mode())}
	}
	s := sample{name: path, want: suffixFormat[suffixOf(path)]}
	if err := s.take(f, info.Size()); err != nil {
		return Kind{}, err
	}
	format, err := judge(&s)
	if format == Parquet && err == nil && s.inner != None {
		err = &NotData{fmt.Sprintf("it is a Parquet file inside %s, which cannot be queried; decompress it", s.inner)}
	}
	if err != nil {
		return Kind{}, err
	}
	return Kind{Format: format, Compression: s.inner}, nil
}

// sample is the part of a file by which it is judged.
type sample struct {
	name  string
	want  Format // what the suffix promises; Unknown if nothing
	head  []byte
	tail  []byte // the last bytes; nil inside a compression
	inner Compression
	whole bool // head is all there is
}

// take reads the sample from a file of size bytes. The error is a *NotData if compressed data is at fault.
func (s *sample) take(f *os.File, size int64) error {
	if err := s.fill(f); err != nil {
		return fmt.Errorf("read %q: %w", s.name, reasonOf(err))
	}
	switch {
	case bytes.HasPrefix(s.head, gzipMagic):
		s.inner = Gzip
	case bytes.HasPrefix(s.head, zstdMagic):
		s.inner = Zstd
	default:
		s.tail = make([]byte, min(4, size))
		if _, err := f.ReadAt(s.tail, size-int64(len(s.tail))); err != nil && err != io.EOF {
			return fmt.Errorf("read %q: %w", s.name, reasonOf(err))
		}
		return nil
	}
	d, err := decompress(io.NewSectionReader(f, 0, size), s.name, s.inner)
	if err == nil {
		defer d.close()
		err = s.fill(d)
	}
	if err == nil || len(s.head) > 0 && d != nil {
		return nil // data cut short later is judged by its beginning; who reads all of it gets the error
	}
	var no *NotData
	if errors.As(err, &no) {
		return no
	}
	return err
}

// fill reads the head.
func (s *sample) fill(src io.Reader) error {
	buf := make([]byte, headSize)
	n, err := io.ReadFull(src, buf)
	s.head, s.whole = buf[:n], err != nil
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return nil
	}
	return err
}

// format judges the sample. Every error is a *NotData.
func (s *sample) format() (Format, error) {
	if len(s.head) == 0 {
		return Unknown, &NotData{"it is empty"}
	}
	if s.inner != None && (bytes.HasPrefix(s.head, gzipMagic) || bytes.HasPrefix(s.head, zstdMagic)) {
		return Unknown, &NotData{"it is compressed twice; decompress it once"}
	}
	text, notText := decodeText(s.head, s.whole)
	if reason := refuseMagic(s.head, notText != ""); reason != "" {
		return Unknown, &NotData{reason}
	}
	if format, err := s.parquet(notText == ""); format != Unknown || err != nil {
		return format, err
	}
	if notText != "" {
		return Unknown, &NotData{notText}
	}
	return s.textFormat(text)
}

// delimited judges a sample of what should be delimited text.
func (s *sample) delimited() (Format, error) {
	if len(s.head) == 0 {
		return Unknown, &NotData{"it is empty"}
	}
	if _, notText := decodeText(s.head, s.whole); notText != "" {
		return Unknown, &NotData{notText + ", although lake.yaml says that it is delimited text"}
	}
	return CSV, nil
}

// parquet judges what begins with Parquet's magic, or is named so. It returns Unknown for anything else.
func (s *sample) parquet(isText bool) (Format, error) {
	begins := bytes.HasPrefix(s.head, []byte(parquetMagic))
	ends := string(s.tail) == parquetMagic || s.inner != None
	switch {
	case begins && isText && s.want != Parquet && !ends:
		return Unknown, nil // a text whose first column is called PAR1
	case begins && ends:
		return Parquet, nil
	case bytes.HasPrefix(s.head, []byte(encryptedMagic)) && string(s.tail) == encryptedMagic:
		return Unknown, &NotData{notSupported("an encrypted Parquet file")}
	case begins:
		return Unknown, &NotData{"the Parquet file is cut short: it does not end with PAR1, so it was not written or " +
			"copied to the end; write or copy it again"}
	case s.want == Parquet:
		return Unknown, &NotData{"it is named .parquet, but does not begin with PAR1: it is damaged or misnamed"}
	default:
		return Unknown, nil
	}
}
