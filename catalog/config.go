package catalog

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"sync"

	"tarn/catalog/infer"
	"tarn/catalog/lakefile"
	"tarn/catalog/sqltype"
	"tarn/storage"
)

// config is a lake.yaml as the catalog uses it. What it says never changes; nil says nothing.
type config struct {
	text     string // of the file, with its name in the first line, as the store keeps it
	file     *lakefile.File
	patterns []pattern // all globs, in the order in which later ones win

	mu    sync.Mutex
	paths map[string]*saying // by path
	known map[string]*saying // by the patterns that match
}

// pattern is one glob and what it is for.
type pattern struct {
	lakefile.Pattern
	use   patternUse
	files *lakefile.Files
	table *lakefile.Table
}

type patternUse uint8

const (
	forInclude patternUse = iota
	forExclude
	forFiles
	forTable
)

// saying is what a config says of one file. Files that the same patterns match share one.
type saying struct {
	left  string          // why the file is left out, or empty
	by    int             // the number of the pattern that leaves it out; -1 if no include covers it
	match []int           // the numbers of the patterns that match
	table *lakefile.Table // whose files: it is among
	also  *lakefile.Table // another one, which is a mistake
	csv   lakefile.CSV
	force bool // options are meant for this file, so that it is delimited text
	hints infer.Hints
	print string // tells hints from others; empty if there are none
}

// silence is what no config says.
var silence = &saying{}

// newConfig reads the text of a lake.yaml. The error is lakefile.Problems.
func newConfig(name string, text []byte) (*config, error) {
	f, err := lakefile.Parse(name, text)
	if err != nil {
		return nil, err
	}
	c := &config{text: name + "\n" + string(text), file: f, paths: map[string]*saying{}, known: map[string]*saying{}}
	var bad lakefile.Problems
	for i := range f.Tables {
		t := &f.Tables[i]
		for _, n := range []lakefile.Name{{Line: t.Line, Schema: t.Schema}, valueOf(t.Rename)} {
			if reservedSchemas[n.Schema] || strings.HasPrefix(n.Schema, "pg_") {
				bad = append(bad, lakefile.Problem{File: name, Line: n.Line, Text: fmt.Sprintf("the schema %s is taken by the engine or by "+
					"PostgreSQL clients; choose another, e.g. %s_lake", n.Schema, n.Schema)})
			}
		}
	}
	if len(bad) > 0 {
		return nil, bad
	}
	add := func(use patternUse, ps []lakefile.Pattern, files *lakefile.Files, table *lakefile.Table) {
		for _, p := range ps {
			c.patterns = append(c.patterns, pattern{p, use, files, table})
		}
	}
	add(forInclude, f.Include, nil, nil)
	add(forExclude, f.Exclude, nil, nil)
	for i := range f.Files {
		add(forFiles, f.Files[i].Patterns, &f.Files[i], nil)
	}
	for i := range f.Tables {
		add(forTable, f.Tables[i].Files, nil, &f.Tables[i])
	}
	return c, nil
}

// storedConfig reads what the store keeps of a lake.yaml.
func storedConfig(text string) (*config, error) {
	if text == "" {
		return nil, nil
	}
	name, rest, _ := strings.Cut(text, "\n")
	return newConfig(name, []byte(rest))
}

func valueOf(n *lakefile.Name) lakefile.Name {
	if n == nil {
		return lakefile.Name{}
	}
	return *n
}

// stored is the text for the store.
func (c *config) stored() string {
	if c == nil {
		return ""
	}
	return c.text
}

// line names a place in the file.
func (c *config) line(n int) string { return fmt.Sprintf("%s line %d", c.file.Name, n) }

