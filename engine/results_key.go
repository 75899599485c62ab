package engine

import (
	"fmt"
	"strconv"
	"strings"

	"tarn/catalog/sqltype"
	"tarn/engine/sqltext"
)

// normalise returns a text that is equal for statements that differ in comments, in white space that parts nothing and, unless
// the session keeps it, in the case of key words, and for no others.
func normalise(sql string, keepCase bool) string {
	var b strings.Builder
	tokens := sqltext.Tokens(sql)
	for len(tokens) > 0 && (tokens[len(tokens)-1].Kind == sqltext.Semicolon || tokens[len(tokens)-1].Kind == sqltext.Comment) {
		tokens = tokens[:len(tokens)-1]
	}
	end, last := 0, sqltext.Token{Kind: sqltext.Semicolon}
	for _, t := range tokens {
		if t.Kind == sqltext.Comment {
			continue
		}
		if b.Len() > 0 && t.Start > end && !tight(sql, last, t) {
			b.WriteByte(' ')
		}
		text := t.Text(sql)
		if lower := strings.ToLower(text); t.Kind == sqltext.Word && !keepCase && foldedWords[lower] {
			text = lower
		}
		b.WriteString(text)
		end, last = t.End, t
	}
	return b.String()
}

// tight reports whether a space between two tokens means nothing: around parentheses and commas, and around operators that no
// other follows.
func tight(sql string, a, b sqltext.Token) bool {
	return tightWith(sql, a, b) || tightWith(sql, b, a)
}

func tightWith(sql string, t, other sqltext.Token) bool {
	if t.Kind != sqltext.Operator {
		return false
	}
	switch t.Text(sql) {
	case "(", ")", ",":
		return true
	case "=", "<", ">", "+", "*", "/", "%", "-":
		return other.Kind != sqltext.Operator
	}
	return false
}

// foldedWords are key words of which DuckDB keeps the case nowhere: no name of a column can show it.
var foldedWords = wordSet(`select from where and or not group by order limit offset as on join left right inner outer full cross having with
	union intersect except all distinct case when then else end in is null between like asc desc nulls over partition rows exists`)

func wordSet(text string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(text) {
		out[w] = true
	}
	return out
}

// settingsSQL asks for the settings that change what a statement means or returns, and that a session can change. A statement
// whose session has a search path of its own is not kept.
const settingsSQL = `SELECT concat_ws(chr(31), current_setting('TimeZone'), current_setting('Calendar'), current_setting('integer_division'),
	current_setting('preserve_identifier_case'))`

// resultSettings returns the settings that matter to results. It asks DuckDB only after a SET.
func (s *Session) resultSettings() (string, error) {
	if len(s.settings) == 0 {
		return "", nil
	}
	if s.settingsKey == "" {
		c, err := s.idle()
		if err != nil {
			return "", err
		}
		defer s.release(c)
		if s.settingsKey, err = c.text(settingsSQL); err != nil {
			return "", err
		}
	}
	return s.settingsKey, nil
}

// shapeKey is the key of what Prepare finds.
func (s *Session) shapeKey(sql string, declared []sqltype.Type) (resultKey, error) {
	settings, err := s.resultSettings()
	if err != nil {
		return "", err
	}
	var b strings.Builder
	b.WriteString(normalise(sql, strings.HasSuffix(settings, "true")) + "\x00" + settings + "\x00")
	if lake, err := s.lakeViews(); err != nil {
		return "", err
	} else if len(lake.Views) > 0 {
		fmt.Fprintf(&b, "%d\x00", lake.Seq)
	}
	fmt.Fprint(&b, s.switches)
	for _, t := range declared {
		if t.Kind == sqltype.Invalid {
			b.WriteString("\x00?")
		} else {
			b.WriteString("\x00" + t.String())
		}
	}
	return resultKey(b.String()), nil
}

// withArgs is the key of a result.
func (k resultKey) withArgs(args []Arg) resultKey {
	var b strings.Builder
	b.WriteString(string(k) + "\x00\x00")
	for _, a := range args {
		if a.Null {
			b.WriteString("-")
		} else {
			b.WriteString(strconv.Itoa(len(a.Text)) + ":" + a.Text)
		}
	}
	return resultKey(b.String())
}
