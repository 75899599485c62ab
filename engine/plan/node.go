package plan

import (
	"encoding/json"
	"fmt"
)

// node is an operator of a serialised plan, with the fields that matter of any kind of operator.
type node struct {
	Type        string          `json:"type"`
	Children    []*node         `json:"children"`
	Expressions json.RawMessage `json:"expressions"`

	Name          string        `json:"name"`
	Names         []string      `json:"names"`
	Types         []duckType    `json:"returned_types"`
	ColumnIndexes []columnIndex `json:"column_indexes"`
	ProjectionIDs []int         `json:"projection_ids"`
	Filters       tableFilters  `json:"table_filters"`
	Function      struct {
		Schema string `json:"schema"`
		Table  string `json:"table"`
	} `json:"function_data"`

	JoinType   string      `json:"join_type"`
	Conditions []condition `json:"conditions"`
	Condition  *expr       `json:"condition"`
	LeftMap    []int       `json:"left_projection_map"`
	RightMap   []int       `json:"right_projection_map"`
	Flipped    bool        `json:"delim_flipped"`

	Groups       []*expr `json:"groups"`
	GroupingSets [][]int `json:"grouping_sets"`
	Grouping     [][]int `json:"grouping_functions"`
	Distinct     string  `json:"distinct_type"`
	Limit        bound   `json:"limit_val"`
	Offset       bound   `json:"offset_val"`
	Orders       []order `json:"orders"`
	Map          []int   `json:"projection_map"`
	ColumnCount  int     `json:"column_count"`
	ChunkTypes   []any   `json:"chunk_types"`
	ExprTypes    []any   `json:"expr_types"`

	own   []*expr // the expressions, once read
	width int     // of the output in columns, -1 if it is not known
	facts []*expr // conditions that hold for all rows of the output
}

// columnIndex is a column that a table is read for. Parts of a column have children.
type columnIndex struct {
	Index uint64 `json:"index"`
}

// rowID is from where on indexes are not of columns but of what DuckDB knows of rows.
const rowID = 1 << 62

// condition is one comparison of a join.
type condition struct {
	Left       *expr  `json:"left"`
	Right      *expr  `json:"right"`
	Comparison string `json:"comparison"`
}

// order is one key of ORDER BY.
type order struct {
	Type  string `json:"type"`
	Nulls string `json:"null_order"`
	Expr  *expr  `json:"expression"`
}

// bound is a LIMIT or OFFSET.
type bound struct {
	Type string `json:"type"`
	Rows int64  `json:"constant_integer"`
}

// tableFilters are conditions that the reader of a table applies.
type tableFilters struct {
	Filters []struct {
		Column uint64       `json:"key"` // of the table
		Filter *tableFilter `json:"value"`
	} `json:"filters"`
}

// tableFilter is a condition on one column.
type tableFilter struct {
	Type       string         `json:"filter_type"`
	Comparison string         `json:"comparison_type"`
	Constant   *constant      `json:"constant"`
	Values     []*constant    `json:"values"`
	Child      *tableFilter   `json:"child_filter"`
	Children   []*tableFilter `json:"child_filters"`
	Expr       *expr          `json:"expr"`
}

// parse reads what json_serialize_plan returned: one plan, or why there is none.
func parse(text []byte) (*node, error) {
	var all struct {
		Error   bool    `json:"error"`
		Message string  `json:"error_message"`
		Plans   []*node `json:"plans"`
	}
	if err := json.Unmarshal(text, &all); err != nil {
		return nil, fmt.Errorf("read the plan: %w", err)
	}
	if all.Error {
		return nil, fmt.Errorf("plan the statement: %s", all.Message)
	}
	if len(all.Plans) != 1 || all.Plans[0] == nil {
		return nil, fmt.Errorf("plan the statement: there are %d plans, not one", len(all.Plans))
	}
	return all.Plans[0], nil
}

// expressions reads the operator's own expressions, which most have as a plain list.
func (n *node) expressions() ([]*expr, error) {
	if n.own != nil || len(n.Expressions) == 0 {
		return n.own, nil
	}
	if err := json.Unmarshal(n.Expressions, &n.own); err != nil {
		return nil, fmt.Errorf("read the expressions of %s: %w", n.Type, err)
	}
	return n.own, nil
}

// rows reads the expressions of a list of VALUES.
func (n *node) rows() (rows [][]*expr, err error) {
	if err = json.Unmarshal(n.Expressions, &rows); err != nil {
		err = fmt.Errorf("read the values of %s: %w", n.Type, err)
	}
	return rows, err
}

// expr returns the filter as an expression on its column.
func (f *tableFilter) expr(column *expr) *expr {
	switch f.Type {
	case "CONSTANT_COMPARISON":
		return &expr{Class: classComparison, Type: f.Comparison, Left: column, Right: constantExpr(f.Constant)}
	case "IN_FILTER":
		out := &expr{Class: classOperator, Type: "COMPARE_IN", Children: []*expr{column}}
		for _, v := range f.Values {
			out.Children = append(out.Children, constantExpr(v))
		}
		return out
	case "IS_NULL", "IS_NOT_NULL":
		return &expr{Class: classOperator, Type: "OPERATOR_" + f.Type, Children: []*expr{column}}
	case "OPTIONAL_FILTER": // the reader may apply it, since something above does
		if f.Child != nil {
			return f.Child.expr(column)
		}
	case "CONJUNCTION_AND", "CONJUNCTION_OR":
		out := &expr{Class: classConjunction, Type: f.Type}
		for _, c := range f.Children {
			out.Children = append(out.Children, c.expr(column))
		}
		return out
	case "EXPRESSION_FILTER":
		if e := f.Expr.replace(func(*expr) *expr { return column }); e != nil {
			return e
		}
	}
	return unknown
}
