package main

import (
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
)

// queries holds TPC-H's 22 queries with the validation parameters in tpch/, and below tpch-PEER/ those that a peer
// must be asked in another dialect.
//
//go:embed queries
var queryFiles embed.FS

// tpchQuestions reads the queries with the numbers, or all.
func tpchQuestions(factor float64, only []int) ([]question, error) {
	var all []question
	for n := 1; n <= 22; n++ {
		if len(only) > 0 && !slices.Contains(only, n) {
			continue
		}
		file := fmt.Sprintf("%02d.sql", n)
		text, err := queryFiles.ReadFile("queries/tpch/" + file)
		if err != nil {
			return nil, fmt.Errorf("reading query %d: %w", n, err)
		}
		q, err := parseQuestion(string(text), factor)
		if err != nil {
			return nil, fmt.Errorf("reading query %d: %w", n, err)
		}
		q.work, q.dialect = fmt.Sprintf("Q%d", n), map[string]string{}
		for _, peer := range pythonPeers {
			if text, err := fs.ReadFile(queryFiles, "queries/tpch-"+peer+"/"+file); err == nil {
				other, err := parseQuestion(string(text), factor)
				if err != nil {
					return nil, fmt.Errorf("reading query %d of %s: %w", n, peer, err)
				}
				q.dialect[peer] = other.sql
			}
		}
		all = append(all, q)
	}
	return all, nil
}

// parseQuestion takes the line "-- ordered by: 2, 1" off a query and fills in what depends on the scale factor.
func parseQuestion(text string, factor float64) (question, error) {
	var q question
	if rest, ok := strings.CutPrefix(text, "-- ordered by:"); ok {
		line, sql, _ := strings.Cut(rest, "\n")
		for field := range strings.SplitSeq(line, ",") {
			column, err := strconv.Atoi(strings.TrimSpace(field))
			if err != nil || column < 1 {
				return q, fmt.Errorf("%q is no column", field)
			}
			q.ordered = append(q.ordered, column)
		}
		text = sql
	}
	fraction := strconv.FormatFloat(0.0001/factor, 'f', -1, 64)
	q.sql = strings.TrimSpace(strings.ReplaceAll(text, "{fraction}", fraction))
	if q.sql == "" {
		return q, fmt.Errorf("it is empty")
	}
	return q, nil
}
