package plan

import (
	"encoding/json"
	"slices"
	"strings"

	"tarn/engine/prune"
)

// node is an object of DuckDB's serialised plan.
type node = map[string]any

// column is what an operator gives out: a column of a scan, unchanged, or, if scan is nil, anything else.
type column struct {
	scan *scan
	name string
}

// scan is a reading of one of the lake's tables.
type scan struct {
	table   Table
	out     prune.Scan
	sampled bool // which of its rows are taken depends on which there are
}

// flow is the rows that an operator gives out.
type flow struct {
	columns []column   // those behind the last are unknown
	sole    *scan      // they are the rows of this scan, but for those that a filter drops; nil if they are not
	ordered bool       // they come in an order
	order   *prune.Top // which one; nil if it is not by a column
}

// walker walks through a plan, from its leaves to its root.
type walker struct {
	tables map[string]Table // by schema and name in lower case
	scans  []*scan
}

// result returns the scans.
func (w *walker) result() []prune.Scan {
	var out []prune.Scan
	for _, s := range w.scans {
		if s.sampled {
			s.out.Filters, s.out.Top, s.out.Limit = nil, nil, -1
		}
		out = append(out, s.out)
	}
	return out
}

// walk looks at an operator and those below it.
func (w *walker) walk(v any) flow {
	n, _ := v.(node)
	children, _ := n["children"].([]any)
	below := make([]flow, len(children))
	for i, c := range children {
		below[i] = w.walk(c)
	}
	kind, _ := n["type"].(string)
	switch {
	case len(below) == 0 && kind == "LOGICAL_GET":
		return w.get(n)
	case len(below) == 1 && kind == "LOGICAL_FILTER":
		return filter(n, below[0])
	case len(below) == 1 && kind == "LOGICAL_PROJECTION":
		return project(n, below[0])
	case len(below) == 1 && kind == "LOGICAL_ORDER_BY":
		return order(n, below[0])
	case len(below) == 1 && kind == "LOGICAL_LIMIT":
		limit(n, below[0])
	case len(below) == 2 && kind == "LOGICAL_COMPARISON_JOIN":
		return join(n, below[0], below[1])
	}
	return flow{}
}

// get makes a scan of a table of the lake.
func (w *walker) get(n node) flow {
	data, _ := n["function_data"].(node)
	schema, _ := data["schema"].(string)
	name, _ := data["table"].(string)
	t, ok := w.tables[strings.ToLower(schema+"."+name)]
	if !ok || n["name"] != "seq_scan" {
		return flow{}
	}
	s := &scan{table: t, out: prune.Scan{Schema: t.Schema, Table: t.Name, Limit: -1}}
	w.scans = append(w.scans, s)
	extra, _ := n["extra_info"].(node)
	s.sampled = extra == nil || extra["sample_options"] != nil
	filters, _ := n["table_filters"].(node)
	list, _ := filters["filters"].([]any)
	for _, v := range list {
		f, _ := v.(node)
		at, ok := integer(f["key"])
		if !ok || at < 0 || at >= int64(len(t.Columns)) {
			s.add(prune.Unknown{})
			continue
		}
		s.add(tableFilter(f["value"], column{s, t.Columns[at].Name}))
	}
	return flow{columns: outputs(n, s), sole: s}
}

// outputs returns what a scan gives out: of the columns that it reads those that are projected.
func outputs(n node, s *scan) []column {
	var read []column
	indexes, _ := n["column_indexes"].([]any)
	for _, v := range indexes {
		c, _ := v.(node)
		at, ok := integer(c["index"])
		nested, _ := c["child_indexes"].([]any)
		if !ok || at < 0 || at >= int64(len(s.table.Columns)) || len(nested) > 0 {
			read = append(read, column{})
			continue
		}
		read = append(read, column{s, s.table.Columns[at].Name})
	}
	return mapped(n["projection_ids"], read)
}

// add adds a condition that all rows of the scan fulfil.
func (s *scan) add(e prune.Expr) {
	if all, ok := e.(prune.And); ok {
		for _, part := range all {
			s.add(part)
		}
		return
	}
	same := func(have prune.Expr) bool { return have.String() == e.String() }
	if !slices.ContainsFunc(s.out.Filters, same) { // DuckDB often gives the same condition twice, exactly and for row groups
		s.out.Filters = append(s.out.Filters, e)
	}
}

// filter adds conditions to the scan whose rows it filters.
func filter(n node, below flow) flow {
	if below.sole != nil {
		list, _ := n["expressions"].([]any)
		for _, e := range list {
			below.sole.add(condition(e, below.columns))
		}
	}
	below.columns = mapped(n["projection_map"], below.columns)
	return below
}

// mapped returns the columns that a projection map picks; all if it is empty.
func mapped(v any, columns []column) []column {
	list, _ := v.([]any)
	if len(list) == 0 {
		return columns
	}
	out := make([]column, len(list))
	for i, p := range list {
		if at, ok := integer(p); ok && at >= 0 && at < int64(len(columns)) {
			out[i] = columns[at]
		}
	}
	return out
}

// project changes the columns.
func project(n node, below flow) flow {
	list, _ := n["expressions"].([]any)
	out := make([]column, len(list))
	for i, e := range list {
		out[i] = reference(e, below.columns)
	}
	below.columns = out
	return below
}

// reference returns the column that an expression is, unchanged.
func reference(v any, columns []column) column {
	e, _ := v.(node)
	at, ok := integer(e["index"])
	if e["expression_class"] != "BOUND_REF" || !ok || at < 0 || at >= int64(len(columns)) {
		return column{}
	}
	return columns[at]
}

// order notes by which column rows are ordered first.
func order(n node, below flow) flow {
	list, _ := n["orders"].([]any)
	below.ordered, below.order = true, nil
	if len(list) > 0 {
		first, _ := list[0].(node)
		kind, nulls := first["type"], first["null_order"]
		c := reference(first["expression"], below.columns)
		if c.scan != nil && c.scan == below.sole && (kind == "ASCENDING" || kind == "DESCENDING") && (nulls == "NULLS FIRST" || nulls == "NULLS LAST") {
			below.order = &prune.Top{Column: c.name, Descending: kind == "DESCENDING", NullsFirst: nulls == "NULLS FIRST"}
		}
	}
	below.columns = mapped(n["projections"], below.columns)
	return below
}

// limit notes that the first rows of a scan suffice, or the first in an order.
func limit(n node, below flow) {
	rows, ok1 := constantLimit(n["limit_val"], false)
	offset, ok2 := constantLimit(n["offset_val"], true)
	rows += offset
	if s := below.sole; s == nil || !ok1 || !ok2 || rows < 0 {
		return
	} else if !below.ordered {
		s.out.Limit = rows
	} else if below.order != nil {
		top := *below.order
		top.Rows = rows
		s.out.Top = &top
	}
}

// constantLimit returns the rows of a limit or an offset that is a constant, or is not given.
func constantLimit(v any, optional bool) (int64, bool) {
	n, _ := v.(node)
	switch n["type"] {
	case "CONSTANT_VALUE":
		return integer(n["constant_integer"])
	case "UNSET":
		return 0, optional
	}
	return 0, false
}

// integer reads a whole number.
func integer(v any) (int64, bool) {
	n, ok := v.(json.Number)
	if !ok {
		return 0, false
	}
	i, err := n.Int64()
	return i, err == nil
}
