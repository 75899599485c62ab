package server

import (
	"fmt"
	"slices"
	"strings"
)

// statement writes a query that has all of its parameters.
func (r *randomSQL) statement() string {
	for {
		sql := r.query()
		if n := len(r.params); n == 0 || !slices.ContainsFunc(r.params, func(diffParam) bool { n--; return !strings.Contains(sql, fmt.Sprintf("$%d:", n+1)) }) {
			return sql
		}
	}
}

// query writes one of the shapes.
func (r *randomSQL) query() string {
	r.scope, r.params = nil, nil
	switch r.IntN(10) {
	case 0, 1:
		return r.plain(3)
	case 7, 8:
		return r.shape()
	case 2:
		return r.grouped()
	case 3:
		return r.windowed()
	case 4:
		return r.sets()
	case 5:
		return r.nested()
	case 6:
		return "SELECT " + r.expr("any", 4) + ", " + r.expr("any", 3)
	}
	return r.ordered()
}

// from writes a FROM clause and sets the scope.
func (r *randomSQL) from() string {
	switch r.IntN(6) {
	case 0, 1, 2:
		r.scope = []string{"t1"}
		return " FROM t1"
	case 3:
		r.scope = []string{"y"}
		return " FROM t2 AS y"
	case 4:
		r.scope = []string{"t1", "y"}
		kind := r.pick([]string{"JOIN", "LEFT JOIN", "RIGHT JOIN", "INNER JOIN"})
		return " FROM t1 " + kind + " t2 y ON t1.a = y.a" + r.pick([]string{"", " AND t1.b < y.b", " AND " + r.expr("bool", 1)})
	}
	r.scope = []string{"t1", "y"}
	return " FROM t1 FULL JOIN t2 y ON t1.id = y.b"
}

func (r *randomSQL) where(depth int) string {
	if r.IntN(3) == 0 {
		return ""
	}
	return " WHERE " + r.expr("bool", depth)
}

func (r *randomSQL) list(n, depth int) string {
	var out []string
	for range n {
		out = append(out, r.expr("any", depth))
	}
	return strings.Join(out, ", ")
}

func (r *randomSQL) plain(depth int) string {
	from := r.from()
	distinct := r.pick([]string{"", "", "", "DISTINCT "})
	return "SELECT " + distinct + r.list(1+r.IntN(3), depth) + from + r.where(depth)
}

// randomAggregates are aggregates whose result no order changes.
var randomAggregates = []string{"count(*)", "count({any})", "count(DISTINCT {int})", "count(DISTINCT {text})", "sum({int})", "sum({num})", "sum({big})", "avg({int})", "avg({num})", "min({int})", "max({text})", "min({date})", "max({ts})", "bool_and({bool})", "bool_or({bool})", "every({bool})",
	"string_agg({text}, ',' ORDER BY {=})", "array_agg({int} ORDER BY {=})", "array_agg(DISTINCT {small} ORDER BY {=})", "sum({int}) FILTER (WHERE {bool})", "count(*) FILTER (WHERE {bool})", "max({float})", "sum(DISTINCT {int})", "avg(DISTINCT {int})", "bit_or({small})", "stddev_pop({int})", "percentile_disc(0.5) WITHIN GROUP (ORDER BY {int})", "percentile_cont(0.25) WITHIN GROUP (ORDER BY {float})", "mode() WITHIN GROUP (ORDER BY {bool})",
	"sum(CASE WHEN {bool} THEN {int} ELSE 0 END)", "min({num}) + max({int})", "coalesce(sum({int}), 0)", "round(avg({num}), 2)", "sum({int}) / nullif(count(*), 0)", "sum({float})"}

func (r *randomSQL) grouped() string {
	from := r.from()
	var keys []string
	for range r.IntN(3) {
		typ := r.pick([]string{"int", "text", "bool", "date"})
		keys = append(keys, r.pick(r.scope)+"."+r.pick(randomColumns[typ]))
	}
	out := append([]string(nil), keys...)
	for range 1 + r.IntN(3) {
		out = append(out, r.fill(r.pick(randomAggregates), r.IntN(2)+1))
	}
	sql := ""
	if len(keys) > 0 {
		list := strings.Join(keys, ", ")
		switch r.IntN(6) {
		case 0:
			sql = " GROUP BY ROLLUP (" + list + ")"
			out = append(out, "grouping("+keys[0]+")")
		case 1:
			sql = " GROUP BY CUBE (" + list + ")"
		case 2:
			sql = " GROUP BY GROUPING SETS ((" + list + "), (), (" + keys[0] + "))"
		case 3:
			sql = " GROUP BY " + strings.Join([]string{"1", "1, 2"}[len(keys)-1:len(keys)], "")
		default:
			sql = " GROUP BY " + list
		}
	}
	if r.IntN(4) == 0 {
		sql += " HAVING " + r.pick([]string{"count(*) > 1", "sum(" + r.scope[0] + ".a) > 3", "bool_or(" + r.expr("bool", 1) + ")", "max(" + r.scope[0] + ".s) LIKE 'a%'"})
	}
	return "SELECT " + strings.Join(out, ", ") + from + r.where(2) + sql
}

