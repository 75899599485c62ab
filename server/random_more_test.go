package server

import (
	"fmt"
	"maps"
	"strings"
)

// Intervals, arrays, JSON and text of the kinds that random statements came to later, and their shapes of queries.

func init() {
	for typ, forms := range map[string][]string{
		"iv":  {"{ts} - {ts}", "{iv} + {iv}", "{iv} - {iv}", "{iv} * {small}", "- {iv}", "age({ts}, {ts})", "age({date}, {date})", "justify_hours({iv})", "justify_days({iv})", "make_interval(days => {small}, hours => {small})", "coalesce({iv}, {iv})", "CASE WHEN {bool} THEN {iv} ELSE {iv} END", "{iv} / 2", "{ts} - {date}", "nullif({iv}, {iv})", "{small} * interval '1 hour'"},
		"int": {"extract(day from {iv})::int", "extract(hour from {iv})::int", "extract(epoch from {iv})::int / 60", "date_part('month', {iv})::int", "json_array_length('[1,2,[3]]'::json)", "array_upper({ints}, 1)", "array_lower({ints}, 1)", "array_ndims({ints})", "octet_length({text})", "bit_length({text})", "(SELECT sum(x.b)::int FROM t2 x WHERE x.a = {int} GROUP BY x.p ORDER BY 1 LIMIT 1)", "(SELECT x.b FROM t2 x WHERE x.id = {int})", "extract(isodow from {ts})::int", "extract(week from {date})::int", "extract(quarter from {ts})::int", "extract(doy from {date})::int", "extract(century from {date})::int", "extract(isoyear from {date})::int", "lcm({small}, 4)", "factorial({pos})::int", "regexp_instr({text}, 'b')", "cardinality({texts})", "array_length(string_to_array({text}, 'b'), 1)", "({json} -> 'b' -> 'c' ->> 0)::int", "(SELECT max(v) FROM unnest({ints}) AS v)", "(SELECT count(*)::int FROM generate_series(1, {pos}) g WHERE g > {int})", "(WITH w AS (SELECT x.a FROM t2 x WHERE x.b > {int}) SELECT count(*)::int FROM w)"},
		"num": {"round({num}, -1)", "power({num}, 2)", "div({num}, 2)", "extract(epoch from {ts} - {ts})", "{num} / 4", "mod({num}, 2)", "extract(second from {ts})", "(SELECT avg(x.n) FROM t2 x WHERE x.a > {int})", "round({float}::numeric, 2)", "sqrt(abs({num}))"},
		"text": {"({iv})::text", "to_char({iv}, 'HH24:MI:SS')", "to_char({num}, 'FM999990.00')", "to_char({num}, '9,999.99')", "to_char({ts}, 'Mon DD, YYYY HH12:MI AM')", "to_char({date}, 'IYYY-IW-ID')", "to_char({ts}, 'Q DDD D W WW')", "to_char({int}, 'FM000')", "to_char({int}, 'RN')", "array_to_string(regexp_match({text}, '([a-z])(.)?'), '/', '-')", "regexp_substr({text}, '[a-z]+')", "json_typeof({json})", "({json})::text", "{ints}::text", "{texts}::text", "substring({text} for 2)", "left({text}, {small})", "concat_ws({char}, VARIADIC {texts})",
			"format('[%5s|%-5s]', {text}, {int})", "regexp_replace({text}, '(a)(b)?', '[\\2\\1]')", "split_part({text}, 'b', -1)", "(SELECT string_agg(v, '+' ORDER BY v) FROM unnest({texts}) v)", "{float}::text", "{num}::text", "{big}::text", "normalize({text})", "(SELECT x.s FROM t2 x WHERE x.id = {int})", "encode(sha256({text}::bytea), 'hex')", "encode({text}::bytea, 'base64')", "convert_from('\\x4142'::bytea, 'UTF8')", "ltrim({text})", "{num}::numeric(8,1)::text"},
		"bool":  {"{iv} {cmp} {iv}", "{ts} - {ts} > {iv}", "{ts} + {iv} {cmp} {ts}", "{texts} && {texts}", "{texts} @> ARRAY['a']", "{texts} = {texts}", "{int} = ANY(string_to_array('1,2', ',')::int[])", "EXISTS (SELECT 1 FROM unnest({ints}) v WHERE v = {int})", "{int} IN (SELECT x.a FROM t2 x UNION SELECT x.b FROM t2 x)", "{int} < ALL(SELECT x.a FROM t2 x WHERE x.p)", "(SELECT bool_or(x.p) FROM t2 x WHERE x.a = {int})", "{text} LIKE '%!%' ESCAPE '!'", "{text} ~~ {pattern}", "{text} !~~* {pattern}", "{json}::jsonb ? 'a'", "{json}::jsonb @> '{\"a\": 1}'", "regexp_like({text}, 'b', 'i')", "num_nonnulls({any}, {any}) = 1", "{ints} IS NULL", "{ints} > {ints}", "cardinality({ints}) > 1", "{date} IN ({date}, {date})", "{num} BETWEEN {int} AND {num}", "({int} > 1) = ({text} = 'a')"},
		"date":  {"({date} - {iv})::date", "date_trunc('year', {ts})::date", "date_trunc('week', {date})::date", "least({date}, {date})", "(SELECT max(x.d) FROM t2 x WHERE x.a = {int})", "to_date('2024-0' || (1 + abs({small})), 'YYYY-MM')", "nullif({date}, {date})"},
		"ts":    {"{ts} + {iv}", "{ts} - {iv}", "{date} + {iv}", "date_trunc('decade', {ts})", "to_timestamp({date}::text || ' 10:11', 'YYYY-MM-DD HH24:MI')::timestamp", "make_timestamp(2020 + {pos}, 2, 28, 23, 59, 1.5)", "date_trunc('minute', {ts})", "(SELECT min(x.ts) FROM t2 x WHERE x.ts > {ts})", "{date} + time '10:20'", "{ts}::timestamp(0)"},
		"ints":  {"array_fill({int}, ARRAY[{pos}])", "ARRAY(SELECT g * {small} FROM generate_series(1, {pos}) g)", "array_positions({ints}, {int})", "ARRAY(SELECT DISTINCT v FROM unnest({ints}) v ORDER BY v)", "trim_array({ints}, 0)", "(SELECT array_agg(x.a ORDER BY x.id) FROM t2 x WHERE x.b = {int})", "({ints})[2:]", "string_to_array('1,2,x', ',', 'x')::int[]"},
		"texts": {"array_append({texts}, {text})", "regexp_match({text}, '(a)(b)?')", "{ints}::text[]", "({texts})[:1]", "string_to_array({text}, ',', 'a')"},
		"json":  {"to_json({ints})", "to_json({bool})", "row_to_json(ROW({int}, {text}))", "json_build_object('k', {ints}, 'd', {date})", "json_strip_nulls({json})", "array_to_json({texts})", "(SELECT json_agg(x.a ORDER BY x.id) FROM t2 x WHERE x.b = {int})", "(SELECT json_object_agg(x.id, x.s ORDER BY x.id) FROM t2 x WHERE x.b = {int})", "to_json({num})", "to_json({ts})", "CASE WHEN {bool} THEN {json} END"},
	} {
		randomForms[typ] = append(randomForms[typ], forms...)
	}
	maps.Copy(randomLeaves, map[string][]string{"iv": {"interval '1 day'", "interval '1 month 3 days'", "'2 hours 30 minutes'::interval", "interval '-1 day 5 hours'", "NULL::interval", "interval '1 year'", "interval '90 seconds'", "interval '0'", "'P1DT2H'::interval"}})
	randomAggregates = append(randomAggregates, "sum({big})", "avg({float})", "avg({big})", "var_pop({int})", "stddev({num})", "array_agg({text} ORDER BY {=} DESC)", "max({iv})", "sum({iv})", "count(DISTINCT {date})", "min({text}) FILTER (WHERE {bool})", "string_agg(DISTINCT {text}, '-' ORDER BY {=})", "bit_and({small})", "bit_xor({small})", "regr_count({int}, {float})", "covar_pop({int}, {small})",
		"(array_agg({int} ORDER BY {=}))[1]", "every({int} > 0)", "percentile_cont(ARRAY[0.25, 0.5]) WITHIN GROUP (ORDER BY {int})", "sum(sum({int})) OVER ()", "max(max({int})) OVER ()", "any_value({small} * 0)", "min({ints})", "max({ints})", "max({num} ORDER BY 1)")
}

