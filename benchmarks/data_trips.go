package main

import (
	"context"
	"fmt"
	"path/filepath"
	"time"
)

// tripsSQL makes %[1]d rows of 14 columns, of the types that tables have.
const tripsSQL = `SELECT i AS trip_id,
 TIMESTAMP '2023-01-01' + to_seconds((i * 63072000) // %[1]d) AS started_at,
 TIMESTAMP '2023-01-01' + to_seconds((i * 63072000) // %[1]d + 60 + (hash(i * 3) %% 5000)::BIGINT) AS ended_at,
 DATE '2023-01-01' + ((i * 730) // %[1]d)::INTEGER AS day,
 ['Bergen', 'Oslo', 'Stavanger', 'Tromsø', 'Trondheim'][1 + (hash(i) %% 5)::BIGINT] AS city,
 'rider-' || (hash(i * 7) %% 50000)::VARCHAR AS rider,
 (hash(i * 11) %% 90000)::BIGINT + 100 AS cents,
 CASE WHEN hash(i * 13) %% 20 > 0 THEN (hash(i * 17) %% 4000)::DOUBLE / 100 END AS km,
 ((hash(i * 19) %% 2000)::BIGINT / 100)::DECIMAL(9, 2) AS tip,
 1 + (hash(i * 23) %% 6)::INTEGER AS passengers,
 hash(i * 29) %% 3 = 0 AS rated,
 ['Nordtaxi', 'Fjordcab', 'Bytaxi'][1 + (hash(i * 31) %% 3)::BIGINT] AS vendor,
 (hash(i * 37) %% 265)::INTEGER AS zone_from,
 (hash(i * 41) %% 265)::INTEGER AS zone_to
FROM range(%[1]d) t(i)`

// tripsTimes are the columns that JSON has as text.
var tripsTimes = map[string]string{"started_at": "TIMESTAMP", "ended_at": "TIMESTAMP", "day": "DATE"}

// trips is one table in one file.
func (m maker) trips(ctx context.Context, format string, rows int) (lake, error) {
	dir, err := m.make(ctx, fmt.Sprintf("trips-%d-%s", rows, format), func(dir string) error {
		to := filepath.Join(dir, "trips."+suffixes[format])
		return m.duckdb(ctx, fmt.Sprintf("COPY (%s) TO %s (%s)", fmt.Sprintf(tripsSQL, rows), quote(to), copyOptions[format]))
	})
	if err != nil {
		return lake{}, err
	}
	return measured(lake{dir: dir, format: format, tables: []table{fileTable(dir, "trips", format, tripsTimes)}})
}

// dayAfter is the nth day after a date, as dates are written.
func dayAfter(date string, n int) string {
	t, err := time.Parse(time.DateOnly, date)
	if err != nil {
		panic(err) // dates here are constants
	}
	return t.AddDate(0, 0, n).Format(time.DateOnly)
}
