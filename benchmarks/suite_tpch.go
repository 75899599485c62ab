package main

import (
	"context"
)

// tpchSuite asks the 22 queries, warm, and some of them of fresh processes.
func (b *bench) tpchSuite(ctx context.Context, format string) error {
	l, err := b.data.tpch(ctx, format, b.sizes.Factor)
	if err != nil {
		return err
	}
	s, err := b.prepare(ctx, l, "tpch", 0)
	if err != nil {
		return err
	}
	all, err := tpchQuestions(b.sizes.Factor, nil)
	if err != nil {
		return err
	}
	some, err := tpchQuestions(b.sizes.Factor, b.sizes.Cold)
	if err != nil {
		return err
	}
	warm := contest{suite: "tpch", format: format, way: "warm", contenders: b.warmField(l, s), questions: all, rehearse: true}
	if err := b.hold(ctx, warm, 0); err != nil {
		return err
	}
	return b.hold(ctx, contest{suite: "tpch", format: format, way: "cold", contenders: b.coldField(l, s), questions: some}, 0)
}
