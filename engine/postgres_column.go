package engine

import (
	"strconv"
	"unsafe"

	"github.com/apache/arrow-go/v18/arrow"
	duck "github.com/duckdb/duckdb-go/v2/mapping"

	"tarn/catalog/sqltype"
	"tarn/engine/pgcatalog"
)

// columnOf describes a column of a result and frees its type. What refers to an object of PostgreSQL's catalog, and the
// catalog's vectors, are shown as text.
func columnOf(name string, lt duck.LogicalType) Column {
	c := Column{Name: name, Postgres: postgresType(lt)}
	c.Type = sqlTypeOf(lt)
	if t := pgcatalog.TypeNamed(c.Postgres); t != nil && (t.Kind == pgcatalog.Reference || t.Kind == pgcatalog.Vector) {
		text := sqltype.Of(sqltype.Varchar)
		if t.Kind == pgcatalog.Reference && c.Type.Kind == sqltype.List || c.Type.Kind == sqltype.List && c.Type.Elem().Kind == sqltype.List {
			text = sqltype.ListOf(text)
		}
		c.Type = text
	}
	return c
}

// postgresType is the name of the catalog type that a column, or the elements of a list, have; empty for all others.
func postgresType(lt duck.LogicalType) string {
	if alias := duck.LogicalTypeGetAlias(lt); alias != "" {
		if pgcatalog.TypeNamed(alias) != nil {
			return alias
		}
		return ""
	}
	if duck.GetTypeId(lt) == duck.TypeList {
		elem := duck.ListTypeChildType(lt)
		defer duck.DestroyLogicalType(&elem)
		return postgresType(elem)
	}
	return ""
}

// columnReader returns what copies a column of a result.
func columnReader(c Column, catalog *pgcatalog.Catalog) *reader {
	r := newReader(c.Type)
	t := pgcatalog.TypeNamed(c.Postgres)
	if t == nil || t.Kind != pgcatalog.Reference && t.Kind != pgcatalog.Vector {
		return r
	}
	value := r
	if c.Type.Kind == sqltype.List {
		value = r.kids[0]
	}
	if t.Kind == pgcatalog.Reference {
		value.copier = copyTexts(func(dst []byte, _ *reader, data unsafe.Pointer, row int) []byte {
			return append(dst, catalog.Name(t.Name, *(*int64)(unsafe.Add(data, row*8)))...)
		})
		return r
	}
	value.copier = func(r *reader, v vector) arrow.ArrayData {
		child := duck.VectorGetData(duck.ListVectorGetChild(v.vec))
		return copyTexts(func(dst []byte, _ *reader, data unsafe.Pointer, row int) []byte {
			return vectorText(dst, *(*listEntry)(unsafe.Add(data, row*16)), child, t)
		})(r, v)
	}
	return r
}

// vectorText spells an int2vector or oidvector: integers with blanks between.
func vectorText(dst []byte, e listEntry, child unsafe.Pointer, t *pgcatalog.Type) []byte {
	for i := range int(e.length) {
		if i > 0 {
			dst = append(dst, ' ')
		}
		at := int(e.offset) + i
		if t.Base == "SMALLINT[]" {
			dst = strconv.AppendInt(dst, int64(*(*int16)(unsafe.Add(child, at*2))), 10)
		} else {
			dst = strconv.AppendInt(dst, *(*int64)(unsafe.Add(child, at*8)), 10)
		}
	}
	return dst
}
