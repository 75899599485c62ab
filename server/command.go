package server

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
	case w.eat("DISCARD", "TEMP"), w.eat("DISCARD", "TEMPORARY"):
		c, ok = command{verb: "DISCARD TEMP", tag: "DISCARD TEMP"}, true
	case w.eat("DISCARD", "PLANS"):
		c, ok = command{verb: "NOTHING", tag: "DISCARD PLANS"}, true // plans are never kept across changes
	case w.eat("DISCARD", "SEQUENCES"):
		c, ok = command{verb: "NOTHING", tag: "DISCARD SEQUENCES"}, true // nothing is cached of sequences
	case w.eat("DEALLOCATE"):
		c, ok = parseDeallocate(w)
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
		if w.eat("INTERVAL") {
			hours, ok := w.zoneInterval()
			c.values = []string{hours}
			return c, ok
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
