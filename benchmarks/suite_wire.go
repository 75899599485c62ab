package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"tarn/benchmarks/pgwire"
)

const (
	pgSelect = "PostgreSQL SELECT"
	pgCopy   = "PostgreSQL COPY"
)

// wireCreate is the table of trips as PostgreSQL holds it; unlogged, as nobody needs it after a crash.
const wireCreate = `CREATE UNLOGGED TABLE trips (trip_id bigint, started_at timestamp, ended_at timestamp, day date, city text,
 rider text, cents bigint, km double precision, tip numeric(9,2), passengers integer, rated boolean, vendor text,
 zone_from integer, zone_to integer)`

// wireSQL asks for as many columns.
var wireSQL = map[int]string{
	6:  "SELECT trip_id, started_at, city, cents, km, passengers FROM trips",
	14: "SELECT * FROM trips",
}

// wireQuestions are four: the work says columns and encoding, the statement is a plain SELECT.
func wireQuestions(rows int64) []question {
	var all []question
	for _, columns := range []int{6, 14} {
		for _, encoding := range []string{"text", "binary"} {
			all = append(all, question{work: wireWork(columns, encoding), rows: rows, sql: wireSQL[columns]})
		}
	}
	return all
}

func wireWork(columns int, encoding string) string {
	return fmt.Sprintf("%d columns, %s", columns, encoding)
}

// drain is one way of getting all rows over a connection, which is thrown away as fast as it comes.
type drain struct {
	name    string
	copy    bool
	connect func(context.Context) (conn *pgwire.Conn, pid int, err error)
	failed  func()
	end     func()
}

func (d drain) label() string { return d.name }
func (d drain) peer() string  { return d.name }
func (d drain) close()        { d.end() }

func (d drain) ask(ctx context.Context, q question, _ bool) (outcome, error) {
	c, pid, err := d.connect(ctx)
	if err != nil {
		return outcome{}, err
	}
	binary := strings.HasSuffix(q.work, "binary")
	got, err := d.run(ctx, c, q.sql, binary)
	if err != nil {
		d.failed()
		return outcome{}, err
	}
	rows := got.Rows
	if d.copy && binary {
		rows-- // the trailer is a message of its own
	}
	if rows != q.rows {
		return outcome{}, fmt.Errorf("%d rows came instead of %d", rows, q.rows)
	}
	return outcome{took: got.Total, first: got.First, memory: highWater(pid)}, nil
}

func (d drain) run(ctx context.Context, c *pgwire.Conn, sql string, binary bool) (pgwire.Drained, error) {
	switch {
	case d.copy && binary:
		return c.Drain(ctx, "COPY ("+sql+") TO STDOUT (FORMAT binary)")
	case d.copy:
		return c.Drain(ctx, "COPY ("+sql+") TO STDOUT")
	case binary:
		return c.DrainBinary(ctx, sql)
	}
	return c.Drain(ctx, sql)
}

// wireSuite sends millions of rows to a client that only counts them.
func (b *bench) wireSuite(ctx context.Context) error {
	return b.wireAt(ctx, "wire", b.sizes.WireRows, 0)
}

func (b *bench) growWire(ctx context.Context, scale int) error {
	return b.wireAt(ctx, "growth-wire", b.sizes.Base.WireRows*scale, float64(scale))
}

func (b *bench) wireAt(ctx context.Context, suite string, rows int, scale float64) error {
	l, err := b.data.trips(ctx, "parquet", rows)
	if err != nil {
		return err
	}
	s, err := b.prepare(ctx, l, suite, scale)
	if err != nil {
		return err
	}
	server := b.tarn.server(tarnLabel, l, s.warm, resultCache)
	field := []contender{drainTarn(server)}
	if s.warm != s.raw {
		field = append(field, drainTarn(b.tarn.server(tarnRaw, l, s.raw, resultCache, columnarCache)))
	}
	pg, err := b.loadedPostgres(ctx, l, server)
	if err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		fmt.Fprintf(b.log, "  PostgreSQL is missing: %v\n", err)
		b.report.note("PostgreSQL is missing: %s", short(err.Error()))
		field = append(field, absent{pgSelect, err}, absent{pgCopy, err})
	} else {
		defer pg.stop()
		field = append(field, drainPostgres(pg, pgSelect, false), drainPostgres(pg, pgCopy, true))
	}
	return b.hold(ctx, contest{suite: suite, format: "parquet", way: "warm", contenders: field,
		questions: wireQuestions(int64(rows)), rehearse: true}, scale)
}

func drainTarn(s *tarnServer) contender {
	return drain{name: s.name, end: s.close, failed: s.close, connect: func(ctx context.Context) (*pgwire.Conn, int, error) {
		if err := s.open(ctx); err != nil {
			return nil, 0, err
		}
		return s.conn, s.cmd.Process.Pid, nil
	}}
}

func drainPostgres(p *postgres, name string, copies bool) contender {
	var conn *pgwire.Conn
	end := func() {
		if conn != nil {
			conn.Close()
			conn = nil
		}
	}
	return drain{name: name, copy: copies, end: end, failed: end, connect: func(ctx context.Context) (*pgwire.Conn, int, error) {
		if conn == nil {
			var err error
			if conn, err = p.connect(ctx); err != nil {
				return nil, 0, err
			}
		}
		return conn, conn.PID(), nil
	}}
}

// loadedPostgres starts PostgreSQL with the rows of the lake, and holds its first rows against Tarn's.
func (b *bench) loadedPostgres(ctx context.Context, l lake, server *tarnServer) (*postgres, error) {
	pg, err := startPostgres(ctx, b.log)
	if err != nil {
		return nil, err
	}
	b.report.Versions["postgresql"] = pg.version(ctx)
	err = b.loadWire(ctx, pg, l)
	if err == nil {
		err = sameRows(ctx, pg, server)
	}
	if err != nil {
		pg.stop()
		return nil, err
	}
	return pg, nil
}

func (b *bench) loadWire(ctx context.Context, pg *postgres, l lake) error {
	t := l.tables[0]
	file := filepath.Join(b.states, t.Name+".csv")
	if err := b.data.duckdb(ctx, fmt.Sprintf("COPY (FROM read_parquet(%s)) TO %s (%s)", quote(t.Path), quote(file), copyOptions["csv"])); err != nil {
		return err
	}
	defer os.Remove(file)
	start := time.Now()
	if err := pg.load(ctx, wireCreate, t.Name, file); err != nil {
		return err
	}
	fmt.Fprintf(b.log, "  the rows are in PostgreSQL after %.1f s\n", time.Since(start).Seconds())
	return nil
}

// sameRows compares some rows of both servers, since draining does not look at them.
func sameRows(ctx context.Context, pg *postgres, server *tarnServer) error {
	if err := server.open(ctx); err != nil {
		return err
	}
	c, err := pg.connect(ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	sql := wireSQL[14] + " WHERE trip_id % 1009 = 0 ORDER BY trip_id LIMIT 500"
	want, _, err := c.Collect(ctx, sql)
	if err != nil {
		return err
	}
	got, _, err := server.conn.Collect(ctx, sql)
	if err != nil {
		return err
	}
	if why := (expected{rows: want, ordered: []int{1}}).difference(got); why != "" {
		return errors.New("Tarn's rows are not PostgreSQL's: " + why)
	}
	return nil
}
