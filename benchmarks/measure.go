package main

import (
	"slices"
)

// measure is one piece of work and what each program made of it.
type measure struct {
	Suite    string  `json:"suite"`
	Format   string  `json:"format"`
	Way      string  `json:"way"` // cold or warm
	Work     string  `json:"work"`
	Scale    float64 `json:"scale,omitempty"` // in growth: times the smallest size
	Rows     int64   `json:"rows,omitempty"`  // of the result, where rows per second count
	Bytes    int64   `json:"bytes,omitempty"` // read, where that counts
	Unjudged string  `json:"unjudged,omitempty"`
	Entries  []entry `json:"programs"`
}

// entry is one program's part. Seconds has one value for each round; of a program that failed it is empty.
type entry struct {
	Program string    `json:"program"`
	Seconds []float64 `json:"seconds,omitempty"`
	Firsts  []float64 `json:"first_row_seconds,omitempty"`
	Took    spread    `json:"took"`            // seconds
	First   *spread   `json:"first,omitempty"` // seconds until the first row
	Ratio   *spread   `json:"ratio,omitempty"` // this program's time by Tarn's, of the same rounds
	PeakMB  float64   `json:"peak_mb,omitempty"`
	Failure string    `json:"failure,omitempty"`
	Differs bool      `json:"differs,omitempty"` // it answered, but not what the judge did
}

func (e *entry) fail(err error) {
	e.Failure, e.Seconds, e.Firsts = short(err.Error()), nil, nil
}

// add takes an outcome in; one that is not measured counts for memory only.
func (e *entry) add(o outcome, measured bool) {
	e.PeakMB = max(e.PeakMB, float64(o.memory)/1e6)
	if !measured {
		return
	}
	e.Seconds = append(e.Seconds, o.took.Seconds())
	if o.first > 0 {
		e.Firsts = append(e.Firsts, o.first.Seconds())
	}
}

// finish computes the statistics. The time of a wrong answer is none.
func (m *measure) finish() {
	for i := range m.Entries {
		e := &m.Entries[i]
		if e.Failure != "" {
			e.Seconds, e.Firsts = nil, nil
			continue
		}
		e.Took = spreadOf(e.Seconds)
		if len(e.Firsts) > 0 {
			first := spreadOf(e.Firsts)
			e.First = &first
		}
	}
	tarn := m.entry(tarnLabel)
	if tarn == nil || tarn.Failure != "" {
		return
	}
	for i := range m.Entries {
		e := &m.Entries[i]
		if e.Program == tarnLabel || e.Failure != "" {
			continue
		}
		if ratios := paired(e.Seconds, tarn.Seconds); len(ratios) > 0 {
			ratio := spreadOf(ratios)
			e.Ratio = &ratio
		}
	}
}

// entry returns a program's part, or nil.
func (m *measure) entry(program string) *entry {
	if i := slices.IndexFunc(m.Entries, func(e entry) bool { return e.Program == program }); i >= 0 {
		return &m.Entries[i]
	}
	return nil
}

// rounds is how many times the work was measured.
func (m *measure) rounds() (n int) {
	for _, e := range m.Entries {
		n = max(n, len(e.Seconds))
	}
	return n
}

// sum is a whole suite of one program against Tarn, over the questions that both answered rightly.
type sum struct {
	Suite    string  `json:"suite"`
	Format   string  `json:"format"`
	Way      string  `json:"way"`
	Program  string  `json:"program"`
	Answered int     `json:"answered"` // rightly
	Of       int     `json:"of"`
	Took     spread  `json:"took"`            // seconds, of the questions it answered
	Ratio    *spread `json:"ratio,omitempty"` // by Tarn's time for the same questions
	Raw      *spread `json:"raw,omitempty"`   // by Tarn's time for them with nothing cached
}

// sums adds the measures of one suite, format and way, program by program and round by round.
func sums(measures []measure, suite, format, way string) []sum {
	var all []sum
	of := slices.DeleteFunc(slices.Clone(measures), func(m measure) bool {
		return m.Suite != suite || m.Format != format || m.Way != way
	})
	if len(of) == 0 {
		return nil
	}
	for _, e := range of[0].Entries {
		s := sum{Suite: suite, Format: format, Way: way, Program: e.Program, Of: len(of)}
		var own []float64
		for i := range of {
			if mine := of[i].entry(e.Program); mine != nil && len(mine.Seconds) > 0 {
				s.Answered++
				own = addRounds(own, mine.Seconds)
			}
		}
		s.Took = spreadOf(own)
		s.Ratio, s.Raw = sumRatio(of, e.Program, tarnLabel), sumRatio(of, e.Program, tarnRaw)
		all = append(all, s)
	}
	return all
}

// sumRatio is how often longer a program took than another for what both answered, round by round.
func sumRatio(of []measure, program, base string) *spread {
	var mine, bases []float64
	for i := range of {
		a, b := of[i].entry(program), of[i].entry(base)
		if program != base && a != nil && b != nil && len(a.Seconds) > 0 && len(b.Seconds) > 0 {
			mine, bases = addRounds(mine, a.Seconds), addRounds(bases, b.Seconds)
		}
	}
	ratios := paired(mine, bases)
	if len(ratios) == 0 {
		return nil
	}
	s := spreadOf(ratios)
	return &s
}
