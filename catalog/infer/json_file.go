package infer

import (
	"fmt"
	"maps"
	"slices"

	"tarn/catalog/sqltype"
)

// jsonColumn is the name of the one column of records that do not become columns. It is also what DuckDB calls it.
const jsonColumn = "json"

// jsonMaxNotices is how many notices one file may give.
const jsonMaxNotices = 20

// file says what the records that were read are.
func (r *jsonReader) file(layout *Layout) *File {
	root := r.root
	file := &File{JSON: layout, Rows: root.count + root.nulls}
	var types jsonTypes
	if root.seen == jsonObject && root.object != nil && len(root.object.list) > 0 {
		layout.Records = true
		for _, f := range root.object.list {
			if f.name == "" {
				f.name = root.object.unnamed()
				layout.Keys, types.own = map[string]string{"": f.name}, true
				types.notice("the empty key", "is the column %s%s", sqltype.QuoteName(f.name), jsonOnLine(f.node.firstOf(jsonScalars|jsonArray|jsonObject)))
			}
			path := "column " + sqltype.QuoteName(f.name)
			t := types.of(f.node, path, 0)
			file.Columns = append(file.Columns, f.node.column(f.name, t, file.Rows))
			types.rounded(path, f.node, t)
		}
		types.keys(root, layout)
	} else {
		t := types.whole(root)
		file.Columns = []Column{root.column(jsonColumn, t, file.Rows)}
		types.rounded(`column "json"`, root, t)
	}
	layout.Own = layout.Own || types.own
	if n := len(types.notices) - jsonMaxNotices; n > 0 {
		types.notices = append(types.notices[:jsonMaxNotices], fmt.Sprintf("%d more notices of this kind", n))
	}
	file.Notices = types.notices
	return file
}

// whole returns the type of records that are one column.
func (t *jsonTypes) whole(root *jsonNode) sqltype.Type {
	const path = `column "json"`
	if root.opaque != "" {
		t.notice(path, "holds whole records, because no columns can be made of them: %s%s; take values out with ->>",
			root.opaque, jsonOnLine(root.opaqueLine))
		return sqltype.Of(sqltype.JSON)
	}
	if root.object != nil && root.object.value != nil {
		t.notice(path, "holds whole records, because they have more than %d different keys", jsonMaxColumns)
	}
	return t.of(root, path, 0)
}

// rounded notes that the column has digits that read_json loses, and tells if they are in JSON text.
func (t *jsonTypes) rounded(path string, n *jsonNode, typ sqltype.Type) {
	if n.rounded == 0 {
		return
	}
	t.own = true
	if typ.Kind == sqltype.JSON {
		t.notice(path, "has numbers with more digits than DOUBLE holds, as strings: %.40s%s", n.roundedAs, jsonOnLine(n.rounded))
	}
}

// keys tells of keys of records that come twice, or differ only in case.
func (t *jsonTypes) keys(root *jsonNode, layout *Layout) {
	t.twice(root, "a record")
	alias := root.object.alias
	if len(alias) == 0 {
		return
	}
	if t.own = true; layout.Keys == nil {
		layout.Keys = make(map[string]string, len(alias))
	}
	for _, key := range slices.Sorted(maps.Keys(alias)) {
		layout.Keys[key] = alias[key].name
		t.notice("key "+sqltype.QuoteName(key), "differs from %s only in upper and lower case%s: they are one column",
			sqltype.QuoteName(alias[key].name), jsonOnLine(alias[key].line))
	}
}

// column returns the column that the node is.
func (n *jsonNode) column(name string, t sqltype.Type, rows int64) Column {
	return Column{Name: name, Type: t, Stats: n.statistics(t, rows), Proof: n.decided(t.Kind)}
}
