package engine

import (
	"fmt"
	"strings"

	duck "github.com/duckdb/duckdb-go/v2/mapping"

	"tarn/engine/pgsql"
	"tarn/engine/sqltext"
)

// skips says, before the statement runs, what it will leave undone because of IF EXISTS or IF NOT EXISTS, as PostgreSQL does of tables.
func (st *Statement) skips(c *conn) []Notice {
	if st.kind != duck.StatementTypeCreate && st.kind != duck.StatementTypeDrop {
		return nil
	}
	table, exists := false, false
	tokens := sqltext.Tokens(st.sql)
	for i, t := range tokens {
		if t.Kind != sqltext.Word {
			continue
		}
		switch strings.ToUpper(t.Text(st.sql)) {
		case "TABLE":
			table = true
			continue
		case "EXISTS":
			exists = true
		default:
			continue
		}
		if !table || !exists {
			return nil
		}
		name := nameText(st.sql, tokens[i+1:])
		there := name != "" && c.columnsOf(pgsql.Apply(name, temporary(name))) != nil
		switch last := madeName(st.sql, tokens[i:]); {
		case st.kind == duck.StatementTypeDrop && !there:
			return []Notice{{Message: fmt.Sprintf("table %q does not exist, skipping", last), Remark: true}}
		case st.kind == duck.StatementTypeCreate && there:
			return []Notice{{Message: fmt.Sprintf("relation %q already exists, skipping", last), Remark: true, Kind: KindDuplicate}}
		}
		return nil
	}
	return nil
}

// nameText is the name, with its schema, at the beginning of the tokens; empty if there is none.
func nameText(sql string, tokens []sqltext.Token) string {
	end := 0
	for i, t := range tokens {
		isName := t.Kind == sqltext.Word || t.Kind == sqltext.QuotedWord
		if i%2 == 0 && !isName || i%2 == 1 && t.Text(sql) != "." {
			break
		}
		end = t.End
	}
	if end == 0 {
		return ""
	}
	return sql[tokens[0].Start:end]
}
