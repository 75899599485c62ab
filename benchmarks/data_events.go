package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
)

// eventsSQL makes the rows [%[1]d, %[2]d) of the many files: a key and a time that grow from file to file, a few and
// many distinct texts, whole and broken numbers, NULLs. hash() keeps them the same every time.
const eventsSQL = `SELECT i AS event_id,
 TIMESTAMP '2022-01-01' + to_milliseconds(i * %[3]d) AS at,
 ['view', 'click', 'cart', 'order', 'return'][1 + (hash(i) %% 5)::BIGINT] AS kind,
 'user-' || (hash(i * 7) %% 20000)::VARCHAR AS visitor,
 (hash(i * 11) %% 90000)::BIGINT + 100 AS cents,
 CASE WHEN hash(i * 13) %% 20 > 0 THEN (hash(i * 17) %% 4000)::DOUBLE / 100 END AS seconds
FROM range(%[1]d, %[2]d) t(i)`

// eventsShape is how many files there are, in folders named after days.
type eventsShape struct {
	files, rows  int // rows of each file
	filesPerDay  int
	millisPerRow int64
}

func shapeOf(files, rows int) eventsShape {
	s := eventsShape{files: files, rows: rows, filesPerDay: 4}
	if files >= 3000 {
		s.filesPerDay = 10
	}
	s.millisPerRow = int64(86_400_000) / int64(s.filesPerDay*rows)
	return s
}

func (s eventsShape) days() int  { return (s.files + s.filesPerDay - 1) / s.filesPerDay }
func (s eventsShape) total() int { return s.files * s.rows }

// day is the name of the folder of the nth day.
func (s eventsShape) day(n int) string { return dayAfter("2022-01-01", n) }

// events is one table in many files below folders day=YYYY-MM-DD.
func (m maker) events(ctx context.Context, format string, s eventsShape) (lake, error) {
	name := fmt.Sprintf("events-%dx%d-%s", s.files, s.rows, format)
	dir, err := m.make(ctx, name, func(dir string) error {
		var statements []string
		for file := range s.files {
			folder := filepath.Join(dir, "events", "day="+s.day(file/s.filesPerDay))
			if err := os.MkdirAll(folder, 0o755); err != nil {
				return err
			}
			to := filepath.Join(folder, fmt.Sprintf("part-%05d.%s", file, suffixes[format]))
			rows := fmt.Sprintf(eventsSQL, file*s.rows, (file+1)*s.rows, s.millisPerRow)
			statements = append(statements, fmt.Sprintf("COPY (%s) TO %s (%s)", rows, quote(to), copyOptions[format]))
		}
		return m.duckdb(ctx, statements...)
	})
	if err != nil {
		return lake{}, err
	}
	folder := filepath.Join(dir, "events")
	t := table{Name: "events", Format: format, Path: folder, Suffix: suffixes[format], Partition: "day",
		Glob: filepath.Join(folder, "*", "*."+suffixes[format])}
	if format == "json" {
		t.Casts = map[string]string{"at": "TIMESTAMP"}
	}
	return measured(lake{dir: dir, format: format, tables: []table{t}})
}