// shape writes a query of another shape.
func (r *randomSQL) shape() string {
	r.scope = nil
	switch r.IntN(9) {
	case 0:
		r.scope = []string{"t1"}
		key := r.expr(r.pick([]string{"int", "text", "bool"}), 1)
		return fmt.Sprintf("SELECT DISTINCT ON (%s) t1.id, %s FROM t1%s ORDER BY %s, t1.id", key, r.list(1, 2), r.where(1), key)
	case 1:
		return fmt.Sprintf("WITH RECURSIVE w(n, s) AS (SELECT %s, %s UNION ALL SELECT n + 1, s || 'x' FROM w WHERE n < %d) SELECT * FROM w", r.pick([]string{"0", "1", "-1"}), r.pick([]string{"'a'::text", "''::text"}), r.IntN(6))
	case 2:
		r.scope = []string{"t1"}
		return "SELECT t1.id, v.x, v.o FROM t1, unnest(" + r.expr("ints", 2) + ") WITH ORDINALITY AS v(x, o)" + r.where(1)
	case 3:
		return r.overRange()
	case 4:
		r.scope = []string{"t1"}
		first := "WITH w AS " + r.pick([]string{"", "MATERIALIZED ", "NOT MATERIALIZED "}) + "(SELECT t1.id, " + r.expr("int", 2) + " AS a, " + r.expr("text", 2) + " AS s FROM t1" + r.where(2) + ")"
		r.scope = []string{"w2"}
		return first + ", v AS (SELECT w.a, count(*) AS c, min(w.s) AS m FROM w GROUP BY w.a) SELECT v.*, w.id FROM v " + r.pick([]string{"JOIN", "LEFT JOIN", "FULL JOIN"}) + " w USING (a)" + r.pick([]string{"", " WHERE v.c > 1", " WHERE w.s IS NULL"})
	case 5:
		join := r.pick([]string{"JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN"}) + " t2 y USING (" + r.pick([]string{"a", "id", "a, p", "s", "d"}) + ")"
		r.scope = []string{"t1", "y"}
		return "SELECT " + r.list(2, 2) + " FROM t1 " + join + r.where(2)
	case 6:
		r.scope = []string{"t1"}
		return "SELECT t1.id, z.* FROM t1 " + r.pick([]string{"LEFT JOIN", "JOIN"}) + " LATERAL (SELECT x.id AS i, x.s FROM t2 x WHERE x.a " + r.pick([]string{"=", "<", ">="}) + " t1.b ORDER BY x.b, x.id LIMIT " + r.pick([]string{"1", "2"}) + ") z ON true" + r.where(1)
	case 7:
		var rows []string
		for range 1 + r.IntN(4) {
			rows = append(rows, "("+r.expr("int", 2)+", "+r.expr("text", 2)+")")
		}
		return "SELECT v.*, v.n + 1 FROM (VALUES " + strings.Join(rows, ", ") + ") AS v(n, s)" + r.pick([]string{"", " WHERE v.n > 0", " JOIN t1 ON t1.a = v.n"})
	}
	r.scope = []string{"t1"}
	key := r.expr(r.pick([]string{"int", "text", "date", "bool"}), 2)
	return "SELECT " + key + " AS g, count(*), " + r.fill(r.pick(randomAggregates), 1) + " FROM t1" + r.where(1) + " GROUP BY " + r.pick([]string{"1", "g"}) + r.pick([]string{"", " HAVING count(*) > 1"})
}

