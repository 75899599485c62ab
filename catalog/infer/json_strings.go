package infer

import (
	"bytes"

	"tarn/catalog/sqltype"
)

// jsonText is what is known of the strings at one place.
type jsonText struct {
	forms    jsonForms // the forms seen so far
	min, max []byte    // bytewise, for statistics
	long     bool      // a bound is too long to keep
	from, to jsonTime  // the first and last of strings that are points in time
	timed    bool      // from and to are set
}

// jsonMaxBound is how long a bound may be in bytes to be kept among the statistics.
const jsonMaxBound = 256

func (t *jsonText) add(s []byte, stats bool) {
	first := t.forms == 0
	if t.forms&jsonPlainText == 0 {
		form, at := jsonFormOf(s)
		t.forms |= form
		if form&jsonTimes != 0 {
			t.span(at, at)
		}
	}
	if !stats || t.long {
		return
	}
	if first || bytes.Compare(s, t.min) < 0 {
		t.min = append(t.min[:0], s...)
		t.long = len(s) > jsonMaxBound
	}
	if first || bytes.Compare(s, t.max) > 0 {
		t.max = append(t.max[:0], s...)
		t.long = t.long || len(s) > jsonMaxBound
	}
}

// span widens the range of points in time.
func (t *jsonText) span(from, to jsonTime) {
	if !t.timed || from.before(t.from) {
		t.from = from
	}
	if !t.timed || t.to.before(to) {
		t.to = to
	}
	t.timed = true
}

// kind returns the type of strings.
func (x *jsonText) kind() sqltype.Type {
	k := sqltype.Varchar
	switch f := x.forms; {
	case f == jsonDate:
		k = sqltype.Date
	case f == jsonStampTZ:
		k = sqltype.TimestampTZ
	case f == jsonUUID:
		k = sqltype.UUID
	case f&^(jsonDate|jsonStamp) == 0:
		k = sqltype.Timestamp
	case f&^(jsonDate|jsonStamp|jsonStampNS) == 0 && x.inNanoseconds():
		k = sqltype.TimestampNS
	}
	return sqltype.Of(k)
}

// inNanoseconds reports whether all points in time lie within TIMESTAMP_NS, whose 64 bits reach from 1677-09-21 to
// 2262-04-11.
func (x *jsonText) inNanoseconds() bool {
	return x.from.sec > -(1<<63-1)/1_000_000_000+1 && x.to.sec < (1<<63-1)/1_000_000_000-1
}
