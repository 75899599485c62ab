package engine

import (
	"slices"
	"strings"
	"unicode/utf8"

	"tarn/engine/sqltext"
)

// viewVerb is what a statement about views and schemas does.
type viewVerb uint8

const (
	createView viewVerb = iota
	dropView
	renameView
	moveView
	commentView
	createSchema
	dropSchema
)

// viewStatement is a statement about views and schemas.
type viewStatement struct {
	verb      viewVerb
	names     []namedView
	replace   bool // OR REPLACE
	temporary bool
	lenient   bool // IF EXISTS, IF NOT EXISTS
	cascade   bool
	table     bool     // ALTER TABLE: the name may be a table's
	columns   []string // of CREATE VIEW
	query     string   // the same
	source    string   // the whole statement
	text      string   // the new name, schema or comment
}

// namedView is a name in the statement; position is in characters from 1.
type namedView struct {
	schema, name string
	position     int
}

// viewParser reads the tokens of one statement.
type viewParser struct {
	sql    string
	tokens []sqltext.Token // without comments
	at     int
}

// parseView returns the statement if it is one about views or schemas, or nil.
func parseView(sql string) (*viewStatement, error) {
	p := &viewParser{sql: sql}
	for _, t := range sqltext.Tokens(sql) {
		if t.Kind != sqltext.Comment && t.Kind != sqltext.Semicolon {
			p.tokens = append(p.tokens, t)
		}
	}
	switch {
	case p.take("CREATE"):
		return p.create()
	case p.take("DROP"):
		return p.drop()
	case p.take("ALTER"):
		return p.alter()
	case p.take("COMMENT", "ON", "VIEW"):
		return p.comment()
	}
	return nil, nil
}

// take goes past key words if they come next.
func (p *viewParser) take(words ...string) bool {
	for i, w := range words {
		if p.at+i >= len(p.tokens) || p.tokens[p.at+i].Kind != sqltext.Word || !strings.EqualFold(p.tokens[p.at+i].Text(p.sql), w) {
			return false
		}
	}
	p.at += len(words)
	return true
}

// mark goes past one operator if it comes next.
func (p *viewParser) mark(text string) bool {
	if p.at < len(p.tokens) && p.tokens[p.at].Kind == sqltext.Operator && p.tokens[p.at].Text(p.sql) == text {
		p.at++
		return true
	}
	return false
}

// position is that of the next token, in characters from 1.
func (p *viewParser) position() int {
	at := len(p.sql)
	if p.at < len(p.tokens) {
		at = p.tokens[p.at].Start
	}
	return utf8.RuneCountInString(p.sql[:at]) + 1
}

func (p *viewParser) wrong(expected string) error {
	what := "the end of the statement"
	if p.at < len(p.tokens) {
		what = p.tokens[p.at].Text(p.sql)
	}
	return &Error{Kind: KindSyntax, Message: "expected " + expected + " instead of " + what, Position: p.position()}
}

// word reads a name, folded as PostgreSQL does.
func (p *viewParser) word(what string) (string, error) {
	if p.at >= len(p.tokens) {
		return "", p.wrong(what)
	}
	t := p.tokens[p.at]
	switch t.Kind {
	case sqltext.Word:
		p.at++
		return strings.ToLower(t.Name(p.sql)), nil
	case sqltext.QuotedWord:
		p.at++
		return t.Name(p.sql), nil
	}
	return "", p.wrong(what)
}

// name reads a name with or without its schema and database.
func (p *viewParser) name(what string) (namedView, error) {
	n := namedView{position: p.position()}
	var parts []string
	for {
		part, err := p.word(what)
		if err != nil {
			return n, err
		}
		if parts = append(parts, part); !p.mark(".") {
			break
		}
	}
	if len(parts) > 3 {
		return n, &Error{Kind: KindSyntax, Message: "a name has three parts at most: database, schema and " + what, Position: n.position}
	}
	n.name = parts[len(parts)-1]
	if len(parts) > 1 {
		n.schema = parts[len(parts)-2]
	}
	return n, nil
}

// end checks that nothing comes any more.
func (p *viewParser) end(st *viewStatement) (*viewStatement, error) {
	if p.at < len(p.tokens) {
		return nil, p.wrong("the end of the statement")
	}
	return st, nil
}

