package server

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// randomSQL writes statements of PostgreSQL's SQL over the tables of randomTables. Types are followed, so that most statements run.
type randomSQL struct {
	*rand.Rand
	scope  []string // the aliases whose columns may be named
	bind   bool     // some literals are parameters
	params []diffParam
}

// randomColumns are the columns of the tables by type.
var randomColumns = map[string][]string{
	"int": {"id", "a", "b"}, "big": {"c"}, "num": {"n"}, "float": {"f"}, "text": {"s", "u"}, "bool": {"p", "q"},
	"date": {"d"}, "ts": {"ts"}, "ints": {"ia"}, "texts": {"ta"}, "json": {"j"},
}

// randomForms are the expressions of a type. {int} is an expression of that type.
var randomForms = map[string][]string{
	"int": {"{int} + {int}", "{int} - {int}", "{int} * {small}", "- {int}", "abs({int})", "{int} / nullif({int}, 0)", "{int} % nullif({int}, 0)", "mod({int}, 7)",
		"CASE WHEN {bool} THEN {int} ELSE {int} END", "CASE {int} WHEN {int} THEN {int} WHEN {int} THEN {int} END", "coalesce({int}, {int})", "length({text})",
		"position({char} in {text})", "strpos({text}, {char})", "extract(year from {date})::int", "extract(dow from {date})::int", "greatest({int}, {int})", "least({int}, {int}, {int})",
		"nullif({int}, {int})", "({bool})::int", "({num})::int", "({float})::int", "{small} & {small}", "{small} | {small}", "{small} # {small}", "{pos} << 2", "{int} >> 1", "~ {int}",
		"{date} - {date}", "ascii({text})", "array_length({ints}, 1)", "cardinality({ints})", "({ints})[{pos}]", "array_position({ints}, {int})", "sign({int})::int", "{int}::text::int",
		"({json} ->> 'a')::int", "(SELECT max(x.a) FROM t2 x WHERE x.b = {int})", "(SELECT count(*)::int FROM t2 x WHERE x.a < {int})", "round({num})::int", "trunc({num})::int", "floor({float})::int", "ceil({num})::int",
		"num_nulls({int}, {text})", "char_length({text})", "regexp_count({text}, '[ab]')", "date_part('month', {ts})::int", "width_bucket({int}, 0, 10, 5)", "extract(epoch from {ts})::int / 100000", "div({int}, 3)::int", "gcd({int}, 6)"},
	"big":   {"{big} + {int}", "{int}::bigint * {big}", "coalesce({big}, {int})", "greatest({big}, {int})", "{big} / nullif({int}, 0)", "{big} % 10", "(SELECT count(*) FROM t2 x WHERE x.s = {text})", "-{big}", "nullif({big}, {int})", "CASE WHEN {bool} THEN {big} ELSE {int} END", "abs({big})"},
	"num":   {"{num} + {num}", "{num} - {int}", "{num} * {small}", "round({num}, 1)", "trunc({num}, 1)", "abs({num})", "coalesce({num}, {int})", "- {num}", "CASE WHEN {bool} THEN {num} ELSE {int} END", "greatest({num}, {num})", "{int}::numeric(10,2)", "{num} % 3", "round({num}, 0)", "ceil({num})", "floor({num})", "nullif({num}, {num})", "sign({num})", "{num}::text::numeric(12,3)"},
	"float": {"{float} + {float}", "{float} * {float}", "{float} - {int}", "{float} / nullif({float}, 0)", "abs({float})", "sqrt(abs({float}))", "{int}::float8", "{num}::float8", "coalesce({float}, {int})", "floor({float})", "trunc({float})", "power({float}, 2)", "-{float}", "{float} ^ 2", "greatest({float}, {num})"},
	"text": {"{text} || {text}", "upper({text})", "lower({text})", "substr({text}, {pos}, {pos})", "substring({text} from {pos} for {pos})", "substring({text} from {pos})", "left({text}, {small})", "right({text}, {small})", "trim({text})", "btrim({text}, 'ab')", "ltrim({text}, 'a ')", "rtrim({text})",
		"replace({text}, {char}, {text})", "repeat({text}, {pos})", "lpad({text}, {pos}, '*')", "rpad({text}, {small})", "split_part({text}, 'a', {pos})", "reverse({text})", "concat({text}, {int}, {text})", "concat_ws('-', {text}, {text}, {int})", "{int}::text", "{bool}::text", "{date}::text", "{ts}::text",
		"to_char({date}, 'YYYY-MM-DD Day')", "to_char({ts}, 'HH24:MI:SS.US')", "to_char({int}, '999S')", "translate({text}, 'abc', 'xy')", "initcap({text})", "md5({text})", "coalesce({text}, {text})", "CASE WHEN {bool} THEN {text} ELSE {text} END", "nullif({text}, {text})", "quote_literal({text})", "quote_ident({text})", "overlay({text} placing 'ZZ' from 2 for 1)",
		"format('%s-%s', {text}, {int})", "regexp_replace({text}, '[ab]', 'X')", "regexp_replace({text}, '([a-z])', '<\\1>', 'g')", "substring({text} from '[a-c]+')", "array_to_string({texts}, ',')", "array_to_string({ints}, ',', '*')", "({texts})[{pos}]", "{json} ->> 'a'", "greatest({text}, {text})", "min_scale({num})::text",
		"{text} || {int}", "{int} || {text}", "(SELECT min(x.s) FROM t2 x WHERE x.a = {int})", "chr(65 + {pos})", "to_hex(abs({int}))", "{text} COLLATE \"C\"", "trim(leading 'a' from {text})", "trim(both from {text})", "(SELECT string_agg(x.s, ',' ORDER BY x.s, x.id) FROM t2 x WHERE x.a > {int})", "starts_with({text}, 'a')::text", "unistr('\\0041')", "encode({text}::bytea, 'hex')", "left({text}, -1)"},
	"bool": {"{int} {cmp} {int}", "{big} {cmp} {int}", "{num} {cmp} {int}", "{float} {cmp} {num}", "{text} {cmp} {text}", "{date} {cmp} {date}", "{ts} {cmp} {ts}", "{ts} {cmp} {date}", "{bool} AND {bool}", "{bool} OR {bool}", "NOT {bool}", "({bool} OR {bool}) AND {bool}", "{any} IS NULL", "{any} IS NOT NULL", "{int} IS DISTINCT FROM {int}", "{text} IS NOT DISTINCT FROM {text}",
		"{int} BETWEEN {int} AND {int}", "{int} NOT BETWEEN {int} AND {int}", "{int} BETWEEN SYMMETRIC {int} AND {int}", "{text} BETWEEN {text} AND {text}", "{int} IN ({int}, {int}, NULL)", "{int} NOT IN ({int}, {int})", "{text} IN ({text}, {text})", "{int} IN (SELECT x.a FROM t2 x WHERE {int} < x.b)", "{int} NOT IN (SELECT x.a FROM t2 x WHERE x.a > {int})", "EXISTS (SELECT 1 FROM t2 x WHERE x.a = {int} AND x.b > {int})", "NOT EXISTS (SELECT * FROM t2 x WHERE x.s = {text})",
		"{text} LIKE {pattern}", "{text} NOT LIKE {pattern}", "{text} ILIKE {pattern}", "{text} LIKE {text} || '%'", "{text} ~ {regexp}", "{text} !~ {regexp}", "{text} ~* {regexp}", "{text} SIMILAR TO '(a|b)%'", "({bool}) IS TRUE", "({bool}) IS NOT TRUE", "({bool}) IS UNKNOWN", "({bool}) IS NOT FALSE", "{int} = ANY({ints})", "{int} <> ALL({ints})", "{int} > ANY({ints})", "{int} <= ALL({ints})", "{int} = ANY(ARRAY[{int}, {int}, NULL])", "{text} = ANY({texts})", "{text} LIKE ANY({texts})", "{text} LIKE ANY(ARRAY[{pattern}, {pattern}])", "NOT ({int} = ANY({ints}))",
		"{int} = ANY(SELECT x.a FROM t2 x)", "{int} > ALL(SELECT x.b FROM t2 x WHERE x.b < {int})", "{int} <> ALL('{1,2,3}')", "({int}, {int}) {cmp} ({int}, {int})", "({int}, {text}) = ({int}, {text})", "({column}, {column}) IN (({column}, {small}), ({small}, NULL))", "{bool} = {bool}", "{bool} <> {bool}", "coalesce({bool}, {bool})", "starts_with({text}, {char})", "({date}, {date}) OVERLAPS ({date}, {date})", "{ints} @> ARRAY[{int}]", "{ints} && {ints}", "{ints} = {ints}", "{ints} < {ints}", "ARRAY[{int}] <@ {ints}",
		"CASE WHEN {bool} THEN {bool} ELSE {bool} END", "{text} ^@ {char}", "({json} ->> 'a') = {text}", "{json} -> 'a' IS NULL", "{json}->>'a' LIKE {pattern}", "{date} > {ts}", "row({int}, {int}) IS NULL", "NOT {int} = {int}", "NOT {bool} AND {bool} OR {bool}", "{int} + {int} = {int} AND {bool}", "- {int} < {int} * {small} OR {bool}", "isfinite({date})", "{text} NOT SIMILAR TO '%[bc]_'", "{int} = SOME({ints})", "greatest({bool}, {bool})", "{int}::bool", "{text} > {text} COLLATE \"C\"", "{int} ISNULL", "{text} NOTNULL", "{bool} IS DISTINCT FROM {bool}"},
	"date":  {"{date} + {small}", "{date} - {small}", "{ts}::date", "date_trunc('month', {date})::date", "coalesce({date}, {date})", "make_date(2020 + {small}, 1 + abs({small}) % 12, 3)", "({date} + interval '1 month')::date", "greatest({date}, {date})", "CASE WHEN {bool} THEN {date} ELSE {date} END", "date({ts})", "{date}::text::date", "to_date({date}::text, 'YYYY-MM-DD')"},
	"ts":    {"{date} + interval '90 minutes'", "{ts} + interval '1 month 2 days'", "{ts} - interval '1 year'", "date_trunc('hour', {ts})", "date_trunc('week', {ts})", "date_trunc('quarter', {ts})", "coalesce({ts}, {date})", "{date}::timestamp", "{ts} + {small} * interval '1 day'", "least({ts}, {ts})", "date_bin('15 minutes', {ts}, timestamp '2001-01-01')", "{ts} + make_interval(days => {small})", "{ts} + ({ts} - {ts})"},
	"ints":  {"ARRAY[{int}, {int}]", "ARRAY[{int}, NULL]", "array_append({ints}, {int})", "array_prepend({int}, {ints})", "array_cat({ints}, {ints})", "({ints})[{pos}:{pos}]", "array_remove({ints}, {int})", "array_replace({ints}, {int}, {int})", "ARRAY(SELECT x.a FROM t2 x WHERE x.a > {int} ORDER BY x.a, x.id)", "coalesce({ints}, '{}'::int[])", "'{1,NULL,3}'::int[]", "CASE WHEN {bool} THEN {ints} END"},
	"texts": {"ARRAY[{text}, {text}]", "string_to_array({text}, 'a')", "regexp_split_to_array({text}, '[ab]')", "coalesce({texts}, ARRAY['z'])", "string_to_array({text}, NULL)", "array_remove({texts}, {text})"},
	"json":  {"{json}", "json_build_object('a', {int}, 'b', {text})", "to_json({text})", "json_build_array({int}, {text}, {bool})", "{json} -> 'b'", "'{\"a\": 7, \"b\": {\"c\": null}}'::json"},
}