// of returns what is said of a file.
func (c *config) of(path string) *saying {
	if c == nil {
		return silence
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if s := c.paths[path]; s != nil {
		return s
	}
	var match []int
	for i := range c.patterns {
		if c.patterns[i].Match(path) {
			match = append(match, i)
		}
	}
	s := c.say(fmt.Sprint(match), match, nil)
	c.paths[path] = s
	return s
}

// with returns what is said of a file that is in a table which the catalog found; table may be nil.
func (c *config) with(s *saying, table *lakefile.Table) *saying {
	if table == nil || s.table != nil {
		return s
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.say(fmt.Sprint(s.match, table.Line), s.match, table)
}

// say makes what the patterns and a table say; the caller holds mu.
func (c *config) say(key string, match []int, table *lakefile.Table) *saying {
	if s := c.known[key]; s != nil {
		return s
	}
	s := &saying{match: match}
	included := len(c.file.Include) == 0
	if !included {
		s.left, s.by = "it is not among what "+c.line(c.file.Include[0].Line)+" includes", -1
	}
	s.csv = c.file.CSV
	for _, i := range match {
		switch p := &c.patterns[i]; p.use {
		case forInclude:
			s.left = ""
		case forExclude:
			if s.left == "" {
				s.left, s.by = "excluded by "+c.line(p.Line), i
			}
		case forFiles:
			s.csv, s.force = p.files.CSV.Over(s.csv), s.force || p.files.CSV.Cuts()
		case forTable:
			if s.table != nil && s.table != p.table {
				s.also = p.table
			} else {
				s.table = p.table
			}
		}
	}
	if s.table != nil {
		table = s.table
		s.csv, s.force = s.table.CSV.Over(s.csv), s.force || s.table.CSV.Cuts()
	}
	s.hints = hintsOf(s.csv, table)
	s.print = hintsPrint(&s.hints)
	c.known[key] = s
	return s
}

// printFor is the fingerprint of the hints as far as they matter for a file of a kind.
func (s *saying) printFor(kind storage.Kind) string {
	if kind.Format == storage.JSON || kind.Format == storage.Parquet {
		return ""
	}
	return s.print
}

// key names a reading of a file with these hints.
func (s *saying) key(path string) string { return path + "\x00" + s.print }

// hintsOf turns options, and the types of a table's columns, into hints for inference.
func hintsOf(csv lakefile.CSV, table *lakefile.Table) infer.Hints {
	var h infer.Hints
	for _, o := range csv {
		value := o.Value
		switch o.Key {
		case "delimiter":
			h.Delimiter = &value
		case "quote":
			h.Quote = &value
		case "escape":
			h.Escape = &value
		case "header":
			yes := value == "true"
			h.Header = &yes
		case "skip":
			n, _ := strconv.Atoi(value) // it was checked
			h.Skip = &n
		case "comment":
			h.Comment = &value
		case "encoding":
			h.Encoding = value
		case "nulls":
			h.Nulls = o.Values
		case "decimal":
			h.Decimal = value
		case "thousands":
			h.Thousands = value
		case "dates":
			h.DateLayout = value
		case "names":
			h.Names = o.Values
		}
	}
	for key, t := range pinnedTypes(table) {
		if h.Types == nil {
			h.Types = map[string]sqltype.Type{}
		}
		h.Types[key] = t.t
	}
	return h
}

// hintsPrint is equal for equal hints, and empty if they say nothing.
func hintsPrint(h *infer.Hints) string {
	types := map[string]string{}
	for name, t := range h.Types {
		types[name] = t.String()
	}
	plain := *h
	plain.Types = nil
	text, err := json.Marshal(struct {
		Hints infer.Hints
		Types map[string]string
	}{plain, types})
	none, err2 := json.Marshal(struct {
		Hints infer.Hints
		Types map[string]string
	}{infer.Hints{}, map[string]string{}})
	if err = errors.Join(err, err2); err != nil {
		panic(err) // texts, numbers and flags always marshal
	}
	if string(text) == string(none) {
		return ""
	}
	sum := sha256.Sum256(text)
	return fmt.Sprintf("%x", sum[:8])
}

// configSight is the lake.yaml as it was last seen.
type configSight struct {
	name string
	id   storage.Identity
	is   *config
	err  error
}

// readConfig returns the config of the lake as it is now, nil if there is none. Only one crawl at a time calls it.
func (c *Catalog) readConfig() (*config, error) {
	if c.root.Single() != "" {
		return nil, nil
	}
	var found []string
	var ids []storage.Identity
	for _, name := range lakefile.Names {
		id, err := c.root.Stat(name)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			continue
		case err != nil:
			return nil, lakefile.Problems{{File: name, Text: "it cannot be read: " + err.Error() + "; mend or remove it"}}
		}
		found, ids = append(found, name), append(ids, id)
	}
	switch {
	case len(found) == 0:
		c.config = configSight{}
		return nil, nil
	case len(found) > 1:
		return nil, lakefile.Problems{{File: found[0], Text: "there is a " + found[1] + " beside it, and only one can hold; merge them into one file"}}
	case c.config.name == found[0] && c.config.id == ids[0]:
		return c.config.is, c.config.err
	}
	text, err := c.readAll(found[0])
	if err != nil {
		return nil, lakefile.Problems{{File: found[0], Text: "it cannot be read: " + err.Error() + "; mend or remove it"}}
	}
	is, err := newConfig(found[0], text)
	c.config = configSight{found[0], ids[0], is, err}
	return is, err
}

// readAll returns the content of a small file of the lake.
func (c *Catalog) readAll(name string) ([]byte, error) {
	f, err := c.root.Open(name, storage.None)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, lakefile.MaxSize+1))
}

// isConfig reports whether a path is that of a lake.yaml.
func isConfig(path string) bool { return slices.Contains(lakefile.Names, path) }
