package main

import (
	"fmt"
	"time"
)

// sizes is how much of everything a run does.
type sizes struct {
	Factor      float64       `json:"tpch_scale_factor"`
	Cold        []int         `json:"tpch_cold_queries"` // empty: all 22
	ParquetMany [2]int        `json:"many_parquet"`      // files, rows of each
	TextMany    [2]int        `json:"many_text"`
	Trips       tripRows      `json:"one_file_rows"`
	WireRows    int           `json:"wire_rows"`
	Rounds      int           `json:"rounds"`            // of every contest, at most
	Repeats     int           `json:"dashboard_repeats"` // of the dashboard's query
	Budget      time.Duration `json:"budget"`            // of one contest's measured rounds, after which none starts
	Limit       time.Duration `json:"limit"`             // of one question
	Growth      []int         `json:"growth,omitempty"`
	Base        growthBase    `json:"growth_base,omitzero"`
}

// tripRows are the rows of the one large file, by format: JSON spells out the names of columns in every row.
type tripRows struct {
	Parquet int `json:"parquet"`
	CSV     int `json:"csv"`
	JSON    int `json:"json"`
}

func (t tripRows) of(format string) int {
	return map[string]int{"parquet": t.Parquet, "csv": t.CSV, "json": t.JSON}[format]
}

// growthBase is what growth is counted from.
type growthBase struct {
	Factor      float64  `json:"tpch_scale_factor"`
	ParquetMany [2]int   `json:"many_parquet"`
	TextMany    [2]int   `json:"many_text"`
	Trips       tripRows `json:"one_file_rows"`
	WireRows    int      `json:"wire_rows"`
}

// presets are the sizes by name. One CSV of 2,550,000 rows has 300 MB, and so has JSON of 1,165,000.
var presets = map[string]sizes{
	"smoke": {
		Factor: 0.01, Cold: []int{1, 6}, ParquetMany: [2]int{60, 500}, TextMany: [2]int{20, 500},
		Trips: tripRows{20_000, 20_000, 10_000}, WireRows: 20_000, Rounds: 2, Repeats: 5,
		Budget: 5 * time.Second, Limit: 20 * time.Second, Growth: []int{1, 3},
		Base: growthBase{0.01, [2]int{30, 100}, [2]int{10, 100}, tripRows{5000, 5000, 5000}, 5000},
	},
	"quick": {
		Factor: 0.1, Cold: []int{1, 6}, ParquetMany: [2]int{3000, 1000}, TextMany: [2]int{200, 10_000},
		Trips: tripRows{3_000_000, 2_550_000, 1_165_000}, WireRows: 1_000_000, Rounds: 3, Repeats: 20,
		Budget: 8 * time.Second, Limit: 20 * time.Second,
	},
	"medium": { // the targets' sizes, with few rounds, and growth at small sizes
		Factor: 1, Cold: []int{1, 6}, ParquetMany: [2]int{3000, 1000}, TextMany: [2]int{200, 20_000},
		Trips: tripRows{3_000_000, 2_550_000, 1_165_000}, WireRows: 3_000_000, Rounds: 5, Repeats: 50,
		Budget: 30 * time.Second, Limit: time.Minute, Growth: []int{1, 3, 10},
		Base: growthBase{0.005, [2]int{300, 200}, [2]int{20, 2000}, tripRows{100_000, 85_000, 38_800}, 100_000},
	},
	"full": {
		Factor: 1, ParquetMany: [2]int{3000, 1000}, TextMany: [2]int{200, 20_000},
		Trips: tripRows{3_000_000, 2_550_000, 1_165_000}, WireRows: 3_000_000, Rounds: 5, Repeats: 100,
		Budget: 4 * time.Minute, Limit: 2 * time.Minute, Growth: []int{1, 3, 10},
		Base: growthBase{0.1, [2]int{3000, 200}, [2]int{200, 2000}, tripRows{300_000, 255_000, 116_500}, 300_000},
	},
}

func preset(name string) (sizes, error) {
	s, ok := presets[name]
	if !ok {
		return s, fmt.Errorf("no size %q: there are smoke, quick, medium and full", name)
	}
	return s, nil
}
