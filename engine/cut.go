package engine

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"tarn/catalog"
	"tarn/catalog/sqltype"
	"tarn/engine/plan"
	"tarn/engine/prune"
	"tarn/engine/sqltext"
)

// cuts is what pruning found out for one run of a statement.
type cuts struct {
	outcomes map[string]prune.Outcome // by the query variable of each source that was looked at
	why      string                   // why no files were left out; empty if they could have been
	timely   bool                     // they depend on when the statement was planned
}

// cutter plans statements to find the files that they need, and remembers what it found. It is safe for concurrent use.
type cutter struct {
	planner plan.Planner
	mu      sync.Mutex
	known   map[string]cuts // by what was planned
	bytes   int             // that known takes
}

// maxCuts and maxCutBytes are how many plans are remembered, and how much of them.
const (
	maxCuts     = 512
	maxCutBytes = 32 << 20
)

// size is what a cut takes in memory, in bytes.
func (k cuts) size() int {
	n := 200
	for name, o := range k.outcomes {
		n += len(name) + 8*len(o.Files)
	}
	return n
}

// cut finds the files that a statement can need. What is not understood prunes nothing.
func (st *Statement) cut(ctx context.Context, to *target, args []Arg) cuts {
	switch {
	case !st.s.switches.pruning:
		return cuts{why: "tarn.pruning is off"}
	case st.s.indirect:
		return cuts{why: "the session has a macro with the name of a function"}
	case namesOf(st.reach, st.s.temporaryTables):
		return cuts{why: "it names a temporary table"}
	case !worthPlanning(to):
		return cuts{}
	}
	if namesOf(st.reach, strangers) {
		return cuts{why: "it calls a function whose value is not known before it runs"}
	}
	r, ok := st.request(to, args)
	if !ok {
		return cuts{why: "only queries are planned"}
	}
	if namesOf(r.SQL, clocks) || namesOf(st.reach, clocks) {
		if st.columns == nil || st.s.pinned != nil {
			return cuts{why: "it depends on the time, which a plan does not know"}
		}
		found := st.s.db.cutter.plan(ctx, r, to)
		found.timely = true
		return found
	}
	key := fmt.Sprintf("%d %q %q %q %q", to.snap.Version, r.Settings, r.Path, r.Macros, r.SQL)
	k := &st.s.db.cutter
	k.mu.Lock()
	found, ok := k.known[key]
	k.mu.Unlock()
	if ok {
		return found
	}
	found = k.plan(ctx, r, to)
	if ctx.Err() != nil {
		return found
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	size := len(key) + found.size()
	if k.known == nil || len(k.known) >= maxCuts || k.bytes+size > maxCutBytes {
		k.known, k.bytes = map[string]cuts{}, 0
	}
	k.known[key] = found
	k.bytes += size
	return found
}

// clocks are the functions and words that stand for the time at which a statement runs.
var clocks = map[string]bool{"now": true, "current_timestamp": true, "current_date": true, "current_time": true, "today": true, "localtime": true,
	"localtimestamp": true, "get_current_timestamp": true, "get_current_time": true, "transaction_timestamp": true, "age": true, "current_localtimestamp": true,
	"current_localtime": true, "ago": true}

// strangers are functions whose value is another one in the planner, and those that hide statements in texts.
var strangers = map[string]bool{"current_setting": true, "getenv": true, "txid_current": true, "current_connection_id": true, "current_query_id": true,
	"current_transaction_id": true, "query": true, "query_table": true, "pg_postmaster_start_time": true, "pg_conf_load_time": true}

// namesOf reports whether a statement has one of some names.
func namesOf(sql string, names map[string]bool) bool {
	return slices.ContainsFunc(sqltext.Tokens(sql), func(t sqltext.Token) bool {
		return (t.Kind == sqltext.Word || t.Kind == sqltext.QuotedWord) && names[strings.ToLower(t.Name(sql))]
	})
}

// outdated reports whether the statement, which has just begun, was cut at a time that matters: it was planned a moment before
// the time that now() gives in it. If a plan of a moment after needs the same files, so does this one.
func (st *Statement) outdated(ctx context.Context, args []Arg) bool {
	if !st.cuts.timely {
		return false
	}
	again := st.cut(ctx, st.target, args)
	return !maps.EqualFunc(again.outcomes, st.cuts.outcomes, func(a, b prune.Outcome) bool { return slices.Equal(a.Files, b.Files) })
}

// plan plans and cuts.
func (k *cutter) plan(ctx context.Context, r plan.Request, to *target) cuts {
	scans, err := k.planner.Plan(ctx, r)
	if err != nil {
		return cuts{why: "the plan is not understood: " + err.Error()}
	}
	out := cuts{outcomes: map[string]prune.Outcome{}}
	for i, src := range to.sources {
		var own []prune.Scan
		for _, s := range scans {
			if s.Schema == r.Tables[i].Schema && s.Table == r.Tables[i].Name {
				own = append(own, s)
			}
		}
		if own != nil {
			out.outcomes[queryVariable(src.table, src.extra)] = prune.Cut(src.table, own)
		}
	}
	return out
}

// worthPlanning reports whether files could be left out at all.
func worthPlanning(to *target) bool {
	for _, src := range to.sources {
		if len(src.table.Files) > 1 {
			return true
		}
	}
	return false
}

// hiddenSchema holds the planner's stand-ins of tables with hidden columns.
const hiddenSchema = "tarn_hidden"

// request returns what is to be planned, with the stand-ins in the order of the sources. It is false for what is no query.
func (st *Statement) request(to *target, args []Arg) (plan.Request, bool) {
	cut := queryStart(to.sql)
	if cut < 0 {
		return plan.Request{}, false
	}
	r := plan.Request{Settings: st.s.settings, Macros: textsOf(st.called), SQL: withValues(to.sql[cut:], args)}
	if !st.s.ownPath {
		r.Path = searchPath(to.snap)
	}
	for _, src := range to.sources {
		t := plan.Table{Schema: src.table.Schema, Name: src.table.Name, Version: src.table.Version}
		for _, c := range src.table.Columns {
			t.Columns = append(t.Columns, plan.Column{Name: c.Name, Type: c.Type})
		}
		if src.extra != (provenance{}) {
			t.Schema, t.Name = hiddenSchema, tablePrefix(src.table, src.extra)
			r.SQL = strings.ReplaceAll(r.SQL, querySQL(src.table, src.extra), t.Schema+"."+t.Name)
		}
		if src.extra.file {
			t.Columns = append(t.Columns, plan.Column{Name: fileColumn, Type: sqltype.Of(sqltype.Varchar)})
		}
		if src.extra.line {
			t.Columns = append(t.Columns, plan.Column{Name: lineColumn, Type: sqltype.Of(sqltype.BigInt)})
		}
		r.Tables = append(r.Tables, t)
	}
	return r, true
}

// withValues puts the values of parameters in their places.
func withValues(sql string, args []Arg) string {
	if len(args) == 0 {
		return sql
	}
	var b strings.Builder
	end := 0
	for _, t := range sqltext.Tokens(sql) {
		if t.Kind != sqltext.Param {
			continue
		}
		n, err := strconv.Atoi(t.Text(sql)[1:])
		if err != nil || n < 1 || n > len(args) {
			continue
		}
		value := "NULL"
		if a := args[n-1]; !a.Null {
			value = sqltype.QuoteText(a.Text)
		}
		b.WriteString(sql[end:t.Start] + value)
		end = t.End
	}
	return b.String() + sql[end:]
}

// reasons says in words why files of a scan were left out.
func (k cuts) reasons(s *scan) string {
	var parts []string
	for _, r := range k.outcomes[queryVariable(s.table, s.extra)].Reasons {
		parts = append(parts, thousands(int64(r.Files))+" by "+r.Condition)
	}
	return strings.Join(parts, ", ")
}

// note says in words why no files of a scan were left out.
func (k cuts) note(s *scan) string {
	if len(s.table.Files) < 2 {
		return ""
	}
	return k.why
}

// chooseFiles is every file of a table but those that a cut leaves out.
func (k cuts) chooseFiles(t *catalog.Table, name string) choice {
	if o, ok := k.outcomes[name]; ok {
		return choice{files: o.Files}
	}
	return allFiles(t)
}
