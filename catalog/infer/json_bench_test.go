package infer

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"testing"
)

// jsonSamples are texts of about 8 MB, each typical in its own way.
var jsonSamples = map[string]func(b *bytes.Buffer, r *rand.Rand, i int){
	"orders": func(b *bytes.Buffer, r *rand.Rand, i int) {
		fmt.Fprintf(b, `{"id":%d,"customer":"customer %d","placed":"2024-%02d-%02dT%02d:%02d:%02d","total":%.2f,"paid":%t,"note":null}`,
			i, r.IntN(1000), r.IntN(12)+1, r.IntN(28)+1, r.IntN(24), r.IntN(60), r.IntN(60), r.Float64()*1000, i%3 == 0)
		b.WriteByte('\n')
	},
	"numbers": func(b *bytes.Buffer, r *rand.Rand, i int) {
		fmt.Fprintf(b, `{"x":%v,"y":%v,"n":%d}`, r.Float64(), r.NormFloat64(), r.Int64())
		b.WriteByte('\n')
	},
	"nested": func(b *bytes.Buffer, r *rand.Rand, i int) {
		fmt.Fprintf(b, `{"type":"Feature","properties":{"name":"place %d","tags":["a","b"]},"geometry":{"type":"Point","coordinates":[%.6f,%.6f]}}`,
			i, r.Float64()*360-180, r.Float64()*180-90)
		b.WriteByte('\n')
	},
	"text": func(b *bytes.Buffer, r *rand.Rand, i int) {
		fmt.Fprintf(b, `{"id":%d,"body":"%s\n\"größer\" %s"}`, i, bytes.Repeat([]byte("lorem ipsum dolor sit amet "), 20), "end")
		b.WriteByte('\n')
	},
}

func BenchmarkJSON(b *testing.B) {
	for _, name := range []string{"orders", "numbers", "nested", "text"} {
		var text bytes.Buffer
		r := rand.New(rand.NewPCG(1, 2))
		for i := 0; text.Len() < 8<<20; i++ {
			jsonSamples[name](&text, r, i)
		}
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(text.Len()))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := JSON(b.Context(), func() (io.ReadCloser, error) {
					return io.NopCloser(bytes.NewReader(text.Bytes())), nil
				}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkRecords(b *testing.B) {
	for _, own := range []bool{false, true} {
		for _, name := range []string{"orders", "numbers", "nested", "text"} {
			var text bytes.Buffer
			r := rand.New(rand.NewPCG(1, 2))
			for i := 0; text.Len() < 8<<20; i++ {
				jsonSamples[name](&text, r, i)
			}
			b.Run(fmt.Sprintf("own=%t/%s", own, name), func(b *testing.B) {
				b.SetBytes(int64(text.Len()))
				b.ReportAllocs()
				for b.Loop() {
					records, err := NewRecords(func() (io.ReadCloser, error) {
						return io.NopCloser(bytes.NewReader(text.Bytes())), nil
					}, &Layout{Shape: jsonLines, Records: true, Own: own})
					for err == nil {
						_, _, err = records.Next()
					}
					if err != io.EOF {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
