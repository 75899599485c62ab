package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"
)

// contest asks the same questions of several contenders, in rounds, in alternating order.
type contest struct {
	suite  string
	format string
	way    string // "cold", "warm"
	judge  string // the contender whose answers are held against the others'

	contenders []contender
	questions  []question

	rehearse bool          // an unmeasured round first; answers are compared in it
	rounds   int           // at most
	budget   time.Duration // no further round starts after it
	limit    time.Duration // of one question
	log      io.Writer
}

var errLimit = errors.New("timed out")

// run returns a measure for each question. What a contender fails or answers differently it is not asked again.
func (c *contest) run(ctx context.Context) ([]measure, error) {
	defer c.close()
	measures := make([]measure, len(c.questions))
	for i, q := range c.questions {
		measures[i] = measure{Suite: c.suite, Format: c.format, Way: c.way, Work: q.work, Rows: q.rows}
		for _, player := range c.contenders {
			measures[i].Entries = append(measures[i].Entries, entry{Program: player.label()})
		}
	}
	started, first := time.Now(), 0
	if !c.rehearse {
		first = 1
	}
	for round := first; round <= c.rounds; round++ {
		if round > 1 && time.Since(started) > c.budget {
			break
		}
		for i := range c.questions {
			if err := c.round(ctx, round, i, &measures[i]); err != nil {
				return nil, err
			}
		}
		if round == 0 {
			fmt.Fprintf(c.log, "  rehearsed in %.1f s\n", time.Since(started).Seconds())
			started = time.Now()
		}
	}
	for i := range measures {
		measures[i].finish()
	}
	fmt.Fprintf(c.log, "  %d rounds in %.1f s\n", measures[0].rounds(), time.Since(started).Seconds())
	return measures, nil
}

// round asks one question of every contender; who comes first changes with the question and the round.
func (c *contest) round(ctx context.Context, round, i int, m *measure) error {
	answers := map[string][][]string{}
	n := len(c.contenders)
	for k := range n {
		at := (k + round + i) % n
		if (round+i)/n%2 == 1 {
			at = n - 1 - at
		}
		e := &m.Entries[at]
		if e.Failure != "" {
			continue
		}
		keep := round == 0 || !c.rehearse
		o, err := c.ask(ctx, c.contenders[at], c.questions[i], keep)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			e.fail(err)
			fmt.Fprintf(c.log, "  %s, %s: %s\n", m.Work, e.Program, e.Failure)
			continue
		}
		e.add(o, round > 0)
		answers[e.Program] = o.rows
	}
	if round == 0 || round == 1 && !c.rehearse {
		c.compare(c.questions[i], answers, m)
	}
	return nil
}

func (c *contest) ask(ctx context.Context, player contender, q question, keep bool) (outcome, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, c.limit, fmt.Errorf("%w after %v", errLimit, c.limit))
	defer cancel()
	return player.ask(ctx, q, keep)
}

// compare holds every answer against the judge's.
func (c *contest) compare(q question, answers map[string][][]string, m *measure) {
	right, ok := answers[c.judge]
	if !ok {
		m.Unjudged = fmt.Sprintf("%s gave no answer to hold the others against", c.judge)
		return
	}
	for i := range m.Entries {
		e := &m.Entries[i]
		rows, answered := answers[e.Program]
		if !answered || e.Program == c.judge {
			continue
		}
		if why := (expected{rows: right, ordered: q.ordered}).difference(rows); why != "" {
			e.Failure, e.Differs = "differs: "+short(why), true
			fmt.Fprintf(c.log, "  %s, %s: %s\n", m.Work, e.Program, e.Failure)
		}
	}
}

func (c *contest) close() {
	for _, player := range c.contenders {
		player.close()
	}
}
