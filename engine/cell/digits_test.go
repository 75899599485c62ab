package cell

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/decimal128"
)

// numbers returns integers of every length, at and around the powers of ten and of two.
func numbers() []uint64 {
	rnd := rand.New(rand.NewPCG(1, 2))
	out := []uint64{0, math.MaxUint64, 1 << 63}
	for _, p := range powers {
		out = append(out, p-1, p, p+1)
	}
	for bit := range 64 {
		for range 50 {
			out = append(out, rnd.Uint64()>>bit)
		}
	}
	return out
}

func TestIntegers(t *testing.T) {
	for _, n := range numbers() {
		if got, want := string(AppendUint([]byte("x"), n)), "x"+strconv.FormatUint(n, 10); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		if got, want := string(AppendInt(nil, int64(n))), strconv.FormatInt(int64(n), 10); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		wide := decimal128.New(int64(n>>3), n*7)
		if got, want := string(AppendDecimal(nil, wide, 0)), wide.BigInt().String(); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// TestShortFloats compares the fast way with the general one, for decimals of up to 8 places, their neighbours, and
// random bits.
func TestShortFloats(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	var values []float64
	for range 20_000 {
		f := float64(rnd.Int64N(1<<rnd.IntN(60)+1)) / math.Pow10(rnd.IntN(9))
		values = append(values, f, -f, math.Nextafter(f, 0), math.Nextafter(f, math.Inf(1)), math.Float64frombits(rnd.Uint64()))
	}
	values = append(values, 0, math.Copysign(0, -1), 1e-4, 9.9999e-5, 1e-6, 999999999.999999, 1e9, 123456789.1234565)
	short := 0
	for _, f := range values {
		got, ok := appendShort([]byte("x"), f)
		if !ok {
			if string(got) != "x" {
				t.Fatalf("%v leaves %s behind", f, got)
			}
			continue
		}
		short++
		if want := "x" + strconv.FormatFloat(f, 'f', -1, 64); string(got) != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	if short < 10_000 {
		t.Errorf("only %d of %d took the fast way", short, len(values))
	}
}

// TestCalendar compares dates and times with those of Go's library.
func TestCalendar(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 6))
	for day := int64(firstCommon) - 1000; day <= lastCommon+1000; day += 1 + rnd.Int64N(20) {
		at := time.Unix(day*secondsPerDay, 0).UTC()
		want := at.Format("2006-01-02")
		if y := at.Year(); y < 1 {
			want = fmt.Sprintf("%04d%s (BC)", 1-y, at.Format("-01-02"))
		}
		if got := string(AppendDate(nil, int32(day))); got != want {
			t.Fatalf("day %d: got %s, want %s", day, got, want)
		}
		at = at.Add(time.Duration(rnd.Int64N(secondsPerDay)) * time.Second)
		if got, want := string(AppendTimestamp(nil, at.UnixMicro()+5, arrow.Microsecond)), at.Format(" 15:04:05")+".000005"; got[len(got)-len(want):] != want {
			t.Fatalf("got %s, want %s", got, want)
		}
	}
	for _, day := range []int64{firstCommon, lastCommon} {
		if got, want := string(AppendDate(nil, int32(day))), time.Unix(day*secondsPerDay, 0).UTC().Format("2006-01-02"); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
