package infer

import (
	"cmp"
	"fmt"
	"math/bits"
	"strconv"
	"strings"

	"tarn/catalog/sqltype"
)

// jsonMaxNested is how deep types may be nested; DuckDB's parser takes some more (100 in 1.5.6). Below is JSON.
const jsonMaxNested = 32

// jsonMapKeys is how many keys that look like data make a map.
const jsonMapKeys = 10

// jsonTypes turns nodes into types, and collects what the user should know.
type jsonTypes struct {
	notices []string
	own     bool // only Records reads the values right
}

// notice adds a sentence about a place.
func (t *jsonTypes) notice(path, format string, args ...any) {
	t.notices = append(t.notices, path+" "+fmt.Sprintf(format, args...))
}

// of returns the type of what was seen at a place. depth counts the types it lies in.
func (t *jsonTypes) of(n *jsonNode, path string, depth int) sqltype.Type {
	nested := n.seen & (jsonArray | jsonObject)
	switch {
	case n.seen == 0:
		return sqltype.Of(sqltype.Null)
	case n.opaque != "":
		t.notice(path, "is JSON: %s%s", n.opaque, jsonOnLine(n.opaqueLine))
		return sqltype.Of(sqltype.JSON)
	case nested != 0 && nested != n.seen:
		t.notice(path, "is JSON because it mixes %s", n.shapes())
		return sqltype.Of(sqltype.JSON)
	case nested == jsonArray|jsonObject:
		t.notice(path, "is JSON because it mixes %s", n.shapes())
		return sqltype.Of(sqltype.JSON)
	case nested == 0:
		return t.scalar(n, path, depth)
	case depth == jsonMaxNested:
		t.notice(path, "is JSON because it lies %d levels deep", depth)
		return sqltype.Of(sqltype.JSON)
	case nested == jsonArray:
		return sqltype.ListOf(t.of(n.elem, path+"[]", depth+1))
	default:
		return t.objects(n, path, depth)
	}
}

// scalar returns the type of a place that holds no arrays and no objects.
func (t *jsonTypes) scalar(n *jsonNode, path string, depth int) sqltype.Type {
	switch {
	case n.seen&^jsonBools == 0:
		return sqltype.Of(sqltype.Boolean)
	case n.seen == jsonString:
		return n.text.kind()
	case n.seen&^jsonNumbers != 0:
		t.notice(path, "is VARCHAR because it mixes %s", n.shapes())
		return sqltype.Of(sqltype.Varchar)
	}
	number, why := n.number(depth == 0)
	if why != "" {
		t.notice(path, "is VARCHAR because %s", why)
	}
	t.own = t.own || number.Kind == sqltype.Decimal && n.rounds()
	return number
}

// objects returns the type of a place that holds objects only.
func (t *jsonTypes) objects(n *jsonNode, path string, depth int) sqltype.Type {
	f := n.object
	value := f.value
	if value == nil && (len(f.list) >= jsonMapKeys && f.data() || n.sparse()) {
		value = &jsonNode{}
		for _, field := range f.list {
			value.merge(field.node)
		}
	}
	switch {
	case value != nil && value.uniform() && n.twice > 0:
		t.notice(path, "is JSON: an object has a key twice: %s%s", n.twiceKey, jsonOnLine(n.twice))
		return sqltype.Of(sqltype.JSON)
	case value != nil && value.uniform():
		return sqltype.MapOf(sqltype.Of(sqltype.Varchar), t.of(value, path+"[]", depth+1))
	case f.value != nil:
		t.notice(path, "is JSON because it has more than %d different keys with values of several types", jsonMaxFields)
		return sqltype.Of(sqltype.JSON)
	case len(f.list) == 0:
		return sqltype.Of(sqltype.JSON)
	}
	t.twice(n, path)
	fields := make([]sqltype.Field, len(f.list))
	for i, field := range f.list {
		fields[i] = sqltype.Field{Name: field.name, Type: t.of(field.node, path+"."+sqltype.QuoteName(field.name), depth+1)}
	}
	return sqltype.StructOf(fields...)
}

// twice tells of a key that an object has twice.
func (t *jsonTypes) twice(n *jsonNode, path string) {
	if n.twice > 0 {
		t.notice(path, "has the key %s twice in one object%s: the first counts", sqltype.QuoteName(n.twiceKey), jsonOnLine(n.twice))
		t.own = true
	}
}

// jsonSparseKeys is how many keys make a map of objects that have few of them each, and jsonSparse how few: one part
// in so many on the average.
const jsonSparseKeys, jsonSparse = 32, 8

