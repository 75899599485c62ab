package storage

import (
	"github.com/apache/arrow-go/v18/parquet/metadata"
)

// Physical is how Parquet stores a leaf; the values are those of the format.
type Physical int8

// The physical types.
const (
	Bool Physical = iota
	Int32
	Int64
	Int96
	Float
	Double
	ByteArray
	FixedLenByteArray
)

// Repetition says how often a node occurs; the values are those of the format.
type Repetition int8

// The repetitions.
const (
	Required Repetition = iota
	Optional
	Repeated
)

// Converted is the older annotation of a node; the values are those of the format
// (https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift).
type Converted int8

// The converted types.
const (
	NoConverted Converted = iota - 1
	ConvertedUTF8
	ConvertedMap
	ConvertedMapKeyValue
	ConvertedList
	ConvertedEnum
	ConvertedDecimal
	ConvertedDate
	ConvertedTimeMillis
	ConvertedTimeMicros
	ConvertedTimestampMillis
	ConvertedTimestampMicros
	ConvertedUint8
	ConvertedUint16
	ConvertedUint32
	ConvertedUint64
	ConvertedInt8
	ConvertedInt16
	ConvertedInt32
	ConvertedInt64
	ConvertedJSON
	ConvertedBSON
	ConvertedInterval
	ConvertedNull = 24 // no longer in the format, but in old files
)

// Logical is the newer annotation of a node. Only those are told apart that say more than the older one.
type Logical int8

// The logical types.
const (
	NoLogical Logical = iota
	OtherLogical
	LogicalUnknown // only NULL
	LogicalUUID
	LogicalFloat16
	LogicalTime
	LogicalTimestamp
	LogicalUnsigned // an unsigned integer
	LogicalDecimal
	LogicalGeometry
	LogicalGeography
	LogicalVariant
)

// Unit is the unit of a time or timestamp.
type Unit int8

// The units.
const (
	NoUnit Unit = iota
	Millis
	Micros
	Nanos
)

// Node is one node of a Parquet schema: a leaf, or a group of nodes.
type Node struct {
	Name       string
	Repetition Repetition
	Converted  Converted
	Logical    Logical
	Unit       Unit // of LogicalTime and LogicalTimestamp
	UTC        bool // those are moments, adjusted to UTC
	Children   []*Node

	Leaf       int // a leaf's place in Footer.Leaves, -1 for a group
	Physical   Physical
	Length     int // bytes of a FixedLenByteArray
	Precision  int // of a decimal, digits in all
	Scale      int // of a decimal, digits after the point
	HasDecimal bool
}

// readSchema takes the columns from the metadata and returns all leaves in order. It reads the elements as stored, not
// arrow-go's schema, which hides whether an annotation was given or derived.
func (f *Footer) readSchema(meta *metadata.FileMetaData) ([]*Node, error) {
	elements := meta.FileMetaData.Schema
	nodes := make([]Node, len(elements))
	children := make([]int, len(elements))
	for i, e := range elements {
		n := &nodes[i]
		*n = Node{Name: e.Name, Converted: NoConverted, Leaf: -1, Length: int(e.GetTypeLength()),
			Precision: int(e.GetPrecision()), Scale: int(e.GetScale()), HasDecimal: e.IsSetPrecision() && e.IsSetScale()}
		children[i] = int(e.GetNumChildren())
		if e.IsSetRepetitionType() {
			n.Repetition = Repetition(e.GetRepetitionType())
		}
		if e.IsSetConvertedType() {
			n.Converted = Converted(e.GetConvertedType())
		}
		if e.IsSetType() {
			n.Physical = Physical(e.GetType())
		} else if children[i] == 0 && i > 0 {
			return nil, damaged("column %q has neither a type nor parts", e.Name)
		}
		l := e.LogicalType
		if l == nil {
			continue
		}
		n.Logical = OtherLogical
		switch {
		case l.IsSetUNKNOWN():
			n.Logical = LogicalUnknown
		case l.IsSetUUID():
			n.Logical = LogicalUUID
		case l.IsSetFLOAT16():
			n.Logical = LogicalFloat16
		case l.IsSetTIME():
			u := l.TIME.Unit
			n.Logical, n.UTC, n.Unit = LogicalTime, l.TIME.IsAdjustedToUTC, unitOf(u.IsSetMILLIS(), u.IsSetMICROS())
		case l.IsSetTIMESTAMP():
			u := l.TIMESTAMP.Unit
			n.Logical, n.UTC, n.Unit = LogicalTimestamp, l.TIMESTAMP.IsAdjustedToUTC, unitOf(u.IsSetMILLIS(), u.IsSetMICROS())
		case l.IsSetINTEGER() && !l.INTEGER.IsSigned:
			n.Logical = LogicalUnsigned
		case l.IsSetDECIMAL():
			n.Logical = LogicalDecimal
		case l.IsSetGEOMETRY():
			n.Logical = LogicalGeometry
		case l.IsSetGEOGRAPHY():
			n.Logical = LogicalGeography
		case l.IsSetVARIANT():
			n.Logical = LogicalVariant
		}
	}
	t := tree{nodes: nodes, children: children}
	root := t.take()
	if root == nil || t.next != len(nodes) {
		return nil, damaged("its schema has %d elements, which is not what they say", len(nodes))
	}
	f.Columns = root.Children
	return t.leaves, nil
}

func unitOf(millis, micros bool) Unit {
	switch {
	case millis:
		return Millis
	case micros:
		return Micros
	default:
		return Nanos // arrow-go has refused a missing unit
	}
}

// tree builds a tree from its nodes in depth-first order and the number of children of each.
type tree struct {
	nodes    []Node
	children []int
	next     int
	leaves   []*Node
}

// take returns the next node with all below it, or nil if nodes are missing.
func (t *tree) take() *Node {
	if t.next >= len(t.nodes) {
		return nil
	}
	n := &t.nodes[t.next]
	count := t.children[t.next]
	root := t.next == 0
	t.next++
	for range count {
		child := t.take()
		if child == nil {
			return nil
		}
		n.Children = append(n.Children, child)
	}
	if count == 0 && !root {
		n.Leaf = len(t.leaves)
		t.leaves = append(t.leaves, n)
	}
	return n
}
