package main

import (
	"context"
)

// startSuite is the least that a process takes: Tarn opens the crawled lake of many Parquet files, while the peers get
// no tables at all.
func (b *bench) startSuite(ctx context.Context) error {
	l, err := b.data.events(ctx, "parquet", b.sizes.shape("parquet"))
	if err != nil {
		return err
	}
	s, err := b.prepare(ctx, l, "start", 0)
	if err != nil {
		return err
	}
	field := []contender{b.tarn.once(tarnLabel, l, s.raw)}
	for _, peer := range b.peers {
		field = append(field, b.tools.once(peer, lake{}))
	}
	return b.hold(ctx, contest{suite: "start", format: "none", way: "cold", contenders: field, rounds: 3 * b.sizes.Rounds,
		questions: []question{{work: "select 1", sql: "SELECT 1 AS one"}}}, 0)
}
