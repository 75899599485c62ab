package server

import (
	"strings"

	"tarn/engine/sqltext"
)

// command is a statement about settings or about the session itself, which the server carries out.
type command struct {
	verb   string   // SET, SHOW, RESET, DISCARD, DEALLOCATE, VERSION, NOTHING
	name   string   // of the setting or of the prepared statement; "all" for all
	values []string // SET: a list; none means DEFAULT
	more   [][2]string
	local  bool // SET LOCAL
	tag    string
	column string // VERSION: the column's name
}

// words walks over a statement's tokens, without comments.
type words struct {
	sql    string
	tokens []sqltext.Token
}

func newWords(sql string) *words {
	w := &words{sql: sql}
	for _, t := range sqltext.Tokens(sql) {
		if t.Kind != sqltext.Comment && t.Kind != sqltext.Semicolon {
			w.tokens = append(w.tokens, t)
		}
	}
	return w
}

// eat takes these words, in any case, if they come next.
func (w *words) eat(list ...string) bool {
	if len(w.tokens) < len(list) {
		return false
	}
	for i, word := range list {
		if t := w.tokens[i]; t.Kind == sqltext.QuotedWord || t.Kind == sqltext.String || !strings.EqualFold(t.Text(w.sql), word) {
			return false
		}
	}
	w.tokens = w.tokens[len(list):]
	return true
}

// name takes an identifier.
func (w *words) name() (string, bool) {
	if len(w.tokens) == 0 || w.tokens[0].Kind != sqltext.Word && w.tokens[0].Kind != sqltext.QuotedWord {
		return "", false
	}
	name := w.tokens[0].Name(w.sql)
	w.tokens = w.tokens[1:]
	return name, true
}

// setting takes the name of a setting, which may have a prefix.
func (w *words) setting() (string, bool) {
	name, ok := w.name()
	if !ok || !w.eat(".") {
		return name, ok
	}
	own, ok := w.name()
	return name + "." + own, ok
}

// value takes a word, a quoted text or a number with its sign.
func (w *words) value() (string, bool) {
	sign := ""
	if w.eat("-") {
		sign = "-"
	}
	if len(w.tokens) == 0 {
		return "", false
	}
	t := w.tokens[0]
	w.tokens = w.tokens[1:]
	text := t.Text(w.sql)
	switch {
	case t.Kind == sqltext.Number:
		return sign + text, true
	case sign != "":
		return "", false
	case t.Kind == sqltext.String && text[0] == '\'' && !t.Open:
		return strings.ReplaceAll(text[1:len(text)-1], "''", "'"), true
	case t.Kind == sqltext.QuotedWord:
		return t.Name(w.sql), true
	case t.Kind == sqltext.Word:
		return text, true
	}
	return "", false
}

func (w *words) end() bool { return len(w.tokens) == 0 }

// parseCommand recognises the statements that the server carries out itself; known tells its settings. Whatever is
// not exactly one of them is the engine's.
func parseCommand(sql string, known func(name string) bool) (command, bool) {
	w := newWords(sql)
	var c command
	ok := false
	switch {
	case w.eat("SET"):
		c, ok = parseSet(w, known)
	case w.eat("SHOW"):
		c, ok = parseShow(w, known)
	case w.eat("RESET"):
		c, ok = parseShow(w, known)
		c.verb, c.tag = "RESET", "RESET"
	case w.eat("DISCARD", "ALL"):
		c, ok = command{verb: "DISCARD", name: "all", tag: "DISCARD ALL"}, true
	case w.eat("DISCARD", "PLANS"):
		c, ok = command{verb: "NOTHING", tag: "DISCARD PLANS"}, true // plans are never kept across changes
	case w.eat("DISCARD", "SEQUENCES"):
		c, ok = command{verb: "NOTHING", tag: "DISCARD SEQUENCES"}, true // nothing is cached of sequences
	case w.eat("DEALLOCATE"):
		c, ok = parseDeallocate(w)
	case w.eat("CLOSE", "ALL"):
		c, ok = command{verb: "NOTHING", tag: "CLOSE CURSOR ALL"}, true // there are no cursors
	case w.eat("UNLISTEN", "*"):
		c, ok = command{verb: "NOTHING", tag: "UNLISTEN"}, true // and no notifications
	case w.eat("SELECT"):
		c, ok = parseVersion(w)
	}
	return c, ok && w.end()
}

