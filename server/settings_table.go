package server

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// setting is one of PostgreSQL's settings. A value that the server cannot honour is refused, never taken and ignored.
type setting struct {
	name    string // as SHOW spells it
	initial string
	report  bool // clients are told of its value and its changes (GUC_REPORT in PostgreSQL's guc_tables.c)
	engine  bool // the engine has it
	follows string
	// check returns the value as SHOW spells it; not ok if the server does not do it. Nil for what cannot be set.
	check func(value string) (canonical string, ok bool)
	// change takes the place of check where what is set depends on what was.
	change func(now, value string) (canonical string, ok bool)
	doc    string // what it is, and what can be set

	elsewhere bool   // PostgreSQL has it, and it has no effect here
	custom    bool   // a client made it up
	code, why string // of the error if check is nil; empty for the usual one
}

// serverVersion is the PostgreSQL version that clients are told: tools choose their catalog queries by it.
const (
	serverVersion    = "15.0"
	serverVersionNum = "150000"
)

// settingsTable lists the settings that clients use. version and user fill in what depends on them.
func settingsTable(version, user string) []setting {
	return slices.Concat(fixedSettings(version, user), formatSettings(), behaviourSettings(), ownSettings())
}

// fixedSettings cannot be changed.
func fixedSettings(version, user string) []setting {
	return []setting{
		{name: "server_version", initial: strings.TrimSpace(serverVersion + " (Tarn " + version + ")"), report: true, doc: "PostgreSQL's version, for clients that ask for it"},
		{name: "server_version_num", initial: serverVersionNum, doc: "the same as a number"},
		{name: "server_encoding", initial: "UTF8", report: true, doc: "how text is stored"},
		{name: "integer_datetimes", initial: "on", report: true, doc: "binary times are integers"},
		{name: "is_superuser", initial: "off", report: true, doc: "whether the user may do everything"},
		{name: "session_authorization", initial: user, report: true, doc: "the user"},
		{name: "in_hot_standby", initial: "off", report: true, doc: "whether the server is a replica"},
		{name: "scram_iterations", initial: "4096", report: true, doc: "how often passwords are hashed"},
		{name: "ssl", initial: "off", doc: "whether connections can be encrypted"},
		{name: "max_connections", initial: strconv.Itoa(defaultConnections), doc: "clients at once"},
		{name: "lc_collate", initial: "C", doc: "how text is sorted"},
		{name: "lc_ctype", initial: "C", doc: "how characters are classified"},
		{name: "max_identifier_length", initial: "63", doc: "bytes of a name"},
		{name: "max_index_keys", initial: "32", doc: "columns of an index"},
		{name: "block_size", initial: "8192", doc: "bytes of a page"},
	}
}

// formatSettings say how values are written.
func formatSettings() []setting {
	return []setting{
		{name: "client_encoding", initial: "UTF8", report: true, check: checkEncoding, doc: "UTF8, SQL_ASCII, which leaves the bytes as they are, or an encoding of one byte a character such as LATIN1 and WIN1252"},
		{name: "DateStyle", initial: "ISO, MDY", report: true, change: changeDateStyle, doc: "ISO, SQL, Postgres or German, and MDY, DMY or YMD"},
		{name: "IntervalStyle", initial: "postgres", report: true, check: oneOf("postgres", "iso_8601", "postgres_verbose", "sql_standard"), doc: "postgres, iso_8601, postgres_verbose or sql_standard"},
		{name: "TimeZone", report: true, engine: true, check: zoneName, doc: "the zone of TIMESTAMP WITH TIME ZONE"},
		{name: "extra_float_digits", initial: "1", check: between(-15, 3), doc: "-15 to 3: above 0 the shortest text that reads back equal, else so many digits more than 15 and 6"},
		{name: "bytea_output", initial: "hex", check: oneOf("hex", "escape"), doc: "hex or escape"},
		{name: "standard_conforming_strings", initial: "on", report: true, check: oneOf("on"), doc: "on: a backslash in a string is a backslash"},
		{name: "lc_messages", initial: "C", check: oneOf("C", "en_US.UTF-8"), doc: "English"},
		{name: "lc_monetary", initial: "C", check: oneOf("C"), doc: "C"},
		{name: "lc_numeric", initial: "C", check: oneOf("C"), doc: "C"},
		{name: "lc_time", initial: "C", check: oneOf("C"), doc: "C"},
	}
}

