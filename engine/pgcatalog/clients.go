package pgcatalog

import "time"

// Client is what the catalog says to a session about itself.
type Client struct {
	User     string // empty is the owner
	Database string // empty is the lake's name
	PID      int
	Address  string // of the client; empty for a Unix socket or none
	Port     int
	Settings map[string]string // values of settings, as SHOW gives them, by name in lower case
	Prepared []Prepared
	Cursors  []Cursor
	Temp     []TempTable
	Hidden   []int64 // OIDs of relations that are there for others only
	Snapshot int64   // the version of the lake that an open transaction sees; 0 outside of one
	// SetConfig changes a setting for the session, or for the transaction, and returns its new value; nil if none can be changed.
	SetConfig func(name, value string, local bool) (string, error)
}

// Prepared is a row of pg_prepared_statements.
type Prepared struct {
	Name       string    `json:"name"`
	Statement  string    `json:"statement"`
	At         time.Time `json:"prepare_time"`
	Parameters []string  `json:"parameter_types"`
	FromSQL    bool      `json:"from_sql"`
}

// Cursor is a row of pg_cursors.
type Cursor struct {
	Name      string    `json:"name"`
	Statement string    `json:"statement"`
	Hold      bool      `json:"is_holdable"`
	Binary    bool      `json:"is_binary"`
	Scroll    bool      `json:"is_scrollable"`
	At        time.Time `json:"creation_time"`
}

// TempTable is a relation that only one session sees: a temporary table or view, or a view of the lake that its transaction made.
type TempTable struct {
	Schema  string // empty if it is temporary
	Name    string
	View    bool
	SQL     string // a view's query
	Rows    int64
	Columns []TempColumn
}

// TempColumn is a column of one.
type TempColumn struct {
	Name    string
	Type    string // as DuckDB spells it
	NotNull bool
}

// Activity is a row of pg_stat_activity.
type Activity struct {
	PID         int        `json:"pid"`
	User        string     `json:"usename"`
	Application string     `json:"application_name"`
	Address     *string    `json:"client_addr"`
	Port        *int       `json:"client_port"`
	Began       time.Time  `json:"backend_start"`
	Transaction *time.Time `json:"xact_start"`
	QueryStart  *time.Time `json:"query_start"`
	Changed     *time.Time `json:"state_change"`
	State       string     `json:"state"`
	Query       string     `json:"query"`
	TLS         string     `json:"tls"` // its version; empty if the connection is not encrypted
	Cipher      string     `json:"cipher"`
}

// Hooks are what others tell the catalog. A nil one tells nothing.
type Hooks struct {
	// Sessions lists the server's sessions.
	Sessions func() []Activity
	// Signal cancels what the session with a process number runs, or ends the session; false if there is none.
	Signal func(pid int, terminate bool) bool
	// Roles lists the users who may connect.
	Roles func() []string
	// Started is when the server began; the zero time is not known.
	Started time.Time
	// Version is what version() says.
	Version string
}

// Attach sets what others tell.
func (c *Catalog) Attach(h Hooks) { c.hooks.Store(&h) }

// Enter makes a session known, and returns the number by which its statements tell who they are. Leave takes it back.
func (c *Catalog) Enter(client func() Client) int64 {
	id := c.last.Add(1)
	c.clients.Store(id, client)
	return id
}

// Leave forgets a session.
func (c *Catalog) Leave(id int64) { c.clients.Delete(id) }

// client returns what is known of the session with a number, as text.
func (c *Catalog) client(id *string) Client {
	var known Client
	if id != nil {
		if f, ok := c.clients.Load(number(*id)); ok {
			known = f.(func() Client)()
		}
	}
	if known.User == "" {
		known.User = owner
	}
	if known.Database == "" {
		known.Database = c.lake
	}
	return known
}

// owner is the role that owns the lake.
const owner = "tarn"
