package infer

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"testing"
)

// csvSamples are texts of about 16 MB, each typical in its own way. The argument i counts rows from 0.
var csvSamples = []struct {
	name, header string
	row          func(b *bytes.Buffer, r *rand.Rand, i int)
}{
	{"mixed", "id,name,qty,price,city,ok\n", func(b *bytes.Buffer, r *rand.Rand, i int) {
		fmt.Fprintf(b, "%d,customer %d,%d,%.2f,%s,%t\n", i, r.IntN(1000), r.IntN(100), r.Float64()*1000, csvCities[r.IntN(len(csvCities))], i%3 == 0)
	}},
	{"integers", "a,b,c,d\n", func(b *bytes.Buffer, r *rand.Rand, i int) {
		fmt.Fprintf(b, "%d,%d,%d,%d\n", i, r.IntN(1_000_000), r.Int64(), r.IntN(10))
	}},
	{"floats", "x,y,z\n", func(b *bytes.Buffer, r *rand.Rand, i int) {
		fmt.Fprintf(b, "%.6f,%v,%.1f\n", r.NormFloat64(), r.Float64(), r.Float64()*100)
	}},
	{"times", "day,at,zone,clock\n", func(b *bytes.Buffer, r *rand.Rand, i int) {
		h, m, s := r.IntN(24), r.IntN(60), r.IntN(60)
		fmt.Fprintf(b, "2024-%02d-%02d,2024-01-02 %02d:%02d:%02d.%03d,2024-01-02T%02d:%02d:%02dZ,%02d:%02d:%02d\n",
			r.IntN(12)+1, r.IntN(28)+1, h, m, s, r.IntN(1000), h, m, s, h, m, s)
	}},
	{"quoted", "id,title,body\n", func(b *bytes.Buffer, r *rand.Rand, i int) {
		fmt.Fprintf(b, `"%d","a title, with %d commas","some ""quoted"" words, then a long line of text that needs no care"`+"\n", i, r.IntN(50))
	}},
	{"text", "a,b\n", func(b *bytes.Buffer, r *rand.Rand, i int) {
		fmt.Fprintf(b, "lorem ipsum dolor sit amet consectetur %d,adipiscing elit größer sed do eiusmod tempor incididunt %d\n", r.IntN(1000), i)
	}},
}

var csvCities = []string{"Oslo", "Bergen", "San Francisco", "Zürich", "Rio de Janeiro", "Ulan Bator"}

func BenchmarkCSV(b *testing.B) {
	for _, s := range csvSamples {
		var text bytes.Buffer
		text.WriteString(s.header)
		r := rand.New(rand.NewPCG(1, 2))
		for i := 0; text.Len() < 16<<20; i++ {
			s.row(&text, r, i)
		}
		b.Run(s.name, func(b *testing.B) {
			b.SetBytes(int64(text.Len()))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := CSV(b.Context(), func() (io.ReadCloser, error) {
					return io.NopCloser(bytes.NewReader(text.Bytes())), nil
				}, Hints{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
