package server

import (
	"context"
	"errors"
	"io"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"

	"tarn/catalog/sqltype"
	"tarn/engine"
)

// setConfigStatement returns SELECT set_config('name', 'value', local) [AS x] [FROM ...], which sets a setting if the query has a row;
// nil if the statement is another one.
func (k *client) setConfigStatement(ctx context.Context, w *words) (*ownStatement, error) {
	if !w.eat("SELECT") {
		return nil, nil
	}
	w.eat("PG_CATALOG", ".")
	if !w.eat("SET_CONFIG", "(") {
		return nil, nil
	}
	name, ok1 := w.text()
	comma1 := w.eat(",")
	value, ok2 := w.value()
	comma2 := w.eat(",")
	truth, ok3 := w.value()
	local, ok4 := oneOf("on", "off")(truth)
	if !ok1 || !comma1 || !ok2 || !comma2 || !ok3 || !ok4 || !w.eat(")") {
		return nil, nil // with expressions it is the engine's
	}
	column := "set_config"
	if w.eat("AS") {
		var ok bool
		if column, ok = w.name(); !ok {
			return nil, w.unexpected()
		}
	}
	if !w.end() && !w.next("FROM") {
		return nil, nil
	}
	s := &setConfig{k: k, name: name, value: value, local: local == "on"}
	if w.end() {
		columns := []engine.Column{{Name: column, Type: sqltype.Of(sqltype.Varchar)}}
		return &ownStatement{columns: columns, run: func(ctx context.Context, _ []engine.Arg) (*engine.Rows, error) {
			if err := s.set(ctx); err != nil {
				return nil, err
			}
			shown := k.settings.get(name)
			if s.local && k.tx.block == noBlock {
				shown, _ = k.settings.check(name, value)
			}
			return textRows("SELECT", columns, []string{shown}), nil
		}}, nil
	}
	st, err := k.prepare(ctx, "SELECT "+sqltype.QuoteText(value)+" AS "+sqltype.QuoteName(column)+" "+w.rest(), nil)
	if err != nil {
		return nil, withoutPosition(err)
	}
	return &ownStatement{columns: st.Columns(), params: st.Params(), free: st.Close, run: func(ctx context.Context, args []engine.Arg) (*engine.Rows, error) {
		rows, err := k.run(ctx, st, "SELECT", args)
		if err != nil {
			return nil, err
		}
		s.rows = rows
		return engine.NewRows("SELECT", rows.Columns(), rows.Schema(), rows.Style(), s), nil
	}}, nil
}

// setConfig is the stream of a set_config that has rows.
type setConfig struct {
	k           *client
	name, value string
	local       bool
	rows        *engine.Rows
	done        bool
}

func (s *setConfig) set(ctx context.Context) error {
	value := s.value
	if strings.EqualFold(s.name, "search_path") {
		value = searchPath([]string{value})
	}
	if s.local && s.k.tx.block == noBlock {
		_, err := s.k.settings.check(s.name, value) // it would end with this statement
		return err
	}
	return s.k.set(ctx, s.name, value, s.local)
}

// Next returns the next batch, which the caller releases, or io.EOF.
func (s *setConfig) Next(ctx context.Context) (arrow.RecordBatch, error) {
	rec, err := s.rows.Next(ctx)
	if err != nil {
		if errors.Is(err, io.EOF) && s.done {
			s.done = false
			if e := s.set(ctx); e != nil {
				return nil, e
			}
		}
		return nil, err
	}
	s.done = true
	return rec, nil
}

// Notices returns those of the query.
func (s *setConfig) Notices() []engine.Notice { return s.rows.Notices() }

// Close ends the query.
func (s *setConfig) Close() error { return s.rows.Close() }
