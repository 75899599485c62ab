package server

import (
	"fmt"
	"strings"
)

// copying is a COPY between the client and a table or query.
type copying struct {
	in      bool
	table   string // as it is written; empty for a query
	columns []string
	query   string // of COPY TO
	start   int    // of the query in the statement
	where   string // of COPY FROM
	opts    copyOptions
	st      statement // COPY TO: what is read
}

// copyOptions are those of COPY.
type copyOptions struct {
	format                            string // text, csv, binary
	delimiter, null, quote, escape    *string
	header, match                     bool
	forceQuote, forceNotNull, forceNo []string // columns; "*" is all
	encoding                          string
}

// parseCopy reads what follows COPY.
func parseCopy(w *words) (c *copying, err error) {
	c = &copying{opts: copyOptions{format: "text"}}
	if w.eat("BINARY") {
		c.opts.format = "binary"
	}
	if w.next("(") {
		c.start = w.tokens[0].End
		var ok bool
		if c.query, ok = w.bracketed(); !ok {
			return nil, w.unexpected()
		}
	} else {
		var ok bool
		if c.table, ok = w.qualified(); !ok {
			return nil, w.unexpected()
		}
		if w.next("(") {
			if c.columns, ok = w.names(); !ok {
				return nil, w.unexpected()
			}
		}
	}
	c.in = w.eat("FROM")
	if !c.in && !w.eat("TO") || c.in && c.table == "" {
		return nil, w.unexpected()
	}
	if err := c.parsePlace(w); err != nil {
		return nil, err
	}
	if w.eat("USING") || w.next("DELIMITERS") { // of PostgreSQL 7
		text, ok := "", w.eat("DELIMITERS")
		if ok {
			text, ok = w.text()
		}
		if !ok {
			return nil, w.unexpected()
		}
		c.opts.delimiter = &text
	}
	if w.eat("WITH"); w.next("(") {
		err = c.opts.parseList(w)
	} else {
		err = c.opts.parseOld(w)
	}
	if err != nil {
		return nil, err
	}
	if c.in && w.eat("WHERE") && !w.end() {
		c.where = w.rest()
		return c, c.opts.check(c.in)
	}
	if !w.end() {
		return nil, w.unexpected()
	}
	return c, c.opts.check(c.in)
}

// parsePlace reads where the rows go or come from: only the client itself will do.
func (c *copying) parsePlace(w *words) error {
	what := "file"
	if w.eat("PROGRAM") {
		what = "program"
	} else if w.eatAny("STDIN", "STDOUT") {
		return nil
	}
	if _, ok := w.text(); !ok {
		return w.unexpected()
	}
	way := "TO"
	if c.in {
		way = "FROM"
	}
	return &failure{code: "42501", message: fmt.Sprintf("COPY %s a %s of the server's is not allowed", way, what),
		hint: "COPY TO STDOUT and COPY FROM STDIN pass the rows to and from the client, as psql's \\copy does."}
}

// parseList reads (option value, ...).
func (o *copyOptions) parseList(w *words) error {
	w.eat("(")
	seen := map[string]bool{}
	for {
		name, ok := w.name()
		if !ok {
			return w.unexpected()
		}
		if seen[name] {
			return failuref("42601", "conflicting or redundant options")
		}
		seen[name] = true
		if err := o.option(name, w); err != nil {
			return err
		}
		if w.eat(")") {
			return nil
		}
		if !w.eat(",") {
			return w.unexpected()
		}
	}
}

// option reads the value of one option.
func (o *copyOptions) option(name string, w *words) error {
	switch name {
	case "format":
		value, ok := w.value()
		if !ok {
			return w.unexpected()
		}
		switch strings.ToLower(value) {
		case "text", "csv", "binary":
			o.format = strings.ToLower(value)
			return nil
		}
		return &failure{code: "22023", message: fmt.Sprintf("COPY format %q not recognized", value), hint: "The formats are text, csv and binary."}
	case "freeze":
		return boolean(name, w, nil)
	case "header":
		if w.eat("MATCH") {
			o.header, o.match = true, true
			return nil
		}
		return boolean(name, w, &o.header)
	case "force_quote", "force_not_null", "force_null":
		list := map[string]*[]string{"force_quote": &o.forceQuote, "force_not_null": &o.forceNotNull, "force_null": &o.forceNo}[name]
		if w.eat("*") {
			*list = []string{"*"}
			return nil
		}
		var ok bool
		if *list, ok = w.names(); !ok {
			return w.unexpected()
		}
		return nil
	case "encoding":
		var ok bool
		if o.encoding, ok = w.value(); !ok {
			return w.unexpected()
		}
		return nil
	}
	into := map[string]**string{"delimiter": &o.delimiter, "null": &o.null, "quote": &o.quote, "escape": &o.escape}[name]
	if into == nil {
		return failuref("42601", "option %q not recognized", name)
	}
	value, ok := w.value()
	if !ok {
		return w.unexpected()
	}
	*into = &value
	return nil
}

