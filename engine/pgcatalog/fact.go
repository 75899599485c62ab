package pgcatalog

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// fact answers what may be another each time. The second argument is the number of the session that asks.
func (c *Catalog) fact(args []*string) (*string, error) {
	if len(args) < 2 || args[0] == nil {
		return nil, fmt.Errorf("tarn_pg_fact needs what to ask, and the session")
	}
	who, h := c.client(args[1]), c.hooks.Load()
	switch *args[0] {
	case "user":
		return &who.User, nil
	case "database":
		return &who.Database, nil
	case "pid":
		return text(itoa(int64(who.PID))), nil
	case "address":
		return optional(who.Address), nil
	case "port":
		if who.Port == 0 {
			return nil, nil
		}
		return text(itoa(int64(who.Port))), nil
	case "version":
		return optional(h.Version), nil
	case "started":
		if h.Started.IsZero() {
			return text(processStart.UTC().Format(time.RFC3339Nano)), nil
		}
		return text(h.Started.UTC().Format(time.RFC3339Nano)), nil
	case "setting":
		return c.setting(who, args[2:])
	case "path":
		if path := who.Settings["search_path"]; path != "" {
			return asJSON(SearchPath(path))
		}
		return nil, nil
	case "set_config":
		return setConfig(who, args[2:])
	case "settings":
		return asJSON(given(who))
	case "prepared":
		return asJSON(who.Prepared)
	case "cursors":
		return asJSON(who.Cursors)
	case "sessions":
		return asJSON(c.sessions(who, h))
	case "roles":
		return asJSON(c.roles(who, h))
	case "temp_class", "temp_attribute":
		return asJSON(c.temporary(who, *args[0]))
	case "snapshot":
		if who.Snapshot == 0 {
			return nil, fmt.Errorf("a snapshot is exported inside of a transaction, which it is of: send BEGIN first")
		}
		return text(fmt.Sprintf("%08X-1", who.Snapshot)), nil
	case "signal":
		if len(args) < 4 || args[2] == nil || args[3] == nil {
			return nil, nil
		}
		return text(truth(h.Signal != nil && h.Signal(int(number(*args[2])), *args[3] == "t"))), nil
	}
	return c.ownFact(who, *args[0], args[2:])
}

// ownFact answers what is about relations that only the session sees, and about names as it means them.
func (c *Catalog) ownFact(who Client, what string, args []*string) (*string, error) {
	switch what {
	case "temp_space":
		return asJSON(c.temporarySpaces(who))
	case "hidden":
		return asJSON(append([]int64{}, who.Hidden...))
	case "viewdef":
		return viewOfSession(who, args), nil
	case "regclass", "to_regclass":
		if len(args) == 0 || args[0] == nil {
			return nil, nil
		}
		return c.relationText(who, *args[0], what == "regclass")
	}
	return nil, fmt.Errorf("tarn_pg_fact knows no %s", what)
}

// processStart stands in for the start of the server.
var processStart = time.Now()

func text(s string) *string { return &s }

func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func asJSON(v any) (*string, error) {
	out, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return text(string(out)), nil
}

// settingRow is the value of a setting.
type settingRow struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

func given(who Client) []settingRow {
	rows := []settingRow{}
	for name, value := range who.Settings {
		rows = append(rows, settingRow{strings.ToLower(name), value})
	}
	return rows
}

// setting is current_setting: of the session, or what PostgreSQL has from the start.
func (c *Catalog) setting(who Client, args []*string) (*string, error) {
	if len(args) < 1 || args[0] == nil {
		return nil, nil
	}
	name := strings.ToLower(*args[0])
	for given, v := range who.Settings {
		if strings.EqualFold(given, name) {
			return &v, nil
		}
	}
	if v, ok := initialSettings()[name]; ok {
		return &v, nil
	}
	if len(args) > 1 && args[1] != nil && *args[1] == "true" {
		return nil, nil
	}
	return nil, fmt.Errorf("unrecognized configuration parameter \"%s\"", *args[0])
}

// setConfig is set_config(name, value, is_local).
func setConfig(who Client, args []*string) (*string, error) {
	if len(args) != 3 || args[0] == nil {
		return nil, fmt.Errorf("SET requires parameter name")
	}
	value := ""
	if args[1] != nil {
		value = *args[1]
	}
	if who.SetConfig == nil {
		return nil, fmt.Errorf("set_config needs a connection to a server: use SET")
	}
	now, err := who.SetConfig(*args[0], value, args[2] != nil && *args[2] == "true")
	if err != nil {
		return nil, err
	}
	return &now, nil
}

// initialSettings are the values that an untouched PostgreSQL has, in its units.
var initialSettings = sync.OnceValue(func() map[string]string {
	m := map[string]string{}
	if s, err := loadStatic(); err == nil {
		s.each("tarn.settings", "name shown", func(v []string) { m[strings.ToLower(v[0])] = v[1] })
	}
	return m
})

// sessions lists the server's sessions, or the one that asks.
func (c *Catalog) sessions(who Client, h *Hooks) []Activity {
	if h.Sessions != nil {
		return h.Sessions()
	}
	now := time.Now().UTC()
	return []Activity{{PID: who.PID, User: who.User, Began: processStart.UTC(), Transaction: &now, QueryStart: &now, Changed: &now, State: "active"}}
}

