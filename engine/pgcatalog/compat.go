package pgcatalog

import (
	"sync"
	"time"
)

// compatRows is how many entries the log of compatibility holds; older ones are forgotten.
const compatRows = 1000

// Incident is a statement about the catalog that failed, or met a relation that is empty by design.
type Incident struct {
	At        time.Time
	Client    string // application_name
	Statement string
	Relation  string // that is empty by design; or empty
	Error     string // or empty
}

// compat is the log, the oldest entry first.
type compat struct {
	mu   sync.Mutex
	rows []Incident
	n    int // that were ever written
}

// Note adds an entry to the log.
func (c *Catalog) Note(i Incident) {
	c.log.mu.Lock()
	defer c.log.mu.Unlock()
	c.log.n++
	if len(c.log.rows) == compatRows {
		copy(c.log.rows, c.log.rows[1:])
		c.log.rows = c.log.rows[:compatRows-1]
	}
	c.log.rows = append(c.log.rows, i)
}

// Incidents returns the log, the oldest entry first, and a number that grows with each entry.
func (c *Catalog) Incidents() ([]Incident, int) {
	c.log.mu.Lock()
	defer c.log.mu.Unlock()
	return append([]Incident(nil), c.log.rows...), c.log.n
}
