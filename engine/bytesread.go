package engine

import (
	"fmt"
	"strconv"
	"sync"
)

// readLog counts the bytes that statements read from files, by DuckDB's log of its file system: the profile's own number leaves out
// what the Parquet reader fetches ahead. The log is the instance's and is kept only while someone counts.
type readLog struct {
	mu    sync.Mutex
	users int
}

// readCount is what a connection had read when its counting began.
type readCount struct {
	on   *conn
	id   string // of the connection, in DuckDB's log
	from int64
}

// begin makes the log note what the next statement on the connection reads.
func (l *readLog) begin(c *conn) (*readCount, error) {
	id, err := c.text("SELECT current_connection_id()::VARCHAR")
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.users == 0 {
		if err := c.exec("CALL enable_logging('FileSystem', level = 'trace', storage = 'memory')"); err != nil {
			return nil, fmt.Errorf("count the bytes that are read: %w", err)
		}
	}
	l.users++
	n := &readCount{on: c, id: id}
	n.from = max(0, n.read())
	return n, nil
}

// end returns the bytes that were read since begin, or -1 if that is not known.
func (l *readLog) end(n *readCount) int64 {
	read := n.read()
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.users--; l.users == 0 {
		for _, sql := range []string{"CALL disable_logging()", "CALL truncate_duckdb_logs()"} {
			if n.on.exec(sql) != nil {
				return -1
			}
		}
	}
	if read < n.from {
		return -1
	}
	return read - n.from
}

// read sums up the connection's reads in the log; it is -1 if that fails.
func (n *readCount) read() int64 {
	text, err := n.on.text("SELECT coalesce(sum(TRY_CAST(m.bytes AS BIGINT)), 0)::VARCHAR FROM (SELECT parse_duckdb_log_message('FileSystem', message) AS m FROM duckdb_logs " +
		"WHERE type = 'FileSystem' AND connection_id = " + n.id + ") WHERE m.op = 'READ'")
	if err != nil {
		return -1
	}
	read, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return -1
	}
	return read
}