// boolean reads an option that is on when no value follows.
func boolean(name string, w *words, into *bool) error {
	on := true
	if !w.next(",") && !w.next(")") {
		value, ok := w.value()
		if !ok {
			return w.unexpected()
		}
		text, known := oneOf("on", "off")(value)
		if !known {
			return failuref("42601", "%s requires a Boolean value", name)
		}
		on = text == "on"
	}
	if into != nil {
		*into = on
	}
	return nil
}

// parseOld reads the options as they were written before PostgreSQL 9.
func (o *copyOptions) parseOld(w *words) error {
	text := func(into **string) bool {
		w.eat("AS")
		value, ok := w.text()
		*into = &value
		return ok
	}
	for ok := true; ; {
		switch {
		case w.eat("BINARY"):
			o.format = "binary"
		case w.eat("FREEZE"):
		case w.eat("DELIMITER"), w.eat("DELIMITERS"):
			ok = text(&o.delimiter)
		case w.eat("NULL"):
			ok = text(&o.null)
		case w.eat("CSV"):
			o.format = "csv"
		case w.eat("HEADER"):
			o.header = true
		case w.eat("QUOTE"):
			ok = text(&o.quote)
		case w.eat("ESCAPE"):
			ok = text(&o.escape)
		case w.eat("FORCE", "QUOTE"):
			ok = w.columnList(&o.forceQuote)
		case w.eat("FORCE", "NOT", "NULL"):
			ok = w.columnList(&o.forceNotNull)
		case w.eat("FORCE", "NULL"):
			ok = w.columnList(&o.forceNo)
		case w.eat("ENCODING"):
			o.encoding, ok = w.text()
		default:
			return nil
		}
		if !ok {
			return w.unexpected()
		}
	}
}

// columnList takes names separated by commas, or a star.
func (w *words) columnList(into *[]string) bool {
	if w.eat("*") {
		*into = []string{"*"}
		return true
	}
	for {
		name, ok := w.name()
		if !ok {
			return false
		}
		if *into = append(*into, name); !w.eat(",") {
			return true
		}
	}
}

// check returns PostgreSQL's error for options that do not go together (ProcessCopyOptions in its copy.c), and fills in what was left out.
func (o *copyOptions) check(in bool) error {
	csv, binary := o.format == "csv", o.format == "binary"
	bad := func(code, message string) error { return &failure{code: code, message: message} }
	switch {
	case binary && o.delimiter != nil:
		return bad("42601", "cannot specify DELIMITER in BINARY mode")
	case binary && o.null != nil:
		return bad("42601", "cannot specify NULL in BINARY mode")
	case binary && o.header:
		return bad("0A000", "cannot specify HEADER in BINARY mode")
	case !csv && o.quote != nil:
		return bad("0A000", "COPY quote available only in CSV mode")
	case !csv && o.escape != nil:
		return bad("0A000", "COPY escape available only in CSV mode")
	case o.forceQuote != nil && (!csv || in):
		return bad("0A000", "COPY force quote available only in CSV mode, using COPY TO")
	case o.forceNotNull != nil && (!csv || !in):
		return bad("0A000", "COPY force not null available only in CSV mode, using COPY FROM")
	case o.forceNo != nil && (!csv || !in):
		return bad("0A000", "COPY force null available only in CSV mode, using COPY FROM")
	case o.match && !in:
		return bad("0A000", "cannot use \"match\" with HEADER in COPY TO")
	}
	fill := func(into **string, value string) {
		if *into == nil {
			*into = &value
		}
	}
	if csv {
		fill(&o.delimiter, ",")
		fill(&o.null, "")
	}
	fill(&o.delimiter, "\t")
	fill(&o.null, `\N`)
	fill(&o.quote, `"`)
	fill(&o.escape, *o.quote)
	return o.checkCharacters(csv)
}

func (o *copyOptions) checkCharacters(csv bool) error {
	bad := func(code, message string) error { return &failure{code: code, message: message} }
	switch {
	case len(*o.delimiter) != 1:
		return bad("0A000", "COPY delimiter must be a single one-byte character")
	case strings.ContainsAny(*o.delimiter, "\r\n"):
		return bad("22023", "COPY delimiter cannot be newline or carriage return")
	case strings.ContainsAny(*o.null, "\r\n"):
		return bad("22023", "COPY null representation cannot use newline or carriage return")
	case !csv && strings.Contains("\\.abcdefghijklmnopqrstuvwxyz0123456789", *o.delimiter):
		return bad("22023", "COPY delimiter cannot be \""+*o.delimiter+"\"")
	case len(*o.quote) != 1:
		return bad("0A000", "COPY quote must be a single one-byte character")
	case csv && *o.quote == *o.delimiter:
		return bad("22023", "COPY delimiter and quote must be different")
	case len(*o.escape) != 1:
		return bad("0A000", "COPY escape must be a single one-byte character")
	case strings.Contains(*o.null, *o.delimiter):
		return bad("22023", "COPY delimiter must not appear in the NULL specification")
	case csv && strings.Contains(*o.null, *o.quote):
		return bad("22023", "CSV quote character must not appear in the NULL specification")
	}
	return nil
}