// sparse reports whether there are many keys, and each object has few of them, so that they are data.
func (n *jsonNode) sparse() bool {
	keys := int64(len(n.object.list))
	if keys < jsonSparseKeys {
		return false
	}
	total := int64(0)
	for _, field := range n.object.list {
		total += field.node.count + field.node.nulls
	}
	return total*jsonSparse <= keys*n.count
}

// data reports whether all keys look like data.
func (f *jsonFields) data() bool {
	for _, field := range f.list {
		if !jsonDataKey(field.name) {
			return false
		}
	}
	return true
}

// uniform reports whether the values have one shape, so that they make the values of a map.
func (n *jsonNode) uniform() bool {
	if n.opaque != "" {
		return false
	}
	switch n.seen {
	case 0, jsonString, jsonArray, jsonObject:
		return true
	}
	if n.seen&^jsonBools == 0 {
		return true
	}
	_, why := n.number(true)
	return n.seen&^jsonNumbers == 0 && why == ""
}

// shapes lists the shapes seen, each with the line where it comes first.
func (n *jsonNode) shapes() string {
	var parts []string
	for _, s := range []struct {
		set  jsonSeen
		name string
	}{{jsonBools, "true or false"}, {jsonNumbers, "numbers"}, {jsonString, "strings"}, {jsonArray, "arrays"}, {jsonObject, "objects"}} {
		if n.seen&s.set != 0 {
			parts = append(parts, s.name+jsonOnLine(n.firstOf(s.set)))
		}
	}
	return strings.Join(parts[:len(parts)-1], ", ") + " and " + parts[len(parts)-1]
}

// jsonOnLine says where, if it is known.
func jsonOnLine(line int64) string {
	if line == 0 {
		return ""
	}
	return " (line " + strconv.FormatInt(line, 10) + ")"
}

// statistics returns the statistics of a column of type k among so many rows.
func (n *jsonNode) statistics(t sqltype.Type, rows int64) Stats {
	k, s := t.Kind, Stats{Nulls: rows - n.count}
	if n.distinct != nil && n.seen&^jsonScalars == 0 {
		s.Distinct = min(n.count, n.distinct.estimate()+int64(bits.OnesCount16(uint16(n.seen&jsonBools))))
	}
	switch {
	case n.count == 0 || n.opaque != "":
		return s
	case k == sqltype.Boolean:
		s.Min, s.Max = strconv.FormatBool(n.seen&jsonFalse == 0), strconv.FormatBool(n.seen&jsonTrue != 0)
	case k == sqltype.BigInt:
		s.Min, s.Max = strconv.FormatInt(n.minInt, 10), strconv.FormatInt(n.maxInt, 10)
	case k == sqltype.HugeInt:
		s.Min, s.Max = n.wideBounds()
	case k == sqltype.Double:
		lo, hi := n.floatBounds()
		s.Min, s.Max = strconv.FormatFloat(lo, 'g', -1, 64), strconv.FormatFloat(hi, 'g', -1, 64)
	case k == sqltype.Decimal:
		var ok bool
		if s.Min, s.Max, ok = n.decimalBounds(int(t.Scale)); !ok {
			return s
		}
	case n.seen != jsonString:
		return s
	case (k == sqltype.Varchar || k == sqltype.UUID) && !n.text.long:
		s.Min, s.Max = string(n.text.min), string(n.text.max)
	case k == sqltype.Date, k >= sqltype.Timestamp && k <= sqltype.TimestampTZ:
		layout := map[sqltype.Kind]string{sqltype.Date: "2006-01-02", sqltype.TimestampTZ: jsonFraction + "+00"}[k]
		layout = cmp.Or(layout, jsonFraction)
		s.Min, s.Max = n.text.from.format(layout), n.text.to.format(layout)
	default:
		return s
	}
	if strings.IndexByte(s.Min+s.Max, 0) >= 0 { // SQL text cannot spell it
		s.Min, s.Max = "", ""
		return s
	}
	s.HasMinMax = true
	return s
}

// wideBounds returns the bounds of integers of which some are jsonWide.
func (n *jsonNode) wideBounds() (lo, hi string) {
	lo, hi = n.minWide, n.maxWide
	if n.seen&jsonInt == 0 {
		return lo, hi
	}
	if s := strconv.FormatInt(n.minInt, 10); jsonCompareInts(s, lo) < 0 {
		lo = s
	}
	if s := strconv.FormatInt(n.maxInt, 10); jsonCompareInts(s, hi) > 0 {
		hi = s
	}
	return lo, hi
}
