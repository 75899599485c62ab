package main

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// notes is a file that is no data: a crawl skips it and says so.
func notes() []byte {
	return []byte(`# Cinder & Bean

The made-up books of a chain of coffee roasters: every name and number is invented.

- stores.csv: one line a shop, separated by semicolons
- products.json: what is sold, an array of objects
- orders: what was sold, one Parquet file a month in folders by year and month
- roasts: the roasting log, one CSV a year; moisture is measured since 2025
- web/reviews.jsonl.gz: what customers wrote, one JSON object a line, compressed
`)
}

// delimited writes rows as CSV with the given separator.
func delimited(comma rune, rows [][]string) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Comma = comma
	if err := w.WriteAll(rows); err != nil {
		panic(err) // a bytes.Buffer takes everything, and the separators are valid
	}
	return b.Bytes()
}

// storeCount and productCount bound the keys that orders refer to.
const (
	storeCount   = 8
	productCount = 12
)

func stores() []byte {
	return delimited(';', [][]string{
		{"store_id", "name", "city", "country", "opened", "area_m2"},
		{"1", "Cinder & Bean; Old Harbour", "Bergen", "Norway", "2016-03-12", "84.5"},
		{"2", "Cinder & Bean Nyhavn", "København", "Denmark", "2017-09-01", "61"},
		{"3", "Cinder & Bean Gamla Stan", "Stockholm", "Sweden", "2018-04-20", "73.25"},
		{"4", "Cinder & Bean Kallio", "Helsinki", "Finland", "2019-11-08", "55"},
		{"5", "Cinder & Bean Speicherstadt", "Hamburg", "Germany", "2020-06-15", "120"},
		{"6", "Cinder & Bean Kazimierz", "Kraków", "Poland", "2021-02-27", "66.75"},
		{"7", "Cinder & Bean Žižkov", "Praha", "Czechia", "2022-08-30", "48"},
		{"8", "Cinder & Bean online", "", "Norway", "2023-01-02", ""},
	})
}

// product is one line of products.json.
type product struct {
	ID     int      `json:"product_id"`
	Name   string   `json:"name"`
	Roast  string   `json:"roast"`
	Grams  int      `json:"grams"`
	Price  float64  `json:"price"`
	Origin *origin  `json:"origin"` // null for blends
	Tastes []string `json:"tastes"`
}

type origin struct {
	Country  string `json:"country"`
	Altitude int    `json:"altitude_m"`
}

var catalogue = []product{
	{1, "Ember Espresso", "dark", 500, 14.5, nil, []string{"chocolate", "walnut"}},
	{2, "Harbour Blend", "medium", 1000, 24, nil, []string{"caramel"}},
	{3, "Sidamo Sunrise", "light", 250, 11.9, &origin{"Ethiopia", 1950}, []string{"jasmine", "lemon", "honey"}},
	{4, "Huila Honey", "medium", 250, 10.5, &origin{"Colombia", 1700}, []string{"honey", "red apple"}},
	{5, "Cerrado Classic", "dark", 1000, 21.75, &origin{"Brazil", 1100}, []string{"cocoa", "peanut"}},
	{6, "Nyeri Peak", "light", 250, 13.25, &origin{"Kenya", 1800}, []string{"blackcurrant", "grapefruit"}},
	{7, "Antigua Smoke", "dark", 500, 16, &origin{"Guatemala", 1550}, []string{"smoke", "cocoa"}},
	{8, "Sumatra Night", "dark", 500, 15.25, &origin{"Indonesia", 1300}, []string{"cedar", "spice"}},
	{9, "Decaf Dusk", "medium", 500, 15.75, nil, []string{"caramel", "malt"}},
	{10, "Yirga Natural", "light", 250, 14.9, &origin{"Ethiopia", 2050}, []string{"blueberry", "cacao nib"}},
	{11, "Tarrazú Estate", "medium", 250, 12.4, &origin{"Costa Rica", 1600}, []string{"orange", "brown sugar"}},
	{12, "Tasting Box", "mixed", 600, 29.9, nil, nil},
}

func products() []byte {
	text, err := json.MarshalIndent(catalogue, "", "  ")
	if err != nil {
		panic(err) // the catalogue has no value that JSON lacks
	}
	return append(text, '\n')
}

// roasts is one year of the roasting log. The moisture column came later: earlier files do not have it.
func roasts(year int, moisture bool) []byte {
	rnd := rand.New(rand.NewPCG(uint64(year), 1))
	header := []string{"roast_id", "roasted_at", "product_id", "green_kg", "roasted_kg", "end_temp_c"}
	if moisture {
		header = append(header, "moisture_pct")
	}
	rows := [][]string{header}
	at := time.Date(year, 1, 3, 7, 30, 0, 0, time.UTC)
	for i := range 150 {
		green := 10 + rnd.IntN(30)
		row := []string{
			fmt.Sprint(year*1000 + i), at.Format(time.DateTime), fmt.Sprint(1 + rnd.IntN(productCount-1)),
			fmt.Sprint(green), fmt.Sprintf("%.2f", float64(green)*(0.82+0.05*rnd.Float64())), fmt.Sprint(205 + rnd.IntN(25)),
		}
		if moisture {
			row = append(row, fmt.Sprintf("%.1f", 1.2+1.8*rnd.Float64()))
		}
		rows = append(rows, row)
		at = at.Add(time.Duration(12+rnd.IntN(60)) * time.Hour / 2)
	}
	return delimited(',', rows)
}

// The parts of a review's text, by mood.
var (
	praise = []string{"Lovely cup ☕", "Smells like a bakery", "My new favourite", "Très bon café", "とても美味しい"}
	blame  = []string{"Too bitter for me", "Arrived late", "Bag was \"open\"", "Not my taste"}
)

// reviews is a gzip file of one JSON object a line.
func reviews() ([]byte, error) {
	rnd := rand.New(rand.NewPCG(7, 7))
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	lines := json.NewEncoder(w)
	lines.SetEscapeHTML(false)
	at := time.Date(2024, 10, 2, 8, 0, 0, 0, time.UTC)
	for i := range 400 {
		stars := 1 + rnd.IntN(5)
		mood := blame
		if stars > 2 {
			mood = praise
		}
		review := struct {
			ID      int       `json:"review_id"`
			At      time.Time `json:"written_at"`
			Product int       `json:"product_id"`
			Stars   int       `json:"stars"`
			Text    *string   `json:"text"`
		}{ID: i + 1, At: at, Product: 1 + rnd.IntN(productCount), Stars: stars}
		if rnd.IntN(6) > 0 {
			text := strings.TrimSpace(mood[rnd.IntN(len(mood))])
			review.Text = &text
		}
		if err := lines.Encode(review); err != nil {
			return nil, err
		}
		at = at.Add(time.Duration(1+rnd.IntN(28)) * time.Hour / 2)
	}
	err := w.Close()
	return b.Bytes(), err
}
