package main

import (
	"context"
	"fmt"
)

// The names of the pieces of work that targets are about.
const (
	workKey       = "range of a key"
	workCount     = "count(*)"
	workAggregate = "aggregate"
	workDashboard = "dashboard, repeated"
)

// manyQuestions are asked of the table in many files.
func manyQuestions(s eventsShape) []question {
	middle := s.files / 2
	from := middle*s.rows + s.rows/4
	return []question{
		{work: "full scan", ordered: []int{1},
			sql: "SELECT kind, count(*) AS n, sum(cents) AS cents, avg(seconds) AS seconds FROM events GROUP BY kind ORDER BY kind"},
		{work: "one partition", ordered: []int{1},
			sql: fmt.Sprintf("SELECT kind, count(*) AS n, sum(cents) AS cents FROM events WHERE day = DATE '%s' GROUP BY kind ORDER BY kind", s.day(s.days()/2))},
		{work: workKey,
			sql: fmt.Sprintf("SELECT count(*) AS n, sum(cents) AS cents, max(visitor) AS visitor FROM events WHERE event_id BETWEEN %d AND %d", from, from+s.rows/2)},
		{work: workCount, sql: "SELECT count(*) AS n FROM events"},
		{work: "min and max", sql: "SELECT min(event_id) AS a, max(event_id) AS b, min(cents) AS c, max(cents) AS d FROM events"},
		{work: "top 10 by key", ordered: []int{1}, sql: "SELECT event_id, visitor, cents FROM events ORDER BY event_id DESC LIMIT 10"},
		{work: "top 10 by value", ordered: []int{3, 1}, sql: "SELECT event_id, visitor, cents FROM events ORDER BY cents DESC, event_id LIMIT 10"},
	}
}

// dashboardQuestion is what a dashboard asks whenever someone looks at it.
func dashboardQuestion(s eventsShape) question {
	return question{work: workDashboard, ordered: []int{1, 2}, sql: fmt.Sprintf(
		"SELECT day, kind, count(*) AS n, sum(cents) AS cents FROM events WHERE day >= DATE '%s' GROUP BY day, kind ORDER BY day, kind", s.day(max(0, s.days()-7)))}
}

// shape is that of the many files of a format.
func (z sizes) shape(format string) eventsShape {
	if format == "parquet" {
		return shapeOf(z.ParquetMany[0], z.ParquetMany[1])
	}
	return shapeOf(z.TextMany[0], z.TextMany[1])
}

// manySuite is about one table in many files.
func (b *bench) manySuite(ctx context.Context, format string) error {
	shape := b.sizes.shape(format)
	l, err := b.data.events(ctx, format, shape)
	if err != nil {
		return err
	}
	s, err := b.prepare(ctx, l, "many", 0)
	if err != nil {
		return err
	}
	questions := manyQuestions(shape)
	field := b.warmField(l, s)
	if b.tarn.settings[pruning] && format == "parquet" {
		field = append(field, b.tarn.server(tarnWhole, l, s.warm, resultCache, pruning))
	}
	warm := contest{suite: "many", format: format, way: "warm", contenders: field, questions: questions, rehearse: true}
	if err := b.hold(ctx, warm, 0); err != nil {
		return err
	}
	cold := contest{suite: "many", format: format, way: "cold", contenders: b.coldField(l, s), questions: questions[2:4]}
	if err := b.hold(ctx, cold, 0); err != nil {
		return err
	}
	if format != "parquet" {
		return nil // the dashboard over text is that of one file
	}
	return b.hold(ctx, b.dashboard(l, s, "many", dashboardQuestion(shape)), 0)
}

// dashboard asks the same again and again, with Tarn's result cache on.
func (b *bench) dashboard(l lake, s states, suite string, q question) contest {
	field := []contender{b.tarn.server(tarnLabel, l, s.warm)}
	for _, peer := range b.peers {
		field = append(field, b.tools.driver(peer, l))
	}
	return contest{suite: suite, format: l.format, way: "repeated", contenders: field, questions: []question{q},
		rehearse: true, rounds: b.sizes.Repeats}
}
