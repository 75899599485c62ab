package main

import (
	"context"
	"fmt"
	"slices"
)

// growthSuite asks Tarn and DuckDB the same at growing sizes.
func (b *bench) growthSuite(ctx context.Context) error {
	peers := b.peers
	defer func() { b.peers = peers }()
	b.peers = slices.DeleteFunc(slices.Clone(peers), func(peer string) bool { return peer != "duckdb" })
	for _, scale := range b.sizes.Growth {
		for _, format := range b.formats {
			for _, grow := range []func(context.Context, string, int) error{b.growTPCH, b.growMany, b.growOne} {
				if err := grow(ctx, format, scale); err != nil {
					return fmt.Errorf("%s at %d times: %w", format, scale, err)
				}
			}
		}
		if err := b.growWire(ctx, scale); err != nil {
			return fmt.Errorf("the wire at %d times: %w", scale, err)
		}
	}
	return nil
}

func (b *bench) growTPCH(ctx context.Context, format string, scale int) error {
	factor := b.sizes.Base.Factor * float64(scale)
	l, err := b.data.tpch(ctx, format, factor)
	if err != nil {
		return err
	}
	questions, err := tpchQuestions(factor, nil)
	if err != nil {
		return err
	}
	return b.grow(ctx, l, "growth-tpch", questions, scale)
}

func (b *bench) growMany(ctx context.Context, format string, scale int) error {
	size := b.sizes.Base.TextMany
	if format == "parquet" {
		size = b.sizes.Base.ParquetMany
	}
	shape := shapeOf(size[0]*scale, size[1])
	l, err := b.data.events(ctx, format, shape)
	if err != nil {
		return err
	}
	return b.grow(ctx, l, "growth-many", manyQuestions(shape), scale)
}

func (b *bench) growOne(ctx context.Context, format string, scale int) error {
	l, err := b.data.trips(ctx, format, b.sizes.Base.Trips.of(format)*scale)
	if err != nil {
		return err
	}
	return b.grow(ctx, l, "growth-one", oneQuestions, scale)
}

func (b *bench) grow(ctx context.Context, l lake, suite string, questions []question, scale int) error {
	s, err := b.prepare(ctx, l, suite, float64(scale))
	if err != nil {
		return err
	}
	return b.hold(ctx, contest{suite: suite, format: l.format, way: "warm", contenders: b.warmField(l, s), questions: questions,
		rehearse: true, rounds: min(3, b.sizes.Rounds)}, float64(scale))
}
