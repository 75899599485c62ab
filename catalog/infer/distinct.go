package infer

import (
	"encoding/binary"
	"math"
	"math/bits"
)

// distinctBits is how many bits of a hash choose the register: 4096 registers, 4 KiB, and a standard error of 1.6 %.
const distinctBits = 12

// distinctSketch estimates how many different values were added: HyperLogLog with the estimator of O. Ertl, New
// cardinality estimation algorithms for HyperLogLog sketches, 2017, algorithm 6, which needs no table of corrections.
type distinctSketch struct {
	ranks [1 << distinctBits]uint8
}

// add notes a value by its hash, whose bits must all depend on the value: distinctHash or distinctMix.
func (d *distinctSketch) add(hash uint64) {
	rank := uint8(bits.LeadingZeros64(hash<<distinctBits|1<<(distinctBits-1)) + 1)
	if r := &d.ranks[hash>>(64-distinctBits)]; rank > *r {
		*r = rank
	}
}

// estimate returns about how many different values were added.
func (d *distinctSketch) estimate() int64 {
	const m = 1 << distinctBits
	const last = 64 - distinctBits + 1
	var counts [last + 1]float64
	for _, r := range d.ranks {
		counts[r]++
	}
	z := m * distinctTau(1-counts[last]/m)
	for k := last - 1; k >= 1; k-- {
		z = (z + counts[k]) / 2
	}
	z += m * distinctSigma(counts[0]/m)
	return int64(math.Round(m * m / (2 * math.Ln2 * z)))
}

// distinctSigma corrects for the registers that no value has reached, x of all.
func distinctSigma(x float64) float64 {
	if x == 1 {
		return math.Inf(1)
	}
	z, y := x, 1.0
	for last := -1.0; z != last; y *= 2 {
		x *= x
		last = z
		z += x * y
	}
	return z
}

// distinctTau corrects for the registers that can hold no more, 1-x of all.
func distinctTau(x float64) float64 {
	if x == 0 || x == 1 {
		return 0
	}
	z, y := 1-x, 1.0
	for last := -1.0; z != last; {
		x = math.Sqrt(x)
		last = z
		y /= 2
		z -= (1 - x) * (1 - x) * y
	}
	return z / 3
}

// The multipliers are those of wyhash, whose step is a multiplication to 128 bits folded to 64.
const distinctA, distinctB = 0xa0761d6478bd642f, 0xe7037ed1a0b428db

// distinctHash hashes a value's text, alike in every process, because statistics are kept.
func distinctHash(b []byte) uint64 {
	n := len(b)
	h := uint64(n)
	switch {
	case n <= 8:
		return distinctMix(textKey(b) ^ h<<56 ^ h)
	case n <= 16:
		return distinctMix(distinctFold(binary.LittleEndian.Uint64(b)^distinctB, h^distinctA) ^ binary.LittleEndian.Uint64(b[n-8:]))
	}
	last := binary.LittleEndian.Uint64(b[n-8:])
	for g := h; len(b) > 32; b = b[32:] { // two multiplications at a time
		h = distinctFold(h^binary.LittleEndian.Uint64(b)^distinctA, binary.LittleEndian.Uint64(b[8:])^distinctB)
		g = distinctFold(g^binary.LittleEndian.Uint64(b[16:])^distinctB, binary.LittleEndian.Uint64(b[24:])^distinctA)
		if len(b) <= 64 {
			h ^= bits.RotateLeft64(g, 32)
		}
	}
	for ; len(b) > 8; b = b[8:] {
		h = distinctFold(h^binary.LittleEndian.Uint64(b)^distinctA, distinctB)
	}
	return distinctMix(h ^ last)
}

// distinctFold multiplies to 128 bits and folds them.
func distinctFold(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	return hi ^ lo
}

// distinctMix hashes a number.
func distinctMix(x uint64) uint64 {
	hi, lo := bits.Mul64(x^distinctA, distinctB)
	x = hi ^ lo
	hi, lo = bits.Mul64(x^distinctB, distinctA)
	return hi ^ lo
}