// randomLeaves are literals.
var randomLeaves = map[string][]string{
	"int": {"0", "1", "2", "3", "-1", "10", "7", "NULL::int", "'5'::int"}, "small": {"0", "1", "2", "3", "-1", "-2", "5"}, "pos": {"0", "1", "2", "3", "4"},
	"big": {"3000000000", "1::bigint", "-5000000000", "0::bigint"}, "num": {"1.5", "0.25", "-2.50", "3.0", "2.5", "-0.5", "100.01", "NULL::numeric(10,2)"},
	"float": {"1.5::float8", "-0.5::float8", "2.5::float8", "3e2::float8", "'1e-3'::float8", "0::float8"},
	"text":  {"'a'", "''", "'abc'", "' b '", "'B'", "E'a\\'b'", "'a%'", "'a_b'", "$$x'y$$", "'10'", "NULL::text", "'Ab Cd'", "'a\\b'", "'a,b'"}, "char": {"'a'", "'b'", "''", "'ab'"},
	"bool": {"true", "false", "NULL::bool", "'t'::bool"}, "date": {"date '2024-02-29'", "'2023-12-31'::date", "date '2024-01-01'", "NULL::date"}, "ts": {"timestamp '2024-02-29 13:14:15.5'", "'2023-01-01'::timestamp", "NULL::timestamp"},
	"pattern": {"'a%'", "'%b%'", "'_'", "'a\\_%'", "''", "'%'", "'%a'", "'A%'", "'a\\\\b'", "NULL", "'a_c'", "'%\\%'"}, "regexp": {"'^a'", "'b$'", "'a.*b'", "'[a-c]+'", "''", "'(a|b)'", "'\\d'", "'^$'", "'A'"},
	"cmp": {"=", "<>", "!=", "<", "<=", ">", ">="}, "ints": {"ARRAY[1,2,3]", "'{}'::int[]", "'{5,NULL}'::int[]", "NULL::int[]"}, "texts": {"ARRAY['a','b%']", "'{a,\"b c\",NULL}'::text[]", "'{}'::text[]"}, "json": {"'{\"a\": 1, \"b\": \"x\"}'::json", "'[1,2]'::json", "NULL::json"},
}

