package pgvalue

import (
	"math"

	"github.com/apache/arrow-go/v18/arrow/decimal128"

	"tarn/engine/cell"
)

// The functions here write a value with its length at buf[at:] and return where it ends. buf has room for the longest
// value there, so that they can write more than they keep: eight bytes at a time.

// small are the numbers below 10,000 as they go over the wire: the length in four bytes, and the digits.
var small [10_000][8]byte

// four are the numbers below 10,000 with four digits.
var four [10_000]uint32

// clock are the minutes of a day as 12:34:00.
var clock [24 * 60]uint64

func init() { // 20 µs
	for i := range uint32(10_000) {
		four[i] = (i/1000)<<24 | (i/100%10)<<16 | (i/10%10)<<8 | i%10 + '0'*0x01010101
		width := uint32(1)
		for limit := uint32(10); i >= limit && width < 4; limit *= 10 {
			width++
		}
		be.PutUint64(small[i][:], uint64(width)<<32|uint64(four[i]<<(8*(4-width))))
	}
	for m := range uint64(24 * 60) {
		hour, minute := uint64(four[m/60]&0xffff), uint64(four[m%60]&0xffff)
		clock[m] = hour<<48 | ':'<<40 | minute<<24 | ':'<<16 | '0'<<8 | '0'
	}
}

// putInt writes an integer.
func putInt(buf []byte, at int, n int64) int {
	if uint64(n) >= uint64(len(small)) {
		return putLong(buf, at, n)
	}
	w := &small[n]
	*(*[8]byte)(buf[at:]) = *w
	return at + 4 + int(w[3])
}

// putLong writes an integer of any size.
func putLong(buf []byte, at int, n int64) int {
	u, end := uint64(n), at+4
	if n < 0 {
		u = -u
		buf[end] = '-'
		end++
	}
	end = putDigits(buf, end, u)
	be.PutUint32(buf[at:], uint32(end-at-4))
	return end
}

// putDigits writes a number without a length.
func putDigits(buf []byte, at int, u uint64) int {
	switch {
	case u < 1e4:
		w := &small[u]
		*(*[4]byte)(buf[at:]) = *(*[4]byte)(w[4:])
		return at + int(w[3])
	case u < 1e8:
		w := &small[u/1e4]
		*(*[4]byte)(buf[at:]) = *(*[4]byte)(w[4:])
		at += int(w[3])
		be.PutUint32(buf[at:], four[u%1e4])
		return at + 4
	}
	at = putDigits(buf, at, u/1e8)
	low := u % 1e8
	be.PutUint64(buf[at:], uint64(four[low/1e4])<<32|uint64(four[low%1e4]))
	return at + 8
}

// putDate writes a date. Neighbours often have the same, so the last one is kept.
func (c *column) putDate(buf []byte, at int, days int32) int {
	if days != c.day {
		return c.putOtherDate(buf, at, days)
	}
	*(*[16]byte)(buf[at:]) = c.dayWire
	return at + 4 + dateLen
}

func (c *column) putOtherDate(buf []byte, at int, days int32) int {
	if days < firstDay || days > lastDay {
		return c.putSlowly(buf, at, fixEra(cell.AppendDate(buf[:at+4], days), at+4))
	}
	c.keepDay(days)
	*(*[16]byte)(buf[at:]) = c.dayWire
	return at + 4 + dateLen
}

// The days from 0001-01-01 to 9999-12-31 since 1970, whose dates have dateLen characters.
const (
	firstDay = -719162
	lastDay  = 2932896
	dateLen  = len("2024-01-31")
)

const microsPerDay = 24 * 60 * 60 * 1_000_000

// keepDay makes days the day that is at hand as it goes over the wire, with a space behind.
func (c *column) keepDay(days int32) {
	c.day = days
	be.PutUint32(c.dayWire[:], uint32(dateLen))
	cell.AppendDate(c.dayWire[:4], days)
	c.dayWire[4+dateLen] = ' '
}

// putTimestamp writes a time stamp of microseconds since 1970.
func (c *column) putTimestamp(buf []byte, at int, micros int64) int {
	if micros < firstDay*microsPerDay || micros >= (lastDay+1)*microsPerDay {
		return c.putSlowly(buf, at, fixEra(cell.AppendTimestamp(buf[:at+4], micros, microsecond), at+4))
	}
	since := uint64(micros - firstDay*microsPerDay)
	day := int32(since/microsPerDay) + firstDay
	if day != c.day {
		c.keepDay(day)
	}
	of := since % microsPerDay
	second, fraction := uint32(of/1e6), uint32(of%1e6)
	*(*[16]byte)(buf[at:]) = c.dayWire
	be.PutUint64(buf[at+5+dateLen:], clock[second/60]+uint64(four[second%60]-'0'*0x01010101))
	end := at + 13 + dateLen
	if fraction != 0 {
		end = putFraction(buf, end, fraction)
	}
	be.PutUint32(buf[at:], uint32(end-at-4))
	return end
}

