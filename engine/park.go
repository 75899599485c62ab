package engine

import (
	"context"
	"slices"

	"tarn/catalog/sqltype"
)

// maxParked is how many closed statements a session keeps ready.
const maxParked = 32

// park keeps a closed statement that is ready to run, so that the same text need not be parsed and bound again. It reports
// whether it did.
func (s *Session) park(st *Statement) bool {
	if st.bound == nil || st.outgrown || st.bound.on != s.main || st.epoch != s.epoch || s.indirect || st.explain.on || changesSession(st.kind) || s.closed {
		return false
	}
	if len(s.parked) >= maxParked {
		s.parked[0].free()
		s.parked = slices.Delete(s.parked, 0, 1)
	}
	kept := *st
	s.parked = append(s.parked, &kept)
	st.bound = nil
	return true
}

// unpark returns a parked statement of the same text and parameter types that still means the same, or nil.
func (s *Session) unpark(ctx context.Context, sql string, declared []sqltype.Type) *Statement {
	if s.status != TxIdle || s.main.busy.Load() {
		return nil
	}
	for i, st := range slices.Backward(s.parked) {
		if st.sql != sql || !slices.EqualFunc(st.declared, declared, sqltype.Type.Equal) {
			continue
		}
		s.parked = slices.Delete(s.parked, i, i+1)
		if snap, err := s.current(ctx); err == nil && st.epoch == s.epoch && snap.Version == st.target.snap.Version && st.sameViews() {
			return st
		}
		st.free()
		return nil
	}
	return nil
}

// turn begins a new epoch of the session: what statements mean may have changed, so that parked ones are freed.
func (s *Session) turn() {
	s.epoch++
	for _, st := range s.parked {
		st.free()
	}
	s.parked = nil
}
