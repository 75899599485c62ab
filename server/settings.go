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
	name = strings.ToLower(name)
	if t, ok := s.table[name]; ok {
		return t, true
	}
	if t, ok := postgresSettings()[name]; ok {
		return t, true
	}
	return customSetting(name)
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
	case t.code == "42501":
		return "", failuref(t.code, "%s %q", t.why, t.name)
	case t.why != "":
		return "", failuref(t.code, "parameter %q %s", t.name, t.why)
	default:
		return "", failuref("55P02", "parameter %q cannot be changed", t.name)
	}
	if !ok {
		hint := "What can be set: " + t.doc + "."
		if t.elsewhere {
			hint = fmt.Sprintf("Tarn knows no other value than %q.", t.initial)
		}
		return "", &failure{code: "22023", message: fmt.Sprintf("invalid value for parameter %q: %q", t.name, value), hint: hint}
	}
	return canonical, nil
}

// get returns the value that is in force.
func (s *settings) get(name string) string {
	name = strings.ToLower(name)
	v := s.values[name]
	if t, own := s.table[name]; v != "" || own && t.follows == "" {
		return v
	} else if own {
		return s.values[t.follows]
	}
	return postgresSettings()[name].initial
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
	return s.differing(after)
}

// differing returns those of values that are not in force.
func (s *settings) differing(values map[string]string) map[string]string {
	changed := map[string]string{}
	for name, v := range values {
		if s.values[name] != v {
			changed[name] = v
		}
	}
	for name := range s.values {
		if _, there := values[name]; !there { // one of PostgreSQL's, or the client's own, that was set since
			changed[name] = ""
		}
	}
	return changed
}

// modes are the settings of this transaction that differ from those of a new one, for COMMIT AND CHAIN.
func (s *settings) modes() [][2]string {
	var out [][2]string
	for _, name := range []string{"transaction_isolation", "transaction_read_only", "transaction_deferrable"} {
		if v := s.values[name]; v != "" {
			out = append(out, [2]string{name, v})
		}
	}
	return out
}

// duration is the value of a setting that is a time; 0 means none.
func (s *settings) duration(name string) time.Duration {
	d, _ := parseDuration(s.values[name]) // checked when it was set
	return d
}

// idleLimit is how long the client may send nothing, and the error that ends its connection then; 0 is for ever.
func (k *client) idleLimit() (time.Duration, error) {
	if k.tx.block == explicitBlock {
		return k.settings.duration("idle_in_transaction_session_timeout"), errIdleTx
	}
	return k.settings.duration("idle_session_timeout"), errIdle
}

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

// names lists all settings, in PostgreSQL's order.
func (s *settings) names() []string {
	names := map[string]bool{}
	for name := range s.table {
		names[name] = true
	}
	for name := range s.values {
		names[name] = true
	}
	for name := range postgresSettings() {
		names[name] = true
	}
	return slices.Sorted(maps.Keys(names))
}
