package server

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgproto3"
)

// settings are the values of a session's PostgreSQL settings, with PostgreSQL's rules for transactions: ROLLBACK takes
// SET back, and SET LOCAL lasts until the end.
type settings struct {
	table  map[string]setting // by the name in lower case, as all maps here
	values map[string]string
	start  map[string]string // what RESET returns to
	told   map[string]string // what the client knows
	saved  map[string]string // values at BEGIN; nil outside of a transaction
	local  map[string]string // what SET LOCAL hides until the end of the transaction
}

func newSettings(version, user string) *settings {
	s := &settings{table: map[string]setting{}, values: map[string]string{}, told: map[string]string{}}
	for _, t := range settingsTable(version, user) {
		s.table[strings.ToLower(t.name)] = t
		s.values[strings.ToLower(t.name)] = t.initial
	}
	s.start = maps.Clone(s.values)
	return s
}

// lookup finds a setting by a name in any case.
func (s *settings) lookup(name string) (setting, bool) {
	t, ok := s.table[strings.ToLower(name)]
	return t, ok
}

// check returns the value as the setting takes it, or an error that says what it takes.
func (s *settings) check(name, value string) (string, error) {
	t, ok := s.lookup(name)
	if !ok {
		return "", failuref("42704", "unrecognized configuration parameter %q", name)
	}
	var canonical string
	switch {
	case t.change != nil:
		canonical, ok = t.change(s.get(name), value)
	case t.check != nil:
		canonical, ok = t.check(value)
	default:
		return "", failuref("55P02", "parameter %q cannot be changed", t.name)
	}
	if !ok {
		return "", &failure{code: "22023", message: fmt.Sprintf("invalid value for parameter %q: %q", t.name, value),
			hint: "What can be set: " + t.doc + "."}
	}
	return canonical, nil
}

// get returns the value that is in force.
func (s *settings) get(name string) string {
	name = strings.ToLower(name)
	if v := s.values[name]; v != "" || s.table[name].follows == "" {
		return v
	}
	return s.values[s.table[name].follows]
}

// set changes a value that check returned.
func (s *settings) set(name, value string, local bool) {
	name = strings.ToLower(name)
	if local && s.saved != nil {
		if _, hidden := s.local[name]; !hidden {
			s.local[name] = s.values[name]
		}
	} else {
		delete(s.local, name)
	}
	s.values[name] = value
}

// begin starts a transaction.
func (s *settings) begin() {
	s.saved, s.local = maps.Clone(s.values), map[string]string{}
}

// end returns the values after the transaction that differ from those now; they are to be set one by one.
func (s *settings) end(committed bool) map[string]string {
	after := s.saved
	if committed {
		after = maps.Clone(s.values)
		maps.Copy(after, s.local)
	}
	s.saved, s.local = nil, nil
	changed := map[string]string{}
	for name, v := range after {
		if s.values[name] != v {
			changed[name] = v
		}
	}
	return changed
}

// timeout is statement_timeout; 0 means none.
func (s *settings) timeout() time.Duration {
	d, _ := parseDuration(s.values["statement_timeout"]) // checked when it was set
	return d
}

func (s *settings) wantsNotices() bool { return s.values["client_min_messages"] != "error" }

// report tells the client the values that it is to know and does not know yet.
func (s *settings) report(out *outlet) {
	for _, name := range slices.Sorted(maps.Keys(s.table)) {
		t, v := s.table[name], s.values[name]
		if told, known := s.told[name]; t.report && (!known || told != v) {
			out.send(&pgproto3.ParameterStatus{Name: t.name, Value: v})
			s.told[name] = v
		}
	}
}
