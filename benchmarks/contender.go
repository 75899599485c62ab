package main

import (
	"context"
	"time"
)

// question is one statement, and how programs must spell it that read another dialect.
type question struct {
	work    string            // what it is called in the report
	sql     string            // for everyone without an entry in dialect
	dialect map[string]string // by peer
	ordered []int             // columns of the result that ORDER BY names, from 1
	rows    int64             // of the result, where the rate is what counts
}

func (q question) spelled(peer string) string {
	if sql, ok := q.dialect[peer]; ok {
		return sql
	}
	return q.sql
}

// outcome is one answered question.
type outcome struct {
	took   time.Duration
	first  time.Duration // until the first row, where that is measured
	rows   [][]string    // where they were to be kept
	memory int64         // the most that the process had resident so far; 0: not known
}

// contender is one program on one data set, in one way of using it.
type contender interface {
	// label is its name in the report; variants of one program have labels of their own.
	label() string
	// peer is the program, which decides the dialect.
	peer() string
	// ask answers within the limits of ctx. After an error the next ask starts afresh.
	ask(ctx context.Context, q question, keep bool) (outcome, error)
	// close ends what runs.
	close()
}

// fresh is a contender whose every answer takes a new process.
type fresh struct {
	name string
	run  func(ctx context.Context, sql string) (outcome, error)
}

func (f fresh) label() string { return f.name }
func (f fresh) peer() string  { return f.name }
func (f fresh) close()        {}
func (f fresh) ask(ctx context.Context, q question, _ bool) (outcome, error) {
	return f.run(ctx, q.spelled(f.name))
}

// absent is a program that could not be prepared: it fails every question with the reason.
type absent struct {
	name string
	why  error
}

func (a absent) label() string { return a.name }
func (a absent) peer() string  { return a.name }
func (a absent) close()        {}
func (a absent) ask(context.Context, question, bool) (outcome, error) {
	return outcome{}, a.why
}
