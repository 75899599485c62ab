package complete

import (
	"cmp"
	"slices"
	"strings"

	"tarn/catalog"
	"tarn/catalog/sqltype"
	"tarn/engine/sqltext"
)

// Candidates are the ways in which a word may go on.
type Candidates struct {
	Start int      // where the word begins, as a byte offset into the text before the cursor
	Words []string // whole words that may stand there, the best first, without doubles
	Notes []string // what to know of each, such as a signature; may be nil
}

// Catalog is what there is to choose from.
type Catalog struct {
	Snapshot  *catalog.Snapshot
	Functions func() []Named // may be nil; called only where a function may stand
	Settings  func() []Named // may be nil; called only after SET and its kind
	// Keywords returns the keywords that the grammar takes at the end of a text, in lower case. It may be nil.
	Keywords func(before string) []string
}

// SQL completes a statement from a catalog's tables alone.
func SQL(snap *catalog.Snapshot, before, after string) Candidates {
	return Catalog{Snapshot: snap}.SQL(before, after)
}

// SQL completes a statement. before is its text up to the cursor, after the rest of it, which is looked through for
// the tables it names. Keywords go on in the case in which they were begun.
func (k Catalog) SQL(before, after string) Candidates {
	snap := k.Snapshot
	tokens := sqltext.Tokens(before)
	word, ok := current(before, tokens)
	if !ok {
		if start, ok := quoted(before, tokens); ok {
			return Paths(before, start)
		}
		return Candidates{Start: len(before)}
	}
	start := len(before) - len(word)
	tokens = tokensBefore(tokens, start)
	q, last := splitName(word)
	found := &collector{prefix: last}
	sources := sourcesOf(snap, before[:start]+" ? "+after)
	switch {
	case len(q) > 0:
		found.qualified(snap, sources, q)
	case wantsTable(before, tokens):
		found.tables(snap)
		found.withNames(sources)
	case k.Settings != nil && isSetting(before, tokens):
		found.names(k.Settings())
	case lastWord(before, tokens) == "on" && len(sources) > 1:
		found.joins(sources)
		found.first()
		found.withNames(sources)
	default:
		begins := beginsValue(before, tokens)
		if begins || k.Keywords == nil {
			found.columns(snap, sources, begins || last != "")
			found.first()
		}
		if k.Keywords != nil {
			found.fitting(k.Keywords(before), before)
			found.first()
			found.columns(snap, sources, last != "")
			found.first()
		}
		if last != "" && last[0] != '"' {
			found.keywords()
			found.tables(snap)
			if k.Functions != nil {
				found.names(k.Functions())
			}
		}
		found.withNames(sources)
	}
	words := found.sorted()
	return Candidates{Start: len(before) - len(last), Words: words, Notes: found.notesOf(words)}
}

// isSetting reports whether a setting's name comes next.
func isSetting(sql string, tokens []sqltext.Token) bool {
	switch lastWord(sql, tokens) {
	case "set", "reset", "show":
		return len(tokens) == 1 || tokens[len(tokens)-2].Kind == sqltext.Semicolon
	case "local", "session", "global":
		return len(tokens) > 1 && strings.EqualFold(tokens[len(tokens)-2].Text(sql), "set")
	}
	return false
}

// Tables completes the name of a table, as a backslash command takes it.
func Tables(snap *catalog.Snapshot, before string) Candidates {
	start := strings.LastIndexAny(before, " \t") + 1
	q, last := splitName(before[start:])
	found := &collector{prefix: last}
	if len(q) > 0 {
		found.qualified(snap, nil, q)
	} else {
		found.tables(snap)
	}
	return Candidates{Start: len(before) - len(last), Words: found.sorted()}
}

// Words completes the last word of before with one of the given words.
func Words(before string, words []string) Candidates {
	start := strings.LastIndexAny(before, " \t") + 1
	found := &collector{prefix: before[start:]}
	for _, w := range words {
		found.plain(w)
	}
	return Candidates{Start: start, Words: found.sorted()}
}

// current returns the name being typed at the end of before, with its qualifiers, or false inside a text or comment.
func current(before string, tokens []sqltext.Token) (string, bool) {
	if len(tokens) == 0 {
		return "", true
	}
	t := tokens[len(tokens)-1]
	if t.Open && t.Kind != sqltext.QuotedWord {
		return "", false
	}
	if t.Kind == sqltext.Comment && t.End == len(before) || t.Kind == sqltext.Number && t.End == len(before) {
		return "", false
	}
	start := len(before)
	for i := len(tokens) - 1; i >= 0 && tokens[i].End == start; i-- {
		k := tokens[i].Kind
		if k != sqltext.Word && k != sqltext.QuotedWord && tokens[i].Text(before) != "." {
			break
		}
		start = tokens[i].Start
	}
	return before[start:], true
}

func tokensBefore(tokens []sqltext.Token, start int) []sqltext.Token {
	for len(tokens) > 0 && tokens[len(tokens)-1].Start >= start {
		tokens = tokens[:len(tokens)-1]
	}
	return tokens
}

// splitName cuts a."b".c into the names of its qualifiers and the text of its last part.
func splitName(word string) (qualifiers []string, last string) {
	tokens := sqltext.Tokens(word)
	for len(tokens) >= 2 && tokens[1].Text(word) == "." {
		qualifiers = append(qualifiers, tokens[0].Name(word))
		tokens = tokens[2:]
	}
	if len(tokens) > 0 {
		last = word[tokens[0].Start:]
	}
	return qualifiers, last
}

