package infer

import (
	"fmt"
	"math"
	"testing"
)

// TestDistinct estimates numbers and texts from none to millions, each added twice. The hash is fixed, so that the
// errors are the same in every run.
func TestDistinct(t *testing.T) {
	for _, n := range []int{0, 1, 2, 3, 10, 50, 100, 1000, 5000, 10_000, 20_000, 100_000, 1_000_000} {
		var numbers, texts distinctSketch
		for range 2 {
			for i := range n {
				numbers.add(distinctMix(uint64(i)))
				texts.add(distinctHash(fmt.Appendf(nil, "name %d", i)))
			}
		}
		for name, got := range map[string]int64{"numbers": numbers.estimate(), "texts": texts.estimate()} {
			if off := math.Abs(float64(got) - float64(n)); off > 0.05*float64(n) || n <= 10 && off > 0 {
				t.Errorf("%d %s: estimated %d", n, name, got)
			}
		}
	}
}

// TestDistinctHash checks that the hash stays what it is, because estimates are kept, and that zero bytes count.
func TestDistinctHash(t *testing.T) {
	if got, want := distinctHash([]byte("a text of more than eight bytes")), uint64(0x35eb20cc6d45949d); got != want {
		t.Errorf("the hash is %#x, was %#x", got, want)
	}
	if distinctHash([]byte{0}) == distinctHash(nil) || distinctHash(make([]byte, 8)) == distinctHash(make([]byte, 16)) {
		t.Error("texts of zero bytes share a hash")
	}
}

func BenchmarkDistinct(b *testing.B) {
	var d distinctSketch
	text := []byte("customer 123")
	b.Run("number", func(b *testing.B) {
		for i := uint64(0); b.Loop(); i++ {
			d.add(distinctMix(i))
		}
	})
	b.Run("text", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			text[9] = byte(i)
			d.add(distinctHash(text))
		}
	})
}