func (r *randomSQL) pick(list []string) string { return list[r.IntN(len(list))] }

// expr writes an expression of a type.
func (r *randomSQL) expr(typ string, depth int) string {
	if typ == "column" && len(r.scope) > 0 {
		return r.pick(r.scope) + "." + r.pick(randomColumns["int"])
	} else if typ == "column" {
		typ = "small"
	}
	if typ == "any" {
		typ = r.pick([]string{"int", "big", "num", "float", "text", "bool", "date", "ts", "ints", "iv", "texts"})
	}
	forms := randomForms[typ]
	if depth <= 0 || forms == nil || r.IntN(6) == 0 {
		return r.leaf(typ)
	}
	return r.fill(r.pick(forms), depth-1)
}

// fill writes a form's operands; {=} is the one before once more, as DISTINCT wants it in ORDER BY.
func (r *randomSQL) fill(form string, depth int) string {
	var b strings.Builder
	last := ""
	for {
		before, rest, ok := strings.Cut(form, "{")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		name, behind, ok := strings.Cut(rest, "}")
		switch {
		case !ok || name != "=" && name != "any" && name != "column" && randomLeaves[name] == nil:
			b.WriteString("{")
			form = rest
			continue
		case name != "=":
			last = r.expr(name, depth)
			if r.part(name, last) {
				last = "(" + last + ")"
			}
		}
		b.WriteString(last)
		form = behind
	}
}

