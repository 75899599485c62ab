package cell

import (
	"encoding/binary"
	"math"
)

// geometryNames are the types of the WKB standard (OGC 06-103r4, 8.2), by their codes.
var geometryNames = [...]string{1: "POINT", 2: "LINESTRING", 3: "POLYGON", 4: "MULTIPOINT", 5: "MULTILINESTRING",
	6: "MULTIPOLYGON", 7: "GEOMETRYCOLLECTION"}

const (
	wkbPoint      = 1
	wkbLine       = 2
	wkbPolygon    = 3
	wkbCollection = 7
)

// appendGeometry appends well-known text for the well-known binary that a GEOMETRY is. Bytes that are no such thing
// are written as a blob.
func appendGeometry(dst []byte, b []byte) []byte {
	r := wkb{b: b}
	out := r.appendGeometry(dst, true)
	if r.bad || len(r.b) > 0 {
		return AppendBlob(dst, b)
	}
	return out
}

// wkb reads well-known binary from its front; bad is set when it ends too soon or has an unknown code.
type wkb struct {
	b     []byte
	big   bool // byte order of the geometry being read
	width int  // ordinates of a vertex
	depth int  // of geometries in collections
	bad   bool
}

// maxDepth is how deep geometries may stand in one another; recursion without a limit would let a file end the program.
const maxDepth = 100

func (r *wkb) uint32() uint32 {
	if len(r.b) < 4 {
		r.bad = true
		return 0
	}
	b := r.b
	r.b = b[4:]
	if r.big {
		return binary.BigEndian.Uint32(b)
	}
	return binary.LittleEndian.Uint32(b)
}

func (r *wkb) float() float64 {
	if len(r.b) < 8 {
		r.bad = true
		return 0
	}
	b := r.b
	r.b = b[8:]
	if r.big {
		return math.Float64frombits(binary.BigEndian.Uint64(b))
	}
	return math.Float64frombits(binary.LittleEndian.Uint64(b))
}

// appendGeometry appends one geometry, with the name of its type if named.
func (r *wkb) appendGeometry(dst []byte, named bool) []byte {
	if len(r.b) < 5 || r.depth == maxDepth {
		r.bad = true
		return dst
	}
	r.depth++
	defer func() { r.depth-- }()
	r.big = r.b[0] == 0
	r.b = r.b[1:]
	code := r.uint32()
	kind, flags := code%1000, code/1000
	if kind == 0 || kind > wkbCollection || flags > 3 {
		r.bad = true
		return dst
	}
	r.width = 2 + int(flags+1)/2
	if named {
		dst = append(dst, geometryNames[kind]...)
		dst = append(dst, [...]string{" ", " Z ", " M ", " ZM "}[flags]...)
	}
	switch kind {
	case wkbPoint:
		return r.appendPoint(dst)
	case wkbLine:
		return r.appendParts(dst, r.appendVertex)
	case wkbPolygon:
		return r.appendParts(dst, func(dst []byte) []byte { return r.appendParts(dst, r.appendVertex) })
	}
	return r.appendParts(dst, func(dst []byte) []byte {
		if kind == wkbCollection {
			return r.appendGeometry(dst, true)
		}
		return r.appendMember(dst, kind)
	})
}

// appendMember appends a part of a MULTI geometry; the points of a MULTIPOINT stand without parentheses.
func (r *wkb) appendMember(dst []byte, kind uint32) []byte {
	start := len(dst)
	dst = r.appendGeometry(dst, false)
	if kind == 4 && len(dst) > start && dst[start] == '(' {
		copy(dst[start:], dst[start+1:])
		dst = dst[:len(dst)-2]
	}
	return dst
}

// appendPoint appends a point; one without ordinates is written in WKB as NaNs.
func (r *wkb) appendPoint(dst []byte) []byte {
	start := len(dst)
	dst = append(dst, '(')
	empty := true
	for i := range r.width {
		f := r.float()
		empty = empty && math.IsNaN(f)
		if i > 0 {
			dst = append(dst, ' ')
		}
		dst = appendFloat(dst, f, 64, wktFloats)
	}
	if empty {
		return append(dst[:start], "EMPTY"...)
	}
	return append(dst, ')')
}

func (r *wkb) appendVertex(dst []byte) []byte {
	for i := range r.width {
		if i > 0 {
			dst = append(dst, ' ')
		}
		dst = appendFloat(dst, r.float(), 64, wktFloats)
	}
	return dst
}

// appendParts appends a counted sequence in parentheses, or EMPTY.
func (r *wkb) appendParts(dst []byte, part func([]byte) []byte) []byte {
	n := r.uint32()
	if n == 0 {
		return append(dst, "EMPTY"...)
	}
	dst = append(dst, '(')
	for i := uint32(0); i < n && !r.bad; i++ {
		if i > 0 {
			dst = append(dst, ", "...)
		}
		dst = part(dst)
	}
	return append(dst, ')')
}
