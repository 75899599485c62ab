package pgcatalog

import (
	"encoding/json"
	"fmt"
	"strings"

	duck "github.com/duckdb/duckdb-go/v2/mapping"
)

// registerFunctions makes the two functions known by which macros and views ask: tarn_pg_call for what depends on its arguments
// and the lake only, tarn_pg_fact for what may be another each time. The first argument says what is asked.
func (c *Catalog) registerFunctions(con duck.Connection) error {
	if err := RegisterScalar(con, "tarn_pg_call", false, c.call); err != nil {
		return err
	}
	return RegisterScalar(con, "tarn_pg_fact", true, c.fact)
}

// call answers; an argument that is NULL makes the answer NULL.
func (c *Catalog) call(args []*string) (*string, error) {
	if len(args) == 0 || args[0] == nil {
		return nil, fmt.Errorf("tarn_pg_call needs the name of what to ask")
	}
	a := make([]string, len(args)-1)
	for i, v := range args[1:] {
		if v == nil && *args[0] == "format" && i > 0 {
			continue // an empty text
		}
		if v == nil {
			return nil, nil
		}
		a[i] = *v
	}
	if *args[0] == "format" {
		return text(formatted(a)), nil
	}
	f, ok := answers[*args[0]]
	if !ok || f.args != len(a) {
		return nil, fmt.Errorf("tarn_pg_call knows no %s of %d arguments", *args[0], len(a))
	}
	v, known, err := f.do(c.names.Load(), a)
	if err != nil || !known {
		return nil, err
	}
	return &v, nil
}

// answer computes a text; known is false for NULL.
type answer struct {
	args int
	do   func(n *names, a []string) (v string, known bool, err error)
}

var answers = map[string]answer{
	"format_type": {2, func(n *names, a []string) (string, bool, error) {
		return n.formatType(number(a[0]), number(a[1])), true, nil
	}},
	"role": {1, func(n *names, a []string) (string, bool, error) {
		if name, ok := n.roles[number(a[0])]; ok {
			return name, true, nil
		}
		return fmt.Sprintf("unknown (OID=%s)", a[0]), true, nil
	}},
	"table_visible": {2, func(n *names, a []string) (string, bool, error) { // the second: the session's search path, if it set one
		oid := number(a[0])
		if oid >= tempFrom { // nothing hides what is temporary
			return truth(true), true, nil
		}
		r, ok := n.relations[oid]
		if a[1] == "" || r.schema == "pg_catalog" {
			return truth(r.visible), ok, nil
		}
		var path []string
		err := json.Unmarshal([]byte(a[1]), &path)
		return truth(n.visible(r.schema, r.name, path)), ok, err
	}},
	"type_visible": {1, func(n *names, a []string) (string, bool, error) {
		t, ok := n.types[number(a[0])]
		return truth(ok && n.typeVisible(t)), ok, nil
	}},
	"comment": {3, func(n *names, a []string) (string, bool, error) {
		class := a[0]
		if oid, ok := n.byRelation["pg_catalog."+class]; ok {
			class = itoa(oid)
		}
		v, ok := n.comments[commentKey(class, a[1], a[2])]
		return v, ok, nil
	}},
	"said": {2, func(n *names, a []string) (string, bool, error) {
		v, ok := n.said[a[0]][number(a[1])]
		return v, ok && v != "", nil
	}},
	"bytes": {1, func(n *names, a []string) (string, bool, error) {
		if t := n.tables[number(a[0])]; t != nil {
			return itoa(t.table.Bytes()), true, nil
		}
		_, ok := n.relations[number(a[0])]
		return "0", ok, nil
	}},
	"lake": {0, func(n *names, _ []string) (string, bool, error) {
		return fmt.Sprintf("a data lake of %d tables, read-only", len(n.tables)), true, nil
	}},
	"lake_bytes": {0, func(n *names, _ []string) (string, bool, error) {
		var sum int64
		for _, t := range n.tables {
			sum += t.table.Bytes()
		}
		return itoa(sum), true, nil
	}},
	"size_pretty": {1, func(_ *names, a []string) (string, bool, error) { return prettySize(number(a[0])), true, nil }},
	"quote_ident": {1, func(_ *names, a []string) (string, bool, error) { return quoteIdent(a[0]), true, nil }},
	"to_reg": {2, func(n *names, a []string) (string, bool, error) {
		oid, err := n.oid(a[0], a[1])
		return itoa(oid), err == nil && oid != 0, nil
	}},
	"exists": {2, func(n *names, a []string) (string, bool, error) { // as the privilege functions do: an error if it is not there
		if _, err := n.oid(a[0], a[1]); err != nil {
			return "", false, err
		}
		return "t", true, nil
	}},
	"parse_ident": {1, func(_ *names, a []string) (string, bool, error) {
		text, err := json.Marshal(splitIdent(strings.TrimSpace(a[0])))
		return string(text), true, err
	}},
	"path": {0, func(n *names, _ []string) (string, bool, error) {
		text, err := json.Marshal(n.path)
		return string(text), true, err
	}},
	"encoding": {1, func(_ *names, a []string) (string, bool, error) {
		i := number(a[0])
		if i < 0 || i >= int64(len(encodings)) {
			return "", true, nil
		}
		return encodings[i], true, nil
	}},
	"encoding_number": {1, func(_ *names, a []string) (string, bool, error) {
		for i, e := range encodings {
			if strings.EqualFold(e, a[0]) || strings.EqualFold(strings.ReplaceAll(a[0], "-", ""), e) {
				return itoa(int64(i)), true, nil
			}
		}
		return "-1", true, nil
	}},
}

