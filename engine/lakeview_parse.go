package engine

import (
	"slices"
	"strings"

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

// parseView returns the statement if it is one about views or schemas, or nil.
func parseView(sql string) (*viewStatement, error) {
	p := newParser(sql)
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

// end checks that nothing comes any more.
func (p *parser) end(st *viewStatement) (*viewStatement, error) {
	if p.at < len(p.tokens) {
		return nil, p.wrong("the end of the statement")
	}
	return st, nil
}

func (p *parser) create() (*viewStatement, error) {
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
func (p *parser) columnList(st *viewStatement) error {
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

func (p *parser) createSchema() (*viewStatement, error) {
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

func (p *parser) drop() (*viewStatement, error) {
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

func (p *parser) alter() (*viewStatement, error) {
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

func (p *parser) comment() (*viewStatement, error) {
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
