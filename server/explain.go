package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/apache/arrow-go/v18/arrow/array"

	"tarn/catalog/sqltype"
	"tarn/engine"
	"tarn/engine/sqltext"
)

// explain is what EXPLAIN asks for.
type explain struct {
	analyze, json bool
	ignored       []string // options that were turned on and say nothing here
	query         string
	start         int // of the query in the statement
}

// explainStatement returns EXPLAIN with PostgreSQL's options and its one column, QUERY PLAN; nil if the statement is another one.
func (k *client) explainStatement(ctx context.Context, w *words, types []sqltype.Type) (*ownStatement, error) {
	if !w.eat("EXPLAIN") || w.next("CRAWL") {
		return nil, nil
	}
	x := &explain{}
	if w.next("(") && len(w.tokens) > 1 && w.tokens[1].Kind == sqltext.Word && !strings.EqualFold(w.tokens[1].Text(w.sql), "SELECT") {
		if ok, err := x.options(w); !ok || err != nil {
			return nil, err
		}
	} else {
		x.analyze = w.eat("ANALYZE")
		w.eat("VERBOSE")
	}
	if w.end() {
		return nil, w.unexpected()
	}
	x.query, x.start = w.rest(), w.tokens[0].Start
	prefix := map[[2]bool]string{{false, false}: "EXPLAIN ", {true, false}: "EXPLAIN ANALYZE ", {false, true}: "EXPLAIN (FORMAT JSON) ",
		{true, true}: "EXPLAIN (ANALYZE, FORMAT JSON) "}[[2]bool{x.analyze, x.json}]
	if err := k.enter(ctx); err != nil {
		return nil, err
	}
	st, err := k.ses.prepare(ctx, prefix+x.query, types)
	if err != nil {
		return nil, shifted(err, utf8.RuneCountInString(w.sql[:x.start])-len(prefix))
	}
	plan := engine.Column{Name: "QUERY PLAN", Type: sqltype.Of(sqltype.Varchar)}
	if x.json {
		plan.Type = sqltype.Of(sqltype.JSON)
	}
	columns := []engine.Column{plan}
	return &ownStatement{columns: columns, params: st.Params(), free: st.Close, run: func(ctx context.Context, args []engine.Arg) (*engine.Rows, error) {
		for _, name := range x.ignored {
			k.remark(fmt.Sprintf("EXPLAIN option %q has no effect in Tarn", name), "")
		}
		return k.runExplain(ctx, x, st, columns, args)
	}}, nil
}

// shifted moves an error's place.
func shifted(err error, by int) error {
	var e *engine.Error
	if !errors.As(err, &e) || e.Position == 0 {
		return err
	}
	moved := *e
	moved.Position = max(e.Position+by, 0)
	return &moved
}

// options reads EXPLAIN (option [value], ...); not ok if there are other options than PostgreSQL's, which are the engine's.
func (x *explain) options(w *words) (ok bool, err error) {
	before := w.tokens
	w.eat("(")
	for {
		name, named := w.name()
		if !named {
			return false, nil
		}
		switch name {
		case "format":
			format, _ := w.value()
			switch strings.ToLower(format) {
			case "text":
			case "json":
				x.json = true
			case "xml", "yaml":
				return true, &failure{code: "0A000", message: "EXPLAIN (FORMAT " + strings.ToUpper(format) + ") is not supported", hint: "The formats are TEXT and JSON."}
			default:
				w.tokens = before
				return false, nil // one of the engine's own
			}
		case "analyze", "verbose", "costs", "settings", "buffers", "wal", "timing", "summary":
			on := true
			if err := boolean(name, w, &on); err != nil {
				return true, err
			}
			if !w.next(",") && !w.next(")") {
				return true, w.unexpected()
			}
			x.turn(name, on)
		default:
			return true, failuref("42601", "unrecognized EXPLAIN option %q", name)
		}
		if w.eat(")") {
			return true, nil
		}
		if !w.eat(",") {
			return true, w.unexpected()
		}
	}
}

func (x *explain) turn(name string, on bool) {
	switch {
	case name == "analyze":
		x.analyze = on
	case on && (name == "settings" || name == "buffers" || name == "wal"):
		x.ignored = append(x.ignored, name)
	}
}

// runExplain gives the plan a line a row, or as JSON.
func (k *client) runExplain(ctx context.Context, x *explain, st statement, columns []engine.Column, args []engine.Arg) (*engine.Rows, error) {
	rows, err := k.run(ctx, st, "EXPLAIN", args)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out [][]string
	for {
		rec, err := rows.Next(ctx)
		if err == io.EOF {
			break
		} else if err != nil {
			return nil, because(ctx, err)
		}
		names, texts := rec.Column(0).(*array.String), rec.Column(1).(*array.String)
		for i := range int(rec.NumRows()) {
			if x.json {
				out = append(out, []string{postgresPlan(texts.Value(i))})
				continue
			}
			for line := range strings.Lines(texts.Value(i)) {
				line = strings.TrimRight(line, "\n ")
				if names.Value(i) == "tarn" {
					line = "Tarn: " + line
				}
				out = append(out, []string{line})
			}
		}
		rec.Release()
	}
	for _, n := range rows.Notices() {
		k.pending = append(k.pending, notice{severity: "NOTICE", code: "00000", message: n.Message, hint: n.Hint})
	}
	return textRows("EXPLAIN", columns, out...), nil
}

// duckPlan is a node of the engine's plan as JSON, of EXPLAIN and of EXPLAIN ANALYZE.
type duckPlan struct {
	Name      string         `json:"name"`
	Operator  string         `json:"operator_name"`
	Rows      *int64         `json:"operator_cardinality"`
	Time      *float64       `json:"operator_timing"`
	Extra     map[string]any `json:"extra_info"`
	Children  []duckPlan     `json:"children"`
	Latency   *float64       `json:"latency"`
	BytesRead *int64         `json:"total_bytes_read"`
}

// postgresPlan writes the engine's plan with the keys that PostgreSQL's has, and the engine's own beside them.
func postgresPlan(text string) string {
	var list []duckPlan
	if json.Unmarshal([]byte(text), &list) != nil || len(list) == 0 {
		var one duckPlan
		if json.Unmarshal([]byte(text), &one) != nil {
			return text
		}
		list = []duckPlan{one}
	}
	top := list[0]
	out := map[string]any{}
	if top.Latency != nil {
		out["Execution Time"] = *top.Latency * 1000
		for top.Operator == "" || top.Operator == "EXPLAIN_ANALYZE" {
			if len(top.Children) == 0 {
				break
			}
			top = top.Children[0]
		}
	}
	out["Plan"] = top.node()
	b, err := json.MarshalIndent([]any{out}, "", "  ")
	if err != nil {
		return text
	}
	return string(b)
}

func (p duckPlan) node() map[string]any {
	n := map[string]any{"Node Type": strings.TrimSpace(p.Name + p.Operator), "Parallel Aware": false, "Async Capable": false}
	for key, v := range p.Extra {
		if key == "Estimated Cardinality" {
			key = "Plan Rows"
			if text, ok := v.(string); ok {
				v = json.Number(text)
			}
		}
		n[key] = v
	}
	if p.Rows != nil {
		n["Actual Rows"] = *p.Rows
	}
	if p.Time != nil {
		n["Actual Total Time"] = *p.Time * 1000
	}
	var children []any
	for _, c := range p.Children {
		children = append(children, c.node())
	}
	if children != nil {
		n["Plans"] = children
	}
	return n
}
