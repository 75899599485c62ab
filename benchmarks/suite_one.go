package main

import (
	"context"
)

// oneQuestions are asked of one large file.
var oneQuestions = []question{
	{work: workAggregate, ordered: []int{1},
		sql: "SELECT city, count(*) AS n, sum(cents) AS cents, avg(km) AS km, max(started_at) AS latest FROM trips GROUP BY city ORDER BY city"},
	{work: workCount, sql: "SELECT count(*) AS n FROM trips"},
	{work: "top riders", ordered: []int{3, 1},
		sql: "SELECT rider, count(*) AS n, sum(cents) AS cents FROM trips GROUP BY rider ORDER BY cents DESC, rider LIMIT 10"},
}

// oneSuite is about one large file: the first query of a new process, and queries of one that runs.
func (b *bench) oneSuite(ctx context.Context, format string) error {
	l, err := b.data.trips(ctx, format, b.sizes.Trips.of(format))
	if err != nil {
		return err
	}
	s, err := b.prepare(ctx, l, "one", 0)
	if err != nil {
		return err
	}
	cold := contest{suite: "one", format: format, way: "cold", contenders: b.coldField(l, s), questions: oneQuestions[:2]}
	if err := b.hold(ctx, cold, 0); err != nil {
		return err
	}
	warm := contest{suite: "one", format: format, way: "warm", contenders: b.warmField(l, s), questions: oneQuestions, rehearse: true}
	if err := b.hold(ctx, warm, 0); err != nil {
		return err
	}
	if format == "parquet" {
		return nil // the dashboard over Parquet is that of many files
	}
	return b.hold(ctx, b.dashboard(l, s, "one", question{work: workDashboard, sql: oneQuestions[0].sql, ordered: []int{1}}), 0)
}
