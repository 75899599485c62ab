package server

import "tarn/engine/sqltext"

// txCommand is a statement about transactions.
type txCommand struct {
	verb  string // BEGIN, START TRANSACTION, COMMIT, ROLLBACK, SAVEPOINT, RELEASE, ROLLBACK TO, LOCK TABLE
	modes [][2]string
	chain bool
	names []string // of the savepoint; LOCK: of the tables, as they are written
}

// parseTransaction reads a statement about transactions; not ok if it is none.
func parseTransaction(w *words) (c txCommand, ok bool, err error) {
	switch {
	case w.eat("BEGIN"):
		c.verb = "BEGIN"
		w.eatAny("WORK", "TRANSACTION")
	case w.eat("START", "TRANSACTION"):
		c.verb = "START TRANSACTION"
	case w.eat("COMMIT", "PREPARED"), w.eat("ROLLBACK", "PREPARED"):
		name, _ := w.value()
		return c, true, failuref("42704", "prepared transaction with identifier %q does not exist", name)
	case w.eat("PREPARE", "TRANSACTION"):
		return c, true, &failure{code: "55000", message: "prepared transactions are disabled", hint: "Tarn has no two-phase commit; send COMMIT."}
	case w.eat("COMMIT"), w.eat("END"):
		c.verb = "COMMIT"
		w.eatAny("WORK", "TRANSACTION")
	case w.eat("ROLLBACK"), w.eat("ABORT"):
		c.verb = "ROLLBACK"
		w.eatAny("WORK", "TRANSACTION")
		if w.eat("TO") {
			c.verb = "ROLLBACK TO"
		}
	case w.eat("SAVEPOINT"):
		c.verb = "SAVEPOINT"
	case w.eat("RELEASE"):
		c.verb = "RELEASE"
	case w.eat("LOCK"):
		c.verb = "LOCK TABLE"
	default:
		return c, false, nil
	}
	return c, true, c.parseRest(w)
}

// parseRest reads what follows the verb.
func (c *txCommand) parseRest(w *words) error {
	switch c.verb {
	case "BEGIN", "START TRANSACTION":
		if !w.end() {
			set, ok := parseModes(w, "transaction_", true)
			if !ok {
				return w.unexpected()
			}
			c.modes = set.more
		}
	case "COMMIT", "ROLLBACK":
		if w.eat("AND") {
			c.chain = !w.eat("NO")
			if !w.eat("CHAIN") {
				return w.unexpected()
			}
		}
	case "RELEASE", "ROLLBACK TO", "SAVEPOINT":
		if c.verb != "SAVEPOINT" && len(w.tokens) > 1 {
			w.eat("SAVEPOINT")
		}
		name, ok := w.name()
		if !ok {
			return w.unexpected()
		}
		c.names = []string{name}
	case "LOCK TABLE":
		return c.parseLock(w)
	}
	if !w.end() {
		return w.unexpected()
	}
	return nil
}

// parseLock reads the tables, and the mode, which is one of PostgreSQL's.
func (c *txCommand) parseLock(w *words) error {
	w.eat("TABLE")
	for {
		w.eat("ONLY")
		name, ok := w.qualified()
		if !ok {
			return w.unexpected()
		}
		c.names = append(c.names, name)
		w.eat("*")
		if !w.eat(",") {
			break
		}
	}
	if w.eat("IN") {
		modes := [][]string{{"ACCESS", "SHARE"}, {"ROW", "SHARE"}, {"ROW", "EXCLUSIVE"}, {"SHARE", "UPDATE", "EXCLUSIVE"},
			{"SHARE", "ROW", "EXCLUSIVE"}, {"SHARE"}, {"EXCLUSIVE"}, {"ACCESS", "EXCLUSIVE"}}
		found := false
		for _, m := range modes {
			if found = w.eat(append(m, "MODE")...); found {
				break
			}
		}
		if !found {
			return w.unexpected()
		}
	}
	w.eat("NOWAIT")
	if !w.end() {
		return w.unexpected()
	}
	return nil
}

// qualified takes a table's name with its schema, as it is written.
func (w *words) qualified() (string, bool) {
	start := w.tokens
	if _, ok := w.name(); !ok {
		return "", false
	}
	last := start[0]
	for w.next(".") {
		rest := &words{sql: w.sql, tokens: w.tokens[1:]}
		if rest.end() || rest.tokens[0].Kind != sqltext.Word && rest.tokens[0].Kind != sqltext.QuotedWord {
			return "", false
		}
		last, w.tokens = rest.tokens[0], rest.tokens[1:]
	}
	return w.sql[start[0].Start:last.End], true
}