// encodings are PostgreSQL's by number (src/include/mb/pg_wchar.h).
var encodings = strings.Fields("SQL_ASCII EUC_JP EUC_CN EUC_KR EUC_TW EUC_JIS_2004 UTF8 MULE_INTERNAL LATIN1 LATIN2 LATIN3 LATIN4 LATIN5 " +
	"LATIN6 LATIN7 LATIN8 LATIN9 LATIN10 WIN1256 WIN1258 WIN866 WIN874 KOI8R WIN1251 WIN1252 ISO_8859_5 ISO_8859_6 ISO_8859_7 ISO_8859_8 " +
	"WIN1250 WIN1253 WIN1254 WIN1255 WIN1257 KOI8U SJIS BIG5 GBK UHC GB18030 JOHAB SHIFT_JIS_2004")

func truth(b bool) string {
	if b {
		return "t"
	}
	return "f"
}

// typeVisible reports whether a type is found without its schema.
func (n *names) typeVisible(t typeName) bool {
	if t.schema == "pg_catalog" {
		return true
	}
	for _, schema := range n.path {
		if _, ok := n.byType[schema+"."+t.name]; ok {
			return schema == t.schema
		}
	}
	return false
}

// prettySize is pg_size_pretty(bigint): the unit in which the number has at most five digits, rounded half away from zero.
func prettySize(n int64) string {
	units := []string{"bytes", "kB", "MB", "GB", "TB", "PB"}
	abs := func(v int64) int64 { return max(v, -v) }
	if abs(n) < 10*1024 {
		return itoa(n) + " bytes"
	}
	n /= 512 // one bit is kept to round with
	i := 1
	for abs(n) >= 20*1024-1 && i < len(units)-1 {
		n, i = n/1024, i+1
	}
	if n < 0 {
		return itoa((n-1)/2) + " " + units[i]
	}
	return itoa((n+1)/2) + " " + units[i]
}

// formatted is format() with the conversions %s, %I, %L and %%.
func formatted(a []string) string {
	var b strings.Builder
	next := 1
	for i := 0; i < len(a[0]); i++ {
		if a[0][i] != '%' || i+1 == len(a[0]) {
			b.WriteByte(a[0][i])
			continue
		}
		i++
		if a[0][i] == '%' {
			b.WriteByte('%')
			continue
		}
		arg := ""
		if next < len(a) {
			arg = a[next]
		}
		next++
		switch a[0][i] {
		case 'I':
			b.WriteString(quoteIdent(arg))
		case 'L':
			b.WriteString("'" + strings.ReplaceAll(arg, "'", "''") + "'")
		default:
			b.WriteString(arg)
		}
	}
	return b.String()
}
