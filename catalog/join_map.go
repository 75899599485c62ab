package catalog

import (
	"slices"

	"tarn/catalog/sqltype"
	"tarn/storage"
)

// asMaps makes maps of the structs of a JSON column that is a map in other files: one file has many keys, another few
// of the same.
func asMaps(uses []typeUse) []typeUse {
	isMap := func(t typeUse) bool { return t.t.Kind == sqltype.Map }
	other := func(t typeUse) bool {
		return t.file.Kind.Format != storage.JSON || t.t.Kind != sqltype.Map && t.t.Kind != sqltype.Struct
	}
	if !slices.ContainsFunc(uses, isMap) || slices.ContainsFunc(uses, other) {
		return uses
	}
	out := slices.Clone(uses)
	for i, u := range out {
		if u.t.Kind != sqltype.Struct {
			continue
		}
		value := sqltype.Of(sqltype.Null)
		for _, f := range u.t.Fields {
			value = sqltype.Join(value, f.Type)
		}
		out[i].t = sqltype.MapOf(sqltype.Of(sqltype.Varchar), value)
	}
	return out
}