// roleRow is a role that may log in.
type roleRow struct {
	OID   int64  `json:"oid"`
	Name  string `json:"rolname"`
	Super bool   `json:"rolsuper"`
}

// roles lists those who may connect besides the owner, and the session's user.
func (c *Catalog) roles(who Client, h *Hooks) []roleRow {
	rows := []roleRow{}
	users := []string{who.User}
	if h.Roles != nil {
		users = append(users, h.Roles()...)
	}
	seen, taken := map[string]bool{owner: true}, map[int64]string{}
	for _, u := range users {
		if !seen[u] {
			seen[u] = true
			oid := spaceOID(u+"@", taken)
			taken[oid] = u
			rows = append(rows, roleRow{OID: oid, Name: u})
		}
	}
	return rows
}

// tempRow is a temporary relation, or a column of one.
type tempRow struct {
	OID     int64  `json:"oid"`
	Space   int64  `json:"space"`
	Stays   string `json:"stays"` // relpersistence
	Name    string `json:"name"`
	Kind    string `json:"kind"`
	Rows    int64  `json:"rows"`
	Columns int    `json:"columns"`
	At      int    `json:"at"`
	Type    int64  `json:"type"`
	Mod     int64  `json:"mod"`
	NotNull bool   `json:"not_null"`
}

// relationText is a relation's name as the session means it, in a form that means the same to all: the OID if the session's temporary relations
// or its search path, if it set one, tell which it is. What the path does not find is an error, or nil.
func (c *Catalog) relationText(who Client, name string, must bool) (*string, error) {
	parts, n := splitIdent(strings.TrimSpace(name)), c.names.Load()
	last := parts[len(parts)-1]
	if _, isNumber := strconv.ParseInt(last, 10, 64); isNumber == nil || name == "-" {
		return &name, nil
	}
	schema := ""
	if len(parts) > 1 {
		schema = parts[len(parts)-2]
	}
	for i, t := range who.Temp {
		if strings.EqualFold(t.Name, last) && (schema == "" || strings.EqualFold(schema, t.Schema) || t.Schema == "" && strings.HasPrefix(schema, "pg_temp")) {
			return text(itoa(tempFrom + int64(i))), nil
		}
	}
	path := SearchPath(who.Settings["search_path"])
	if len(parts) > 1 || len(path) == 0 {
		return &name, nil
	}
	for _, schema := range append([]string{"pg_catalog"}, path...) {
		if oid, ok := n.byRelation[schema+"."+last]; ok && !slices.Contains(who.Hidden, oid) {
			return text(itoa(oid)), nil
		}
	}
	if must {
		return nil, fmt.Errorf("relation \"%s\" does not exist", last)
	}
	return nil, nil
}

// spaceRow is a schema that only the session sees.
type spaceRow struct {
	OID  int64  `json:"oid"`
	Name string `json:"name"`
}

// temporarySpaces lists the schemas of the session's own relations that others do not see.
func (c *Catalog) temporarySpaces(who Client) []spaceRow {
	rows := []spaceRow{}
	spaces := c.names.Load()
	for _, t := range who.Temp {
		row := spaceRow{tempSpace, "pg_temp_1"}
		if t.Schema != "" {
			row = spaceRow{spaceOID(t.Schema, spaces.spaces), t.Schema}
		}
		if _, shared := spaces.bySpace[row.Name]; !shared && !slices.Contains(rows, row) {
			rows = append(rows, row)
		}
	}
	return rows
}

// viewOfSession is the query of a view that only the session sees; nil for all else.
func viewOfSession(who Client, args []*string) *string {
	if len(args) == 0 || args[0] == nil {
		return nil
	}
	if i := number(*args[0]) - tempFrom; i >= 0 && i < int64(len(who.Temp)) && who.Temp[i].View {
		return text(" " + strings.TrimRight(strings.TrimSpace(who.Temp[i].SQL), ";") + ";")
	}
	return nil
}

// tempSpace is the OID of the schema of temporary relations.
const tempSpace = 3

// tempFrom is the first OID of temporary relations; those of one session are numbered in the order of their names.
const tempFrom = 1<<31 - 1<<20

// temporary lists the session's temporary relations, or their columns.
func (c *Catalog) temporary(who Client, what string) []tempRow {
	rows := []tempRow{}
	for i, t := range who.Temp {
		kind := "r"
		if t.View {
			kind = "v"
		}
		row := tempRow{OID: tempFrom + int64(i), Space: tempSpace, Stays: "t", Name: t.Name, Kind: kind, Rows: t.Rows, Columns: len(t.Columns)}
		if t.Schema != "" {
			row.Space, row.Stays = spaceOID(t.Schema, c.names.Load().spaces), "p"
		}
		if what == "temp_class" {
			rows = append(rows, row)
			continue
		}
		for at, col := range t.Columns {
			typ := typeFromText(col.Type)
			rows = append(rows, tempRow{OID: row.OID, Name: col.Name, At: at + 1, Type: typ.oid, Mod: typ.mod, NotNull: col.NotNull})
		}
	}
	return rows
}