// parseVersion recognises SELECT version(), by which drivers find out what they talk to.
func parseVersion(w *words) (command, bool) {
	w.eat("PG_CATALOG", ".")
	if !w.eat("VERSION", "(", ")") {
		return command{}, false
	}
	c := command{verb: "VERSION", tag: "SELECT", column: "version"}
	if w.eat("AS") {
		name, ok := w.name()
		c.column = name
		return c, ok
	}
	return c, true
}

func parseDeallocate(w *words) (command, bool) {
	w.eat("PREPARE")
	c := command{verb: "DEALLOCATE", tag: "DEALLOCATE"}
	if w.eat("ALL") {
		c.name, c.tag = "", "DEALLOCATE ALL"
		return c, true
	}
	var ok bool
	c.name, ok = w.name()
	return c, ok
}

// parseShow reads what follows SHOW and RESET.
func parseShow(w *words, known func(string) bool) (command, bool) {
	c := command{verb: "SHOW", tag: "SHOW"}
	switch {
	case w.eat("TRANSACTION", "ISOLATION", "LEVEL"):
		c.name = "transaction_isolation"
	case w.eat("TIME", "ZONE"):
		c.name = "timezone"
	case w.eat("SESSION", "AUTHORIZATION"):
		c.name = "session_authorization"
	case w.eat("ALL") && w.end():
		c.name = "all"
	default:
		var ok bool
		if c.name, ok = w.setting(); !ok || !known(c.name) {
			return c, false
		}
	}
	return c, true
}

// parseSet reads what follows SET.
func parseSet(w *words, known func(string) bool) (command, bool) {
	c := command{verb: "SET", tag: "SET"}
	session := w.eat("SESSION")
	if session && w.eat("CHARACTERISTICS", "AS", "TRANSACTION") {
		return parseModes(w, "default_transaction_", false)
	}
	if !session {
		if w.eat("TRANSACTION") {
			return parseModes(w, "transaction_", true)
		}
		c.local = w.eat("LOCAL")
	}
	switch {
	case w.eat("TIME", "ZONE"):
		c.name = "timezone"
		if w.eat("LOCAL") {
			return c, true
		}
	case w.eat("NAMES"):
		c.name = "client_encoding"
	default:
		var ok bool
		if c.name, ok = w.setting(); !ok || !known(c.name) || !w.eat("=") && !w.eat("TO") {
			return c, false
		}
	}
	if w.eat("DEFAULT") {
		return c, true
	}
	for {
		v, ok := w.value()
		if !ok {
			return c, false
		}
		c.values = append(c.values, v)
		if !w.eat(",") {
			return c, true
		}
	}
}

// parseModes reads the modes of a transaction, as settings.
func parseModes(w *words, prefix string, local bool) (command, bool) {
	c := command{verb: "SET", tag: "SET", local: local}
	add := func(name, value string) { c.more = append(c.more, [2]string{prefix + name, value}) }
	for {
		switch {
		case w.eat("ISOLATION", "LEVEL", "READ", "UNCOMMITTED"):
			add("isolation", "read uncommitted")
		case w.eat("ISOLATION", "LEVEL", "READ", "COMMITTED"):
			add("isolation", "read committed")
		case w.eat("ISOLATION", "LEVEL", "REPEATABLE", "READ"):
			add("isolation", "repeatable read")
		case w.eat("ISOLATION", "LEVEL", "SERIALIZABLE"):
			add("isolation", "serializable")
		case w.eat("READ", "ONLY"):
			add("read_only", "on")
		case w.eat("READ", "WRITE"):
			add("read_only", "off")
		case w.eat("NOT", "DEFERRABLE"):
			add("deferrable", "off")
		case w.eat("DEFERRABLE"):
			add("deferrable", "on")
		default:
			return c, false
		}
		if w.end() {
			return c, true
		}
		w.eat(",")
	}
}