// wantsTable reports whether a table's name comes next.
func wantsTable(sql string, tokens []sqltext.Token) bool {
	for i := len(tokens) - 1; i >= 0; i-- {
		switch t := tokens[i]; {
		case t.Kind == sqltext.Comment:
		case t.Kind == sqltext.Word:
			return tableAfter[t.Name(sql)] || aboutCatalog(sql, tokens[:i+1])
		case t.Text(sql) == ",":
			return inFrom(sql, tokens[:i])
		default:
			return false
		}
	}
	return false
}

// aboutCatalog reports whether a statement is REFRESH or EXPLAIN CRAWL so far; elsewhere these are names like any other.
func aboutCatalog(sql string, tokens []sqltext.Token) bool {
	var words []string
	for _, t := range tokens {
		switch t.Kind {
		case sqltext.Comment:
		case sqltext.Semicolon:
			words = nil
		default:
			words = append(words, strings.ToLower(t.Text(sql)))
		}
	}
	all := strings.Join(words, " ")
	return all == "refresh" || all == "explain crawl"
}

// inFrom reports whether a comma after tokens separates tables of a FROM clause.
func inFrom(sql string, tokens []sqltext.Token) bool {
	depth := 0
	for i := len(tokens) - 1; i >= 0; i-- {
		text := tokens[i].Text(sql)
		switch {
		case text == ")":
			depth++
		case text == "(":
			if depth--; depth < 0 {
				return false
			}
		case depth > 0 || tokens[i].Kind != sqltext.Word:
		default:
			switch strings.ToLower(text) {
			case "from":
				return true
			case "select", "where", "by", "on", "having", "using", "set", "limit", "values", "qualify":
				return false
			}
		}
	}
	return false
}

// collector gathers the words that begin with prefix, and others that are like it in case there are none.
type collector struct {
	prefix string
	words  []string
	like   [2][]string // by rank, from 1 on
	notes  map[string]string
	ends   []int // of words, where a group ends that comes before what follows
}

// first puts the words so far before those that are added from now on.
func (c *collector) first() { c.ends = append(c.ends, len(c.words)) }

// plain adds a word as it is.
func (c *collector) plain(word string) { c.add(word, word, c.prefix) }

// add adds a word if its name goes on from what was typed.
func (c *collector) add(word, name, typed string) {
	switch n := rank(name, typed); n {
	case 0:
		c.words = append(c.words, word)
	case 1, 2:
		c.like[n-1] = append(c.like[n-1], word)
	}
}

// name adds an identifier, in quotes if it needs them or if they were begun.
func (c *collector) name(name string) {
	open := strings.HasPrefix(c.prefix, `"`)
	if !open && rank(name, c.prefix) > 2 {
		return // most are left here
	}
	switch quoted := sqltype.QuoteName(name); {
	case open:
		c.plain(quoted)
	case !needsQuotes(name):
		c.plain(name)
	default:
		c.add(quoted, name, c.prefix)
	}
}

func needsQuotes(name string) bool {
	tokens := sqltext.Tokens(name)
	return len(tokens) != 1 || tokens[0].Kind != sqltext.Word || tokens[0].End != len(name) ||
		reserved[strings.ToLower(name)]
}

// keywords adds the keywords in the case of the prefix.
func (c *collector) keywords() {
	upper := c.prefix == strings.ToUpper(c.prefix)
	for _, k := range keywords {
		if upper {
			k = strings.ToUpper(k)
		}
		c.plain(k)
	}
	for _, k := range daily {
		if upper {
			k = strings.ToUpper(k)
		}
		c.plain(k)
	}
}

// tables adds all tables of the schema public, and the other schemas by their names.
func (c *collector) tables(snap *catalog.Snapshot) {
	for _, t := range snap.Tables {
		if t.Schema == "public" {
			c.name(t.Name)
			continue
		}
		c.name(t.Schema)
	}
	c.name("tarn")
}

// bare is a name without its quotes.
func bare(word string) string { return strings.Trim(word, `"`) }

// sorted returns the words in order without doubles: those that begin as typed, or else those that are most like it.
func (c *collector) sorted() []string {
	words := c.words
	for _, like := range c.like {
		if len(words) == 0 {
			words = like
		}
	}
	out, seen, from := []string{}, map[string]bool{}, 0
	for _, end := range append(c.ends, len(words)) {
		end = min(end, len(words)) // there may be other words now, which are like what was typed
		for _, w := range ordered(words[from:end]) {
			if !seen[w] {
				seen[w] = true
				out = append(out, w)
			}
		}
		from = end
	}
	return out
}

func byBare(a, b string) int { return cmp.Or(strings.Compare(bare(a), bare(b)), strings.Compare(a, b)) }

// ordered sorts words by their names without quotes, without doubles.
func ordered(words []string) []string {
	words = slices.Clone(words)
	slices.SortFunc(words, byBare)
	return slices.Compact(words)
}

// notesOf returns what is known of each word.
func (c *collector) notesOf(words []string) []string {
	if len(c.notes) == 0 {
		return nil
	}
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = c.notes[w]
	}
	return out
}
