package engine

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"tarn/catalog/sqltype"
	"tarn/engine/sqltext"
)

// switches are the session's settings of Tarn's own: SET tarn.pruning = off. All are on by default.
type switches struct {
	pruning       bool // files that cannot hold rows for a statement are not read
	columnarCache bool // columnar copies are read instead of text files
	resultCache   bool // results are kept for statements that come again
}

// switchedOn is how a session begins.
var switchedOn = switches{pruning: true, columnarCache: true, resultCache: true}

// switchNames are the settings in the order of SHOW's hints.
var switchNames = []string{"pruning", "columnar_cache", "result_cache"}

// named returns the setting of a name, or nil.
func (s *switches) named(name string) *bool {
	return map[string]*bool{"pruning": &s.pruning, "columnar_cache": &s.columnarCache, "result_cache": &s.resultCache}[name]
}

// parseSwitch returns the statement if it sets, resets or shows one of Tarn's own settings, or nil.
func parseSwitch(sql string, tokens []sqltext.Token) (*ownStatement, error) {
	var words []string
	for _, t := range tokens {
		words = append(words, strings.ToLower(strings.Trim(t.Text(sql), `'"`)))
	}
	if len(words) < 4 {
		return nil, nil
	}
	verb := words[0]
	at := 1
	local := words[1] == "local"
	if verb == "set" && (words[1] == "session" || local) {
		at = 2
	}
	if !slices.Contains([]string{"set", "reset", "show"}, verb) || len(words) < at+3 || words[at] != "tarn" || words[at+1] != "." {
		return nil, nil
	}
	name, rest := words[at+2], words[at+3:]
	place := utf8.RuneCountInString(sql[:tokens[at].Start]) + 1
	if new(switches).named(name) == nil {
		return nil, &Error{Kind: KindUndefinedObject, Message: fmt.Sprintf("there is no setting tarn.%s", name), Position: place,
			Hint: "The settings are tarn." + strings.Join(switchNames, ", tarn.") + "."}
	}
	if local {
		return nil, &Error{Kind: KindUnsupported, Message: "SET LOCAL is not supported here", Position: place, Hint: "Leave out LOCAL: the setting stays until it is set again."}
	}
	o := &ownStatement{tag: strings.ToUpper(verb)}
	switch {
	case verb == "show" && len(rest) == 0:
		o.columns = []Column{{Name: "tarn." + name, Type: sqltype.Of(sqltype.Varchar)}}
		o.run = func(_ context.Context, s *Session, _ *ownStatement) ([][]any, error) {
			return [][]any{{onOff(*s.switches.named(name))}}, nil
		}
		return o, nil
	case verb == "reset" && len(rest) == 0:
		o.run = setSwitch(name, true)
		return o, nil
	case verb == "set" && len(rest) == 2 && (rest[0] == "=" || rest[0] == "to"):
		switch rest[1] {
		case "on", "true", "1", "yes", "t", "y", "default":
			o.run = setSwitch(name, true)
			return o, nil
		case "off", "false", "0", "no", "f", "n":
			o.run = setSwitch(name, false)
			return o, nil
		}
	}
	return nil, &Error{Kind: KindInvalidValue, Message: fmt.Sprintf("tarn.%s is on or off", name), Position: place,
		Hint: fmt.Sprintf("Write SET tarn.%s = off, SHOW tarn.%[1]s or RESET tarn.%[1]s.", name)}
}

func setSwitch(name string, on bool) func(context.Context, *Session, *ownStatement) ([][]any, error) {
	return func(_ context.Context, s *Session, _ *ownStatement) ([][]any, error) {
		*s.switches.named(name) = on
		s.turn()
		return nil, nil
	}
}

func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}