// randomWindows are functions over windows whose order is total.
var randomWindows = []string{"row_number()", "rank()", "dense_rank()", "ntile(3)", "percent_rank()", "cume_dist()", "lag({int})", "lead({text}, 2)", "lag({int}, 1, 0)", "first_value({int})", "last_value({text})", "nth_value({int}, 2)", "sum({int})", "count({any})", "avg({int})", "min({num})", "max({text})", "count(*)", "sum({num})", "bool_or({bool})", "string_agg({char}, '')", "array_agg({int})", "sum({int}) FILTER (WHERE {bool})"}

func (r *randomSQL) windowed() string {
	r.scope = []string{"t1"}
	var out []string
	for range 1 + r.IntN(3) {
		text := r.fill(r.pick(randomWindows), 1)
		window := ""
		if r.IntN(2) == 0 {
			window = "PARTITION BY " + r.pick([]string{"t1.a", "t1.s", "t1.p", "t1.a, t1.p", "t1.d"}) + " "
		}
		window += "ORDER BY " + r.pick([]string{"t1.id", "t1.b, t1.id", "t1.s DESC, t1.id", "t1.n DESC NULLS LAST, t1.id", "t1.d NULLS FIRST, t1.id DESC"})
		if strings.ContainsAny(text, "{(") && r.IntN(2) == 0 && !strings.Contains(text, "lag") && !strings.Contains(text, "lead") && !strings.Contains(text, "ntile") {
			window += r.pick([]string{" ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING", " ROWS UNBOUNDED PRECEDING", " ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING", " ROWS BETWEEN CURRENT ROW AND 2 FOLLOWING", " GROUPS BETWEEN 1 PRECEDING AND CURRENT ROW", " ROWS BETWEEN 3 PRECEDING AND 1 PRECEDING", " ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW EXCLUDE CURRENT ROW"})
		}
		out = append(out, text+" OVER ("+window+")")
	}
	return "SELECT t1.id, " + strings.Join(out, ", ") + " FROM t1" + r.where(2)
}

func (r *randomSQL) sets() string {
	types := []string{r.pick([]string{"int", "text", "num", "date", "bool"}), r.pick([]string{"int", "text", "ts", "float"})}
	part := func() string {
		from := r.from()
		return "SELECT " + r.expr(types[0], 2) + ", " + r.expr(types[1], 1) + from + r.where(1)
	}
	sql := part()
	for range 1 + r.IntN(2) {
		sql += " " + r.pick([]string{"UNION", "UNION ALL", "INTERSECT", "EXCEPT", "EXCEPT ALL", "INTERSECT ALL"}) + " " + part()
	}
	return sql
}

func (r *randomSQL) nested() string {
	inner := r.from()
	a, b, c := r.expr("int", 2), r.expr("text", 2), r.expr("bool", 2)
	sub := "SELECT " + a + " AS a, " + b + " AS s, " + c + " AS p" + inner + r.where(2)
	outer := r.pick([]string{"v.a", "v.s", "v.p", "v.a + 1", "v.a / 2", "v.s || 'z'", "count(*)", "sum(v.a)", "min(v.s)", "bool_and(v.p)", "v.*", "coalesce(v.a, 0)", "v.a::numeric / 4", "avg(v.a)"})
	where := r.pick([]string{"", " WHERE v.p", " WHERE NOT v.p", " WHERE v.a > 1", " WHERE v.s LIKE 'a%'", " WHERE v.a IS NULL", " WHERE v.a IN (1, 2, 3)", " WHERE v.s <> ''"})
	switch r.IntN(4) {
	case 0:
		return "WITH v AS (" + sub + ") SELECT " + outer + " FROM v" + where
	case 1:
		return "SELECT " + outer + " FROM (" + sub + ") v" + where
	case 2:
		return "SELECT t1.id, z.m FROM t1 LEFT JOIN LATERAL (SELECT max(x.b) AS m FROM t2 x WHERE x.a = t1.a) z ON true"
	}
	return "SELECT " + outer + " FROM (" + sub + ") AS v" + where
}

func (r *randomSQL) ordered() string {
	r.scope = []string{"t1"}
	key := r.expr(r.pick([]string{"int", "text", "num", "bool", "date", "float"}), 2)
	how := r.pick([]string{"", " DESC", " ASC NULLS FIRST", " DESC NULLS LAST"})
	sql := "SELECT t1.id, " + key + " AS k FROM t1" + r.where(2) + " ORDER BY k" + how + ", t1.id"
	return sql + r.pick([]string{"", " LIMIT 5", fmt.Sprintf(" LIMIT %d OFFSET %d", r.IntN(5), r.IntN(5)), " FETCH FIRST 3 ROWS ONLY"})
}
