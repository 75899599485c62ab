package engine

import "regexp"

// kindsByPattern tells apart what DuckDB reports under several exception types, or under one that says little. The first
// match wins, and it wins over kindsByText.
var kindsByPattern = []struct {
	text *regexp.Regexp
	kind ErrorKind
}{
	{regexp.MustCompile(`(?i)^(date|time|timestamp) field value out of range|^date out of range|^timestamp out of range|timestamp range`), KindDatetimeRange},
	{regexp.MustCompile(`(?i)^invalid (date|time|timestamp) field format|could not convert string '.*' to (INTERVAL|TIME)\b|could not parse string ".*" according to format|^invalid value ".*" for "`), KindDatetimeFormat},
	{regexp.MustCompile(`(?i)could not cast value .* to DECIMAL|could not convert string .* to DECIMAL.*too large|out of range for type|could not convert string '[+-]?\d+' to U?INT\d+`), KindOutOfRange},
	{regexp.MustCompile(`(?i)^column name/value mismatch for insert|^table .* has \d+ columns but \d+ values were supplied`), KindSyntax},
	{regexp.MustCompile(`(?i)more than one row returned by a subquery`), KindCardinality},
	{regexp.MustCompile(`(?i)subquery returns \d+ columns|same number of result columns|star expression|\* expression without FROM`), KindSyntax},
	{regexp.MustCompile(`(?i)cannot contain aggregates|aggregate function calls cannot be nested|aggregate functions are not allowed|GROUP BY clause cannot contain aggregates`), KindGrouping},
	{regexp.MustCompile(`(?i)cannot contain window functions|window functions are not allowed|window function calls cannot be nested`), KindWindowing},
	{regexp.MustCompile(`(?i)(ORDER|GROUP BY) term out of range`), KindColumnReference},
	{regexp.MustCompile(`(?i)LIMIT/OFFSET cannot be negative|LIMIT value .*negative`), KindRowCount},
	{regexp.MustCompile(`(?i)cannot take square root of a negative`), KindPower},
	{regexp.MustCompile(`(?i)cannot take logarithm of`), KindLogarithm},
	{regexp.MustCompile(`(?i)duplicate alias "|duplicate CTE name`), KindDuplicateAlias},
	{regexp.MustCompile(`(?i)does not exist on (left|right) side of join`), KindUndefinedColumn},
	{regexp.MustCompile(`(?i)extract specifier .* not recognized|unknown TimeZone|interval cannot be 0|step size cannot be 0|^invalid hex escape code|^invalid hexadecimal d|specifier .* not recognized|^field position must not be zero`), KindParameterValue},
	{regexp.MustCompile(`(?i)^missing [\])]: |^invalid perl operator|^no argument for repetition operator|^unexpected \)|^bad repetition operator|^invalid escape sequence: |^invalid character class|^trailing \\`), KindRegexp},
	{regexp.MustCompile(`(?i)like pattern must not end with escape character`), KindEscape},
	{regexp.MustCompile(`(?i)macro .* does not support the supplied arguments|^operator does not exist|UNNEST\(\) can only be applied`), KindUndefinedFunction},
	{regexp.MustCompile(`(?i)function with name "?(row_number|rank|dense_rank|percent_rank|cume_dist|ntile|lag|lead|first_value|last_value|nth_value)"? does not exist`), KindWrongObject},
	{regexp.MustCompile(`(?i)unrecognized configuration parameter|cannot change configuration option ".*" - the configuration has been locked`), KindUndefinedObject},
	{regexp.MustCompile(`(?i)^relation ".*" does not exist$`), KindUndefinedTable},
	{regexp.MustCompile(`(?i)^(type|role|text search \w+) ".*" does not exist$`), KindUndefinedObject},
	{regexp.MustCompile(`(?i)prepared statement ".*" does not exist`), KindPrepared},
}