// putFraction writes the digits of millionths that are not zero at the end.
func putFraction(buf []byte, at int, millionths uint32) int {
	buf[at] = '.'
	be.PutUint32(buf[at+1:], four[millionths/100])
	pair := four[millionths%100]
	buf[at+5], buf[at+6] = byte(pair>>8), byte(pair)
	end := at + 7
	for buf[end-1] == '0' {
		end--
	}
	return end
}

// putFloat writes a number of double precision. Those with two places, as most have in files, go a short way: m/100 is
// rounded correctly, as both numbers are exact, so if it gives f, it reads back as f; no other decimal of up to 15 digits
// does, so that this is also the shortest.
func (c *column) putFloat(buf []byte, at int, f float64) int {
	abs := math.Abs(f)
	if !(abs < 1e12) {
		return c.putSlowly(buf, at, cell.AppendFloat(buf[:at+4], f, 64))
	}
	m := uint64(abs*100 + 0.5)
	if m == 0 || float64(m)/100 != abs {
		return c.putSlowly(buf, at, cell.AppendFloat(buf[:at+4], f, 64))
	}
	end := at + 4
	if f < 0 {
		buf[end] = '-'
		end++
	}
	end = putDigits(buf, end, m/100)
	if places := m % 100; places != 0 {
		pair := four[places]
		buf[end], buf[end+1], buf[end+2] = '.', byte(pair>>8), byte(pair)
		end += 3
		if buf[end-1] == '0' {
			end--
		}
	}
	be.PutUint32(buf[at:], uint32(end-at-4))
	return end
}

// putDecimal writes a decimal.
func (c *column) putDecimal(buf []byte, at int, n decimal128.Num) int {
	low := int64(n.LowBits())
	if n.HighBits() != low>>63 || c.scale > 18 {
		return c.putSlowly(buf, at, cell.AppendDecimal(buf[:at+4], n, int32(c.scale)))
	}
	u, end := uint64(low), at+4
	if low < 0 {
		u = -u
		buf[end] = '-'
		end++
	}
	power := powers[c.scale]
	end = putDigits(buf, end, u/power)
	if rest := u % power; c.scale == 2 {
		pair := four[rest]
		buf[end], buf[end+1], buf[end+2] = '.', byte(pair>>8), byte(pair)
		end += 3
	} else if c.scale > 0 {
		buf[end] = '.'
		for i := c.scale; i > 0; i-- {
			buf[end+i] = byte('0' + rest%10)
			rest /= 10
		}
		end += 1 + c.scale
	}
	be.PutUint32(buf[at:], uint32(end-at-4))
	return end
}

// putNumeric writes a decimal in the binary format, as appendNumeric does.
func (c *column) putNumeric(buf []byte, at int, n decimal128.Num, f *faults) int {
	const most = 1e15 // so that there is room for three more digits
	low := int64(n.LowBits())
	if n.HighBits() != low>>63 || low > most || low < -most || c.scale > 18 {
		c.scratch = cell.AppendDecimal(c.scratch[:0], n, int32(c.scale))
		return c.putSlowly(buf, at, appendNumeric(buf[:at+4], c.scratch, f))
	}
	sign, u := uint16(numericPositive), uint64(low)
	if low < 0 {
		sign, u = numericNegative, -u
	}
	behind := (c.scale + 3) / 4 // groups of four digits behind the point
	u *= powers[4*behind-c.scale]
	var groups [5]uint16
	first := len(groups)
	for ; u > 0; u /= 1e4 {
		first--
		groups[first] = uint16(u % 1e4)
	}
	count := len(groups) - first
	weight := count - behind - 1
	for count > 0 && groups[first+count-1] == 0 {
		count--
	}
	if count == 0 {
		weight = 0
	}
	be.PutUint32(buf[at:], uint32(8+2*count))
	be.PutUint64(buf[at+4:], uint64(count)<<48|uint64(uint16(weight))<<32|uint64(sign)<<16|uint64(c.scale))
	end := at + 12
	for _, g := range groups[first : first+count] {
		be.PutUint16(buf[end:], g)
		end += 2
	}
	return end
}

// powers are those of ten that a uint64 holds.
var powers = func() (p [20]uint64) {
	p[0] = 1
	for i := range p[1:] {
		p[i+1] = p[i] * 10
	}
	return p
}()

// putSlowly ends a value that was appended to buf, in which there is room for it.
func (c *column) putSlowly(buf []byte, at int, dst []byte) int {
	be.PutUint32(buf[at:], uint32(len(dst)-at-4))
	return len(dst)
}
