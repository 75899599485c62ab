package repl

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"tarn/catalog/sqltype"
	"tarn/repl/complete"
)

// offered is what the engine has beside tables, asked for at the first Tab that needs it.
type offered struct {
	functions, settings []complete.Named
	askedFunctions      bool
	askedSettings       bool
}

// knownWait is how long a Tab waits for the engine.
const knownWait = 2 * time.Second

const (
	functionsSQL = `select function_name, any_value(function_name || '(' || array_to_string(parameters, ', ') || ')') as signature
from duckdb_functions() where function_name similar to '[a-z][a-z0-9_]*' group by function_name order by function_name`
	settingsSQL = `select name, coalesce(value, '') as value from duckdb_settings() order by name`
)

// catalogOf is what completion chooses from.
func (r *REPL) catalogOf() complete.Catalog {
	return complete.Catalog{
		Snapshot: r.session.Snapshot(),
		Functions: func() []complete.Named {
			if !r.offered.askedFunctions {
				r.offered.askedFunctions = true
				r.offered.functions = r.named(functionsSQL)
			}
			return r.offered.functions
		},
		Keywords: r.fitting,
		Settings: func() []complete.Named {
			if !r.offered.askedSettings {
				r.offered.askedSettings = true
				r.offered.settings = r.named(settingsSQL)
			}
			return r.offered.settings
		},
	}
}

// fitting asks DuckDB's grammar for the keywords that may stand at the end of a text; of operators and the like there is no end. Where
// any name may stand and none is begun, DuckDB lists the first of the alphabet, which says nothing.
func (r *REPL) fitting(before string) (words []string) {
	const sql = `select lower(rtrim(suggestion)) as w, suggestion_type as kind from sql_auto_complete(%s)
where suggestion_type = 'scalar_function' or suggestion_type = 'keyword' and regexp_full_match(w, '[a-z]+')`
	begun := strings.TrimRight(before, " \t\n(,") == before
	for _, n := range r.named(fmt.Sprintf(sql, sqltype.QuoteText(before))) {
		switch {
		case n.Note == "keyword":
			words = append(words, n.Name)
		case !begun:
			return nil
		}
	}
	return words
}

// named reads names and notes. What cannot be had is not offered: the log says why.
func (r *REPL) named(sql string) (out []complete.Named) {
	ctx, cancel := context.WithTimeout(context.Background(), knownWait)
	defer cancel()
	rows, err := r.session.Query(ctx, sql)
	if err != nil {
		r.log.Debug("cannot list what to complete with", "error", err)
		return nil
	}
	defer rows.Close()
	for {
		rec, err := rows.Next(ctx)
		if err != nil {
			if !errors.Is(err, io.EOF) {
				r.log.Debug("cannot list what to complete with", "error", err)
			}
			return out
		}
		out = appendNamed(out, rec)
		rec.Release()
	}
}

// appendNamed takes the two columns of texts of a batch.
func appendNamed(out []complete.Named, rec arrow.RecordBatch) []complete.Named {
	if rec.NumCols() != 2 {
		return out
	}
	names, ok1 := rec.Column(0).(*array.String)
	notes, ok2 := rec.Column(1).(*array.String)
	if !ok1 || !ok2 {
		return out
	}
	for i := range names.Len() {
		note := ""
		if notes.IsValid(i) {
			note = strings.Clone(notes.Value(i))
		}
		out = append(out, complete.Named{Name: strings.Clone(names.Value(i)), Note: note})
	}
	return out
}

// fileArg completes the path that a command takes.
func fileArg(_ *REPL, before string) complete.Candidates {
	return complete.Paths(before, strings.LastIndexAny(before, " \t")+1)
}