// behaviourSettings say what statements do.
func behaviourSettings() []setting {
	levels := oneOf("read uncommitted", "read committed", "repeatable read", "serializable")
	return []setting{
		{name: "application_name", report: true, check: anyText, doc: "the client's name for itself"},
		{name: "search_path", engine: true, check: anyText, doc: "the schemas of tables named without one"},
		{name: "client_min_messages", initial: "notice", check: oneOf("debug5", "debug4", "debug3", "debug2", "debug1", "log", "notice", "warning", "error"), doc: "warnings are sent unless it is error"},
		{name: "statement_timeout", initial: "0", check: checkDuration, doc: "how long a statement may run; 0 is for ever"},
		{name: "lock_timeout", initial: "0", check: checkDuration, doc: "how long to wait for a lock; there are none"},
		{name: "idle_in_transaction_session_timeout", initial: "0", check: checkDuration, doc: "how long a transaction may wait for its client; 0 is for ever"},
		{name: "idle_session_timeout", initial: "0", check: checkDuration, doc: "how long a connection outside of transactions may wait for its client; 0 is for ever"},
		{name: "default_transaction_isolation", initial: "repeatable read", check: levels, doc: "any level: a transaction sees one version of the lake, which satisfies all of them"},
		{name: "transaction_isolation", follows: "default_transaction_isolation", check: levels, doc: "the same for this transaction"},
		{name: "default_transaction_read_only", initial: "off", report: true, check: oneOf("on", "off"), doc: "either: the lake is read-only, and temporary tables may be changed in both, as in PostgreSQL"},
		{name: "transaction_read_only", follows: "default_transaction_read_only", check: oneOf("on", "off"), doc: "the same for this transaction"},
		{name: "default_transaction_deferrable", initial: "off", check: oneOf("on", "off"), doc: "either: transactions do not wait for each other"},
		{name: "transaction_deferrable", follows: "default_transaction_deferrable", check: oneOf("on", "off"), doc: "the same for this transaction"},
		{name: "synchronous_commit", initial: "on", check: oneOf("on"), doc: "on"},
		{name: "row_security", initial: "on", check: oneOf("on", "off"), doc: "either: there are no row policies"},
	}
}

// ownSettings are the engine's own.
func ownSettings() []setting {
	return []setting{
		{name: "tarn.pruning", initial: "on", engine: true, check: oneOf("on", "off"), doc: "on or off: whether files that can hold no row of a result are left out"},
		{name: "tarn.columnar_cache", initial: "on", engine: true, check: oneOf("on", "off"), doc: "on or off: whether columnar copies of text files are read"},
		{name: "tarn.result_cache", initial: "on", engine: true, check: oneOf("on", "off"), doc: "on or off: whether results are kept for statements that come again"},
	}
}

func anyText(value string) (string, bool) { return value, true }

// oneOf takes these values; where on or off is among them, PostgreSQL's other words for them too.
func oneOf(values ...string) func(string) (string, bool) {
	return func(value string) (string, bool) {
		for _, v := range values {
			if strings.EqualFold(v, value) || slices.Contains(synonyms[v], strings.ToLower(value)) {
				return v, true
			}
		}
		return "", false
	}
}

var synonyms = map[string][]string{"on": {"true", "yes", "1", "t", "y"}, "off": {"false", "no", "0", "f", "n"}}

func between(low, high int) func(string) (string, bool) {
	return func(value string) (string, bool) {
		n, err := strconv.Atoi(value)
		return strconv.Itoa(n), err == nil && n >= low && n <= high
	}
}

// units are those of PostgreSQL's time settings, the longest first.
var units = []struct {
	name string
	d    time.Duration
}{{"d", 24 * time.Hour}, {"h", time.Hour}, {"min", time.Minute}, {"s", time.Second}, {"ms", time.Millisecond}, {"us", time.Microsecond}}

// parseDuration reads a number with a unit; without one it is in milliseconds.
func parseDuration(value string) (time.Duration, bool) {
	value = strings.TrimSpace(value)
	digits := strings.TrimRight(value, "abcdefghijklmnopqrstuvwxyz ")
	n, err := strconv.ParseInt(digits, 10, 32)
	name := strings.TrimSpace(value[len(digits):])
	if name == "" {
		name = "ms"
	}
	for _, u := range units {
		if u.name == name && n <= int64(math.MaxInt64/u.d) {
			return time.Duration(n) * u.d, err == nil && n >= 0
		}
	}
	return 0, false
}

// checkDuration returns a time as PostgreSQL shows it, in the longest unit that makes a whole number. It counts whole
// milliseconds; less than one is not the 0 that means for ever.
func checkDuration(value string) (string, bool) {
	d, ok := parseDuration(value)
	if !ok || d == 0 {
		return "0", ok
	}
	d = max(d.Truncate(time.Millisecond), time.Millisecond)
	for _, u := range units {
		if d%u.d == 0 {
			return strconv.FormatInt(int64(d/u.d), 10) + u.name, true
		}
	}
	return "", false
}