func (p *viewParser) create() (*viewStatement, error) {
	st := &viewStatement{verb: createView, source: p.sql, replace: p.take("OR", "REPLACE")}
	if p.take("SCHEMA") {
		return p.createSchema()
	}
	_ = p.take("LOCAL") || p.take("GLOBAL")
	st.temporary = p.take("TEMP") || p.take("TEMPORARY")
	for _, kind := range []string{"MATERIALIZED", "RECURSIVE"} {
		if p.take(kind, "VIEW") {
			return nil, &Error{Kind: KindUnsupported, Message: "CREATE " + kind + " VIEW is not supported",
				Hint: "CREATE VIEW ... AS SELECT makes a view, and its query may have WITH RECURSIVE."}
		}
	}
	if !p.take("VIEW") {
		return nil, nil
	}
	st.lenient = p.take("IF", "NOT", "EXISTS")
	name, err := p.name("the name of a view")
	if err != nil {
		return nil, err
	}
	if name.schema == tempSchema {
		st.temporary, name.schema = true, ""
	}
	st.names = []namedView{name}
	if err := p.columnList(st); err != nil {
		return nil, err
	}
	if p.take("WITH") {
		return nil, &Error{Kind: KindUnsupported, Message: "a view takes no options", Hint: "Leave out WITH (...).", Position: p.position()}
	}
	if !p.take("AS") {
		return nil, p.wrong("AS")
	}
	if p.at >= len(p.tokens) {
		return nil, p.wrong("a query")
	}
	st.query = strings.TrimSpace(p.sql[p.tokens[p.at].Start:p.tokens[len(p.tokens)-1].End])
	return st, nil
}

// columnList reads the columns behind the name of a view.
func (p *viewParser) columnList(st *viewStatement) error {
	if !p.mark("(") {
		return nil
	}
	for {
		c, err := p.word("the name of a column")
		if err != nil {
			return err
		}
		st.columns = append(st.columns, c)
		if p.mark(")") {
			return nil
		}
		if !p.mark(",") {
			return p.wrong(", or )")
		}
	}
}

func (p *viewParser) createSchema() (*viewStatement, error) {
	st := &viewStatement{verb: createSchema, lenient: p.take("IF", "NOT", "EXISTS")}
	name, err := p.name("the name of a schema")
	if err != nil {
		return nil, err
	}
	st.names = []namedView{{name: name.name, position: name.position}}
	if p.take("AUTHORIZATION") {
		return nil, &Error{Kind: KindUnsupported, Message: "schemas have no owners", Hint: "Leave out AUTHORIZATION.", Position: p.position()}
	}
	return p.end(st)
}

func (p *viewParser) drop() (*viewStatement, error) {
	st := &viewStatement{verb: dropView}
	what := "the name of a view"
	switch {
	case p.take("VIEW"):
	case p.take("SCHEMA"):
		st.verb, what = dropSchema, "the name of a schema"
	default:
		return nil, nil
	}
	st.lenient = p.take("IF", "EXISTS")
	for {
		name, err := p.name(what)
		if err != nil {
			return nil, err
		}
		if st.names = append(st.names, name); !p.mark(",") {
			break
		}
	}
	st.cascade = p.take("CASCADE")
	if !st.cascade {
		p.take("RESTRICT")
	}
	return p.end(st)
}

func (p *viewParser) alter() (*viewStatement, error) {
	st := &viewStatement{verb: renameView}
	switch {
	case p.take("VIEW"):
	case p.take("TABLE"):
		st.table = true
	default:
		return nil, nil
	}
	st.lenient = p.take("IF", "EXISTS")
	name, err := p.name("the name of a view")
	if err != nil {
		return nil, err
	}
	st.names = []namedView{name}
	switch {
	case p.take("RENAME", "TO"):
		st.text, err = p.word("the new name")
	case p.take("SET", "SCHEMA"):
		st.verb = moveView
		st.text, err = p.word("the new schema")
	case st.table:
		return nil, nil
	default:
		return nil, p.wrong("RENAME TO or SET SCHEMA")
	}
	if err != nil {
		return nil, err
	}
	return p.end(st)
}

func (p *viewParser) comment() (*viewStatement, error) {
	st := &viewStatement{verb: commentView}
	name, err := p.name("the name of a view")
	if err != nil {
		return nil, err
	}
	st.names = []namedView{name}
	if !p.take("IS") {
		return nil, p.wrong("IS")
	}
	if p.at < len(p.tokens) && p.tokens[p.at].Kind == sqltext.String {
		text := p.tokens[p.at].Text(p.sql)
		if !strings.HasPrefix(text, "'") {
			return nil, p.wrong("a text in single quotes")
		}
		st.text = strings.ReplaceAll(text[1:len(text)-1], "''", "'")
		p.at++
	} else if !p.take("NULL") {
		return nil, p.wrong("a text or NULL")
	}
	return p.end(st)
}

// tag is the statement's command tag.
func (st *viewStatement) tag() string {
	tags := map[viewVerb]string{createView: "CREATE VIEW", dropView: "DROP VIEW", renameView: "ALTER VIEW", moveView: "ALTER VIEW",
		commentView: "COMMENT", createSchema: "CREATE SCHEMA", dropSchema: "DROP SCHEMA"}
	if st.table && slices.Contains([]viewVerb{renameView, moveView}, st.verb) {
		return "ALTER TABLE"
	}
	return tags[st.verb]
}
