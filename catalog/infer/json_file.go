package infer

import (
	"fmt"

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
			path := "column " + sqltype.QuoteName(f.name)
			t := types.of(f.node, path, 0)
			file.Columns = append(file.Columns, Column{Name: f.name, Type: t, Stats: f.node.statistics(t.Kind, file.Rows)})
			types.rounded(path, f.node)
		}
	} else {
		t := types.whole(root)
		file.Columns = []Column{{Name: jsonColumn, Type: t, Stats: root.statistics(t.Kind, file.Rows)}}
	}
	types.rounded("a column", root)
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

// rounded tells of digits that read_json loses.
func (t *jsonTypes) rounded(path string, n *jsonNode) {
	if n.rounded > 0 {
		t.notice(path, "has numbers with more digits than DOUBLE holds: %.40s%s is rounded", n.roundedAs, jsonOnLine(n.rounded))
	}
}
