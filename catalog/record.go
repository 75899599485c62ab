package catalog

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math"

	"tarn/catalog/infer"
	"tarn/storage"
)

// record is what the catalog knows of one data file: what it holds, or why it is in no table.
type record struct {
	path   string
	id     storage.Identity
	kind   storage.Kind // Unknown if the file is skipped before its kind was known
	file   *File        // nil if it is skipped
	reason string       // why it is skipped
	print  string       // fingerprint of the hints by which it was read; empty if there were none
	again  bool         // the reason may pass without a change of the file: look at the next crawl

	typed *record // what it holds if its table's columns have given types; nil if they have none

	rejects []infer.Reject // of a file just read; the store keeps them, and a record that is stored has none
	from    string         // the path of a file just moved, so that its rejects move too
}

// newRecord makes the record of a file that was read; the file's columns get the names and types of its form.
func newRecord(path string, id storage.Identity, kind storage.Kind, in *infer.File, fm *form) *record {
	for i := range in.Columns {
		in.Columns[i].Name, in.Columns[i].Type, in.Columns[i].Text = fm.columns[i].Name, fm.columns[i].Type, fm.columns[i].Text
	}
	r := &record{path: path, id: id, kind: kind, file: newFile(path, id, kind, *in, fm), rejects: in.Rejects}
	r.file.Rejects = nil
	if len(in.Rejects) > 0 {
		r.file.firstReject = in.Rejects[0].Line
	}
	return r
}

func newFile(path string, id storage.Identity, kind storage.Kind, in infer.File, fm *form) *File {
	_, values := splitPartitions(path)
	return &File{Path: path, ID: id, Kind: kind, File: in, Partition: values, form: fm}
}

// skippedAlike reports whether two records of skipped files say the same.
func (r *record) skippedAlike(o *record) bool {
	return r.path == o.path && r.id == o.id && r.kind == o.kind && r.reason == o.reason && r.print == o.print && r.again == o.again
}

// moved returns the record of the same file under another path.
func (r *record) moved(path string) *record {
	out := *r
	out.path, out.from = path, r.path
	if r.file != nil {
		out.file = newFile(path, r.id, r.kind, r.file.File, r.file.form)
	}
	if r.typed != nil {
		out.typed = r.typed.moved(path)
	}
	return &out
}

// same reports whether reading a file again gave nothing new.
func (r *record) same(now *record) bool {
	if r.file == nil || now.file == nil {
		return r.file == now.file && r.skippedAlike(now)
	}
	return r.id == now.id && r.kind == now.kind && r.file.form.key == now.file.form.key && bytes.Equal(r.encode(1), now.encode(1))
}

// castagnoli sums stored records, so that a damaged store is found and not believed.
var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// encode returns the record without its path, for the store: a checksum, then varints and strings led by their length.
// formID is the number of the file's form in the store; forms are numbered from 1.
func (r *record) encode(formID int64) []byte {
	e := encoder{b: make([]byte, 4, 256)}
	e.uint(r.id.Device)
	e.uint(r.id.Inode)
	e.int(r.id.Size)
	e.int(r.id.MtimeNS)
	e.int(r.id.CtimeNS)
	e.uint(uint64(r.kind.Format))
	e.uint(uint64(r.kind.Compression))
	e.text(r.print)
	if r.file == nil {
		e.uint(0)
		e.flag(r.again)
		e.text(r.reason)
		return e.sum()
	}
	e.uint(uint64(formID))
	e.int(r.file.Rows)
	switch {
	case r.file.CSV != nil:
		e.int(r.file.CSV.MaxLine)
		e.uint(math.Float64bits(r.file.CSV.Score))
	case r.file.JSON != nil:
		e.int(r.file.JSON.MaxRecord)
	}
	e.int(r.file.Rejected)
	e.uint(uint64(len(r.file.Notices)))
	for _, n := range r.file.Notices {
		e.text(n)
	}
	for i := range r.file.Columns {
		s := &r.file.Columns[i].Stats
		e.int(s.Nulls)
		e.flag(s.HasMinMax)
		if s.HasMinMax {
			e.text(s.Min)
			e.text(s.Max)
		}
		e.int(s.Distinct)
		p := &r.file.Columns[i].Proof
		if e.int(p.Line); p.Line > 0 {
			e.text(p.Value)
		}
	}
	return e.sum()
}

