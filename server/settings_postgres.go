package server

import (
	_ "embed"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// postgresText lists the settings of PostgreSQL 15 as it shows them itself: name, who may set it (u everyone, s superusers, r when the
// server starts, i nobody), its type (b, i, r, e, s), whether it concerns speed, resources or logging alone (h) or what statements mean
// (m), its value, the values of an enumeration, and what it is.
//
//go:embed postgres_settings.tsv
var postgresText string

// harmless are settings for clients that may have any value, although their category is not one of speed, resources or logging.
var harmless = []string{"check_function_bodies", "client_connection_check_interval", "default_table_access_method", "default_tablespace",
	"default_toast_compression", "escape_string_warning", "gin_fuzzy_search_limit", "gin_pending_list_limit", "password_encryption",
	"synchronize_seqscans", "tcp_keepalives_count", "tcp_keepalives_idle", "tcp_keepalives_interval", "tcp_user_timeout", "temp_tablespaces",
	"vacuum_failsafe_age", "vacuum_freeze_min_age", "vacuum_freeze_table_age", "vacuum_multixact_failsafe_age",
	"vacuum_multixact_freeze_min_age", "vacuum_multixact_freeze_table_age", "wal_sender_timeout"}

// postgresSettings are PostgreSQL's settings that mean nothing here, by name in lower case. The rule: one that concerns speed, resources
// or logging takes any value of its type, and a notice says that it has no effect; one that changes what statements mean takes its
// default only; what needs a superuser or a restart in PostgreSQL is refused.
var postgresSettings = sync.OnceValue(func() map[string]setting {
	all := map[string]setting{}
	for line := range strings.Lines(postgresText) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		s := setting{name: f[0], initial: f[4], doc: f[6], elsewhere: true}
		name, who, kind, enum := f[0], f[1], f[2], strings.Split(f[5], ",")
		switch {
		case who == "s":
			s.code, s.why = "42501", "permission denied to set parameter"
		case who == "r":
			s.code, s.why = "55P02", "cannot be changed now"
		case who == "u" && (f[3] == "h" || slices.Contains(harmless, name)):
			s.check = ofType(kind, enum)
		case who == "u":
			s.check = oneOf(s.initial)
		}
		all[strings.ToLower(name)] = s
	}
	return all
})

// ofType takes the values of one of PostgreSQL's types of settings.
func ofType(kind string, enum []string) func(string) (string, bool) {
	switch kind {
	case "b":
		return oneOf("on", "off")
	case "e":
		return oneOf(enum...)
	case "i", "r":
		return func(value string) (string, bool) {
			number := strings.TrimRight(value, " kMGTBusmhdin")
			_, err := strconv.ParseFloat(number, 64)
			unit := strings.TrimSpace(value[len(number):])
			return value, err == nil && (unit == "" || slices.Contains([]string{"B", "kB", "MB", "GB", "TB", "us", "ms", "s", "min", "h", "d"}, unit))
		}
	}
	return anyText
}

// customSetting is a setting that a client makes up, such as myapp.user: PostgreSQL, too, keeps its value and does nothing else.
func customSetting(name string) (setting, bool) {
	prefix, rest, dotted := strings.Cut(name, ".")
	if !dotted || prefix == "" || rest == "" || prefix == "tarn" {
		return setting{}, false
	}
	return setting{name: name, check: anyText, custom: true, doc: "the client's own"}, true
}
