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
	if t.check == nil {
		return "", failuref("55P02", "parameter %q cannot be changed", t.name)
	}
	canonical, ok := t.check(value)
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