// encoder appends values to b, whose first four bytes are left for the checksum.
type encoder struct{ b []byte }

func (e *encoder) uint(v uint64) { e.b = binary.AppendUvarint(e.b, v) }
func (e *encoder) int(v int64)   { e.b = binary.AppendVarint(e.b, v) }

func (e *encoder) flag(v bool) {
	if v {
		e.b = append(e.b, 1)
	} else {
		e.b = append(e.b, 0)
	}
}

func (e *encoder) text(s string) {
	e.uint(uint64(len(s)))
	e.b = append(e.b, s...)
}

func (e *encoder) sum() []byte {
	binary.LittleEndian.PutUint32(e.b, crc32.Checksum(e.b[4:], castagnoli))
	return e.b
}

// decodeRecord undoes encode. Every error means that the store is damaged.
func decodeRecord(path string, data []byte, byID []*form) (*record, error) {
	if len(data) < 4 || binary.LittleEndian.Uint32(data) != crc32.Checksum(data[4:], castagnoli) {
		return nil, fmt.Errorf("read what is stored of %q: the checksum does not match", path)
	}
	d := decoder{s: string(data[4:])}
	r := &record{path: path}
	r.id = storage.Identity{Device: d.uint(), Inode: d.uint(), Size: d.int(), MtimeNS: d.int(), CtimeNS: d.int()}
	r.kind = storage.Kind{Format: storage.Format(d.uint()), Compression: storage.Compression(d.uint())}
	r.print = d.text()
	if formID := d.uint(); formID == 0 {
		r.again, r.reason = d.flag(), d.text()
	} else if formID >= uint64(len(byID)) || byID[formID] == nil {
		d.bad = true
	} else {
		r.file = newFile(path, r.id, r.kind, d.file(byID[formID]), byID[formID])
	}
	if d.bad || d.s != "" {
		return nil, fmt.Errorf("read what is stored of %q: %w", path, errBadRecord)
	}
	return r, nil
}

var errBadRecord = errors.New("the record is malformed")

// decoder takes values from the front of s; strings share its memory.
type decoder struct {
	s   string
	bad bool
}

// file reads what follows the number of the form.
func (d *decoder) file(fm *form) infer.File {
	f := infer.File{Columns: make([]infer.Column, len(fm.columns)), Rows: d.int()}
	switch {
	case fm.csv != nil:
		csv := *fm.csv
		csv.MaxLine = d.int()
		csv.Score = math.Float64frombits(d.uint())
		f.CSV = &csv
	case fm.json != nil:
		json := *fm.json
		json.MaxRecord = d.int()
		f.JSON = &json
	}
	f.Rejected = d.int()
	for n := d.uint(); n > 0 && !d.bad; n-- {
		f.Notices = append(f.Notices, d.text())
	}
	copy(f.Columns, fm.columns)
	for i := range f.Columns {
		s := &f.Columns[i].Stats
		s.Nulls = d.int()
		if s.HasMinMax = d.flag(); s.HasMinMax {
			s.Min, s.Max = d.text(), d.text()
		}
		s.Distinct = d.int()
		p := &f.Columns[i].Proof
		if p.Line = d.int(); p.Line > 0 {
			p.Value = d.text()
		}
	}
	return f
}

func (d *decoder) uint() uint64 {
	var v uint64
	for i := 0; i < len(d.s) && i < binary.MaxVarintLen64; i++ {
		c := d.s[i]
		v |= uint64(c&0x7f) << (7 * i)
		if c < 0x80 {
			d.s = d.s[i+1:]
			return v
		}
	}
	d.bad, d.s = true, ""
	return 0
}

func (d *decoder) int() int64 {
	v := d.uint()
	return int64(v>>1) ^ -int64(v&1)
}

func (d *decoder) flag() bool {
	if d.s == "" || d.s[0] > 1 {
		d.bad, d.s = true, ""
		return false
	}
	v := d.s[0] == 1
	d.s = d.s[1:]
	return v
}

func (d *decoder) text() string {
	n := d.uint()
	if n > uint64(len(d.s)) {
		d.bad, d.s = true, ""
		return ""
	}
	t := d.s[:n]
	d.s = d.s[n:]
	return t
}