// overRange writes windows that are given as ranges of values or have a name.
func (r *randomSQL) overRange() string {
	r.scope = []string{"t1"}
	frame := r.pick([]string{"t1.b RANGE BETWEEN 1 PRECEDING AND 2 FOLLOWING", "t1.n RANGE BETWEEN 1.5 PRECEDING AND CURRENT ROW", "t1.d RANGE BETWEEN '1 month' PRECEDING AND CURRENT ROW", "t1.ts RANGE BETWEEN interval '60 days' PRECEDING AND interval '1 day' FOLLOWING", "t1.b DESC RANGE BETWEEN 2 PRECEDING AND CURRENT ROW",
		"t1.b RANGE UNBOUNDED PRECEDING", "t1.s", "t1.b RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING EXCLUDE TIES", "t1.s GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING EXCLUDE GROUP", "t1.f RANGE BETWEEN 1 PRECEDING AND 1 FOLLOWING"})
	function := r.fill(r.pick([]string{"sum({small})", "count(*)", "count({any})", "min({int})", "max({text})", "sum({num})", "avg({int})", "bool_and({bool})", "count(*) FILTER (WHERE {bool})"}), 1)
	part := r.pick([]string{"", "PARTITION BY t1.p ", "PARTITION BY t1.a, t1.q "})
	return fmt.Sprintf("SELECT t1.id, %s OVER w, count(*) OVER (%s) FROM t1%s WINDOW w AS (%sORDER BY %s)", function, part, r.where(1), part, frame)
}
