package infer

import (
	"math"
	"math/rand/v2"
	"strconv"
	"testing"
)

// TestQuickFloat compares the quick way of reading decimals with the slow one, on numbers of every length, on those that
// computers write, and next to powers of two, where the gap between DOUBLEs changes.
func TestQuickFloat(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	quick, kept := 0, 0
	check := func(text string) {
		s := []byte(text)
		got, _, _, ok := quickFloat(s)
		want, err := strconv.ParseFloat(text, 64)
		if err != nil {
			t.Fatal(err)
		}
		num, _ := jsonParseNumber(s)
		keeps := !num.long || jsonFaithful(s, num)
		if ok && (got != want || math.Signbit(got) != math.Signbit(want) || !keeps) {
			t.Fatalf("%s: quick %v, slow %v, keeps its digits: %t", text, got, want, keeps)
		}
		if keeps {
			kept++
		}
		if ok {
			quick++
		}
	}
	for range 100_000 {
		frac := 1 + r.IntN(18)
		check(strconv.FormatFloat(r.NormFloat64()*math.Pow10(r.IntN(4)), 'f', min(frac, 15), 64))
		check(strconv.FormatFloat(r.Float64(), 'f', -1, 64))
		whole := strconv.FormatUint(r.Uint64()>>r.IntN(64), 10)
		check(whole[:min(len(whole), 10)] + "." + strconv.FormatUint(1e8+r.Uint64N(9e8), 10)[:1+r.IntN(9)])
		power := math.Ldexp(1, r.IntN(60)-30)
		near := math.Float64frombits(math.Float64bits(power) + uint64(r.IntN(5)) - 2)
		if text := strconv.FormatFloat(near, 'f', -1, 64); len(text) <= 20 && power != math.Trunc(near) {
			check(text)
		}
	}
	if quick*10 < kept*9 {
		t.Errorf("only %d of %d numbers went the quick way", quick, kept)
	}
	for _, text := range []string{"", "-", "1", "1.", ".5", "01.5", "1.5e3", "1..5", "+1.5", "1.5 ", "0.12345678901234567890"} {
		if text == "" {
			continue
		}
		if _, _, _, ok := quickFloat([]byte(text)); ok {
			t.Errorf("%q is read as a decimal", text)
		}
	}
}

// TestValueOf holds the forms of single cells.
func TestValueOf(t *testing.T) {
	for text, want := range map[string]valueForms{
		"0": formInt, "-0": formInt, "7": formInt, "-12": formInt, "9223372036854775807": formInt, "-9223372036854775808": formInt,
		"9223372036854775808": formWide, "-170141183460469231731687303715884105728": formWide,
		"170141183460469231731687303715884105728": formText, "00": formText, "-07": formText, "+1": formText, "1_000": formText, "0x1f": formText,
		"1 ": formText, " 1": formText, "1,000": formText, "-": formText, ".": formText, "-.": formText, "--1": formText,
		"1.5": formFloat, ".5": formFloat, "-.5": formFloat, "1e5": formFloat, "1E-5": formFloat, "-1.25e+3": formFloat, "1e400": formText,
		"1.": formText, "01.5": formText, "1e": formText, "0.12345678901234567890": formDecimal, "123456789012345678.9": formDecimal,
		"0.30000000000000004": formFloat, "3.141592653589793": formFloat, "3.1415926535897932385": formDecimal,
		"2024-02-29": formDate, "2023-02-29": formText, "2024-1-1": formText, "24-01-01": formText, "2024/01/01": formText, "0000-01-01": formText,
		"2024-01-01 10:11": formStamp, "2024-01-01T10:11:12": formStamp, "2024-01-01 10:11:12.123456": formStamp, "2024-01-01 24:00:00": formText,
		"2024-01-01 10:11:12.1234567": formStampNS, "2024-01-01 10:11:12.123456000": formStamp, "2024-01-01 10:11:12.1234567891": formText,
		"2024-01-01T10:11:12Z": formStampTZ, "2024-01-01 10:11:12+02": formStampTZ, "2024-01-01 10:11:12-02:30": formStampTZ,
		"2024-01-01 10:11:12.123456789Z": formText, "2024-01-01 10:11:12 UTC": formText, "2024-01-01T10:11:60": formText,
		"00:00:00": formClock, "23:59:59.999999": formClock, "24:00:00": formText, "10:11": formText, "10:11:12.1234567": formText, "1:02:03": formText, "10:11:12.": formText,
		"6ba7b810-9dad-11d1-80b4-00c04fd430c8": formUUID, "6BA7B810-9dad-11d1-80b4-00c04fd430c8": formText, "12345678-9dad-11d1-80b4-00c04fd430c8": formUUID,
		"x": formText, "true": formText, "NaN": formText, "é": formText,
	} {
		if got := valueOf([]byte(text)); got.form != want {
			t.Errorf("%q has form %b, want %b", text, got.form, want)
		}
	}
}

// TestTextSpan compares the order of texts by their first bytes with the order by all.
func TestTextSpan(t *testing.T) {
	texts := []string{"", "\x00", "a", "a\x00", "a\x01", "ab", "abcdefgh", "abcdefgh\x00", "abcdefghi", "abcdefgz", "é", "ÿ", "\xff\xff"}
	for i, a := range texts {
		for _, b := range texts[i:] {
			for _, pair := range [][2]string{{a, b}, {b, a}} {
				var s textSpan
				s.add([]byte(pair[0]))
				s.add(append(make([]byte, 0, 16), pair[1]...))
				if string(s.min) != min(a, b) || string(s.max) != max(a, b) {
					t.Errorf("%q and %q: %q to %q", pair[0], pair[1], s.min, s.max)
				}
			}
		}
	}
}