// part says whether an operand gets parentheses: mostly, but not always, so that operators bind as they do without.
func (r *randomSQL) part(typ, text string) bool {
	if randomForms[typ] == nil && typ != "any" {
		return false
	}
	return strings.ContainsAny(text, " -:~") && r.IntN(8) > 0
}

func (r *randomSQL) leaf(typ string) string {
	columns := randomColumns[typ]
	if len(r.scope) > 0 && len(columns) > 0 && r.IntN(4) > 0 {
		return fmt.Sprintf("%s.%s", r.pick(r.scope), r.pick(columns))
	}
	if values := randomParams[typ]; r.bind && values != nil && r.IntN(3) == 0 {
		r.params = append(r.params, values[r.IntN(len(values))])
		return fmt.Sprintf("$%d::%s", len(r.params), strings.Replace(r.params[len(r.params)-1].typ, "_", "", 1)+map[bool]string{true: "[]"}[strings.HasPrefix(r.params[len(r.params)-1].typ, "_")])
	}
	return r.pick(randomLeaves[typ])
}

// randomParams are values of parameters.
var randomParams = map[string][]diffParam{
	"int": {{"int4", []byte("2")}, {"int4", []byte("-1")}, {"int4", nil}, {"int8", []byte("3")}, {"int2", []byte("5")}}, "big": {{"int8", []byte("3000000000")}},
	"num": {{"numeric", []byte("1.25")}, {"numeric", []byte("-2.5")}, {"numeric", nil}}, "float": {{"float8", []byte("1.5")}, {"float4", []byte("0.5")}},
	"text": {{"text", []byte("abc")}, {"text", []byte("")}, {"varchar", []byte("a'b")}, {"text", nil}}, "bool": {{"bool", []byte("t")}, {"bool", nil}},
	"date": {{"date", []byte("2024-02-29")}, {"date", nil}}, "ts": {{"timestamp", []byte("2024-01-01 10:00:00")}},
	"ints": {{"_int4", []byte("{2,NULL}")}, {"_int4", []byte("{}")}, {"_int4", []byte("{1,5}")}}, "texts": {{"_text", []byte("{a,\"a%\",NULL}")}},
}
