package storage

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"math"

	"github.com/apache/arrow-go/v18/parquet/metadata"
)

// Leaf is the statistics of one leaf column over all row groups.
type Leaf struct {
	Nulls int64 // rows without a value (of a nested leaf: entries); -1 if not known

	// Min and Max are the bounds of all values in Parquet's plain encoding, if HasMinMax. Values of byte arrays may be
	// cut short, and then are bounds that no row holds: Exact is false.
	HasMinMax bool
	Min, Max  []byte
	Exact     bool
	NoNaN     bool // of floating-point leaves: no row holds NaN, which the bounds leave out
}

// joinStatistics joins the statistics of leaf i over all row groups. Bounds are known only if every row group with
// values has them in the fields min_value and max_value, under the order that the type defines; the older fields min and
// max were written in varying orders and are not used.
func joinStatistics(meta *metadata.FileMetaData, i int, n *Node) Leaf {
	order := orderOf(n)
	leaf := Leaf{HasMinMax: order != nil && hasTypeOrder(meta, i), Exact: true, NoNaN: true}
	trusted := trustsNaN(meta.GetCreatedBy())
	for _, g := range meta.RowGroups {
		if g.NumRows == 0 {
			continue
		}
		s := g.Columns[i].MetaData.Statistics
		if s == nil {
			return Leaf{Nulls: -1}
		}
		if s.NullCount == nil {
			leaf.Nulls = -1
		} else if leaf.Nulls >= 0 {
			leaf.Nulls += *s.NullCount
		}
		if !(s.NanCount != nil && *s.NanCount == 0) && !trusted {
			leaf.NoNaN = false
		}
		if s.NullCount != nil && *s.NullCount == g.Columns[i].MetaData.NumValues {
			continue
		}
		leaf.Exact = leaf.Exact && !isFalse(s.IsMinValueExact) && !isFalse(s.IsMaxValueExact)
		if s.MinValue == nil || s.MaxValue == nil {
			leaf.HasMinMax = false
		}
		if leaf.HasMinMax {
			leaf.widen(order, n, s.MinValue, s.MaxValue)
		}
	}
	if !correct(meta, i, n, leaf) || leaf.Min == nil {
		leaf.HasMinMax = false
	}
	if !leaf.HasMinMax {
		leaf.Min, leaf.Max = nil, nil
	}
	return leaf
}

func isFalse(b *bool) bool { return b != nil && !*b }

// hasTypeOrder reports whether the file says that leaf i is ordered as its type defines.
func hasTypeOrder(meta *metadata.FileMetaData, i int) bool {
	orders := meta.GetColumnOrders()
	return i < len(orders) && orders[i] != nil && orders[i].IsSetTYPE_ORDER()
}

// trustsNaN reports whether a writer leaves out bounds if there is a NaN. DuckDB does so (checked with 1.5.6); others
// leave out the NaN.
func trustsNaN(createdBy string) bool {
	const prefix = "DuckDB version v1.5."
	return len(createdBy) > len(prefix) && createdBy[:len(prefix)] == prefix
}

// correct reports whether the writer is not known for wrong statistics of this kind of column.
func correct(meta *metadata.FileMetaData, i int, n *Node, leaf Leaf) bool {
	if n.Logical == LogicalGeometry || n.Logical == LogicalGeography {
		return false
	}
	c := meta.Schema.Column(i)
	return meta.WriterVersion().HasCorrectStatistics(c.PhysicalType(), c.LogicalType(),
		metadata.EncodedStatistics{Min: leaf.Min, Max: leaf.Max, HasMin: leaf.HasMinMax, HasMax: leaf.HasMinMax},
		c.SortOrder())
}

// widen takes in the bounds of another row group. Bounds that are no values of the type, or NaN, end the knowledge.
func (l *Leaf) widen(order func(a, b []byte) int, n *Node, lo, hi []byte) {
	if !isValue(n, lo) || !isValue(n, hi) || order(lo, hi) > 0 {
		l.HasMinMax = false
		return
	}
	if l.Min == nil || order(lo, l.Min) < 0 {
		l.Min = lo
	}
	if l.Max == nil || order(hi, l.Max) > 0 {
		l.Max = hi
	}
}

// isValue reports whether b has the length of a value of the leaf, and is not NaN.
func isValue(n *Node, b []byte) bool {
	switch n.Physical {
	case Bool:
		return len(b) == 1
	case Int32:
		return len(b) == 4
	case Int64:
		return len(b) == 8
	case Float:
		return len(b) == 4 && !math.IsNaN(float64(math.Float32frombits(binary.LittleEndian.Uint32(b))))
	case Double:
		return len(b) == 8 && !math.IsNaN(math.Float64frombits(binary.LittleEndian.Uint64(b)))
	case FixedLenByteArray:
		return len(b) == n.Length
	default:
		return true
	}
}

// orderOf returns the order that the format defines for a type, or nil for those that have none
// (https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift, ColumnOrder).
func orderOf(n *Node) func(a, b []byte) int {
	unsigned := n.Logical == LogicalUnsigned || n.Converted >= ConvertedUint8 && n.Converted <= ConvertedUint64
	decimal := n.Logical == LogicalDecimal || n.Converted == ConvertedDecimal
	le := binary.LittleEndian
	switch {
	case n.Physical == Bool:
		return bytes.Compare
	case n.Physical == Int32 && unsigned:
		return func(a, b []byte) int { return cmp.Compare(le.Uint32(a), le.Uint32(b)) }
	case n.Physical == Int32:
		return func(a, b []byte) int { return cmp.Compare(int32(le.Uint32(a)), int32(le.Uint32(b))) }
	case n.Physical == Int64 && unsigned:
		return func(a, b []byte) int { return cmp.Compare(le.Uint64(a), le.Uint64(b)) }
	case n.Physical == Int64:
		return func(a, b []byte) int { return cmp.Compare(int64(le.Uint64(a)), int64(le.Uint64(b))) }
	case n.Physical == Float:
		return func(a, b []byte) int {
			return cmp.Compare(math.Float32frombits(le.Uint32(a)), math.Float32frombits(le.Uint32(b)))
		}
	case n.Physical == Double:
		return func(a, b []byte) int {
			return cmp.Compare(math.Float64frombits(le.Uint64(a)), math.Float64frombits(le.Uint64(b)))
		}
	case n.Physical == Int96, n.Converted == ConvertedInterval, n.Logical == LogicalFloat16, n.Logical == LogicalUnknown:
		return nil
	case decimal:
		return compareSigned
	default:
		return bytes.Compare
	}
}

// compareSigned compares big-endian two's complement numbers of any length.
func compareSigned(a, b []byte) int {
	an, bn := len(a) > 0 && a[0] >= 0x80, len(b) > 0 && b[0] >= 0x80
	if an != bn {
		if an {
			return -1
		}
		return 1
	}
	a, b = trimSign(a), trimSign(b)
	if len(a) != len(b) && !an {
		return cmp.Compare(len(a), len(b))
	}
	if len(a) != len(b) {
		return cmp.Compare(len(b), len(a))
	}
	return bytes.Compare(a, b)
}

// trimSign removes leading bytes that only repeat the sign; of zero nothing is left.
func trimSign(b []byte) []byte {
	for len(b) > 0 && b[0] == 0 && (len(b) == 1 || b[1] < 0x80) {
		b = b[1:]
	}
	for len(b) > 1 && b[0] == 0xff && b[1] >= 0x80 {
		b = b[1:]
	}
	return b
}
