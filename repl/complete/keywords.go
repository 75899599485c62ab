package complete

import "strings"

// keywords are the words that SQL statements of an analyst are made of.
var keywords = strings.Fields(`
	all alter analyze and anti any array as asc asof attach begin between by case cast checkpoint collate column columns
	commit copy crawl create cross cube current_date current_timestamp database default delete desc describe detach distinct
	drop else end escape except exclude execute exists explain extract false fetch filter first following for from full
	function glob global group grouping groups having if ilike in inner insert intersect interval into is isnull join
	lambda last lateral left like limit local macro map materialized natural not notnull null nulls offset on only or
	order ordinality outer over partition pivot positional pragma preceding prepare qualify range recursive refresh rename
	replace reset returning right rollback rollup row rows sample schema select semi set sets show similar some struct
	summarize table tables tablesample temp temporary then ties to transaction true try_cast unbounded union unnest
	unpivot update use using values view when where window with within
	bigint blob boolean date decimal double float hugeint integer json smallint text time timestamp timestamptz tinyint
	uuid varchar
`)

// Keyword reports whether a word is one of SQL's own, in lower case.
func Keyword(word string) bool { return isKeyword[word] }

var isKeyword = func() map[string]bool {
	m := map[string]bool{}
	for _, k := range keywords {
		m[k] = true
	}
	return m
}()

// daily are functions that are used every day, and offered before others.
var daily = strings.Fields(`
	abs approx_count_distinct arg_max arg_min avg ceil coalesce concat contains count date_diff date_part date_trunc
	dense_rank ends_with epoch floor greatest histogram lag lead least length list lower lpad ltrim max median min mode
	now nullif position quantile_cont rank regexp_extract regexp_matches regexp_replace round row_number rtrim split_part
	starts_with stddev strftime string_agg string_split strptime substring sum today trim upper variance year month day
`)

// reserved are the words that cannot be a name without quotes.
var reserved = func() map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(`
		all analyse analyze and any array as asc asymmetric both case cast check collate column constraint create
		current_date current_timestamp default deferrable desc describe distinct do else end except false fetch for foreign
		from group having in initially intersect into lambda lateral leading limit not null offset on only or order pivot
		pivot_longer pivot_wider placing primary qualify references returning select show some summarize symmetric table
		then to trailing true union unique unpivot using variadic when where window with`) {
		m[w] = true
	}
	return m
}()

// tableAfter are the words that a table's name follows.
var tableAfter = map[string]bool{
	"from": true, "join": true, "describe": true, "desc": true, "summarize": true, "table": true, "into": true,
	"update": true, "pivot": true, "unpivot": true,
}
