package infer

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tarn/catalog/sqltype"
)

// randomJSON returns a random value, more often of one shape for one seed of shape, so that columns are not all mixed.
func randomJSON(r *rand.Rand, shape, depth int) any {
	if r.IntN(8) == 0 {
		return nil
	}
	if r.IntN(30) == 0 {
		shape = r.IntN(12)
	}
	switch shape % 12 {
	case 0:
		return r.IntN(2) == 0
	case 1:
		return json.Number(strconv.Itoa(r.IntN(2000) - 1000))
	case 2:
		return json.Number(strconv.FormatInt(int64(r.Uint64()), 10))
	case 3:
		return json.Number(fmt.Sprintf("%d%019d", r.IntN(1e6)+1, r.Int64()))
	case 4:
		return json.Number(fmt.Sprintf("%d.%02d", r.IntN(100), r.IntN(100)))
	case 5:
		return json.Number(strconv.FormatFloat(r.NormFloat64(), 'g', -1, 64))
	case 6:
		return strings.Repeat(string(rune('a'+r.IntN(26))), r.IntN(5))
	case 7:
		return fmt.Sprintf("2024-%02d-%02d", r.IntN(12)+1, r.IntN(28)+1)
	case 8:
		return fmt.Sprintf("2024-01-01T%02d:00:00%s", r.IntN(24), []string{"Z", "+01:00"}[r.IntN(2)])
	case 9:
		return "é\n\"\\ 😀" + strconv.Itoa(r.IntN(9))
	case 10:
		list := []any{}
		for range r.IntN(4) {
			if depth < 3 {
				list = append(list, randomJSON(r, shape/12, depth+1))
			}
		}
		return list
	default:
		object := map[string]any{}
		for i := range r.IntN(4) {
			if depth < 3 {
				object["k"+strconv.Itoa(i)] = randomJSON(r, shape/12+i, depth+1)
			}
		}
		return object
	}
}

// randomRecords returns records as compact texts.
func randomRecords(r *rand.Rand) [][]byte {
	var records [][]byte
	shape := r.IntN(12 * 12 * 12)
	for i := range r.IntN(20) + 1 {
		record := map[string]any{"id": i}
		for k := range 4 {
			if r.IntN(6) > 0 {
				record["c"+strconv.Itoa(k)] = randomJSON(r, shape+k*37, 0)
			}
		}
		text, err := json.Marshal(record)
		if err != nil {
			panic(err) // the generator makes nothing else than JSON
		}
		records = append(records, text)
	}
	return records
}

// writeJSON writes records in a shape.
func writeJSON(records [][]byte, shape string) string {
	switch shape {
	case jsonLines:
		return string(bytes.Join(records, []byte("\n"))) + "\n"
	case jsonOneArray:
		return "[" + string(bytes.Join(records, []byte(",\n  "))) + "\n]\n"
	default:
		var b bytes.Buffer
		for _, record := range records {
			if err := json.Indent(&b, record, "", "  "); err != nil {
				panic(err)
			}
		}
		return b.String()
	}
}

// jsonColumnsOf describes the columns alone.
func jsonColumnsOf(t *testing.T, text string, shape string) string {
	file, err := inferJSON(t.Context(), text)
	if err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	if file.JSON.Shape != shape {
		t.Fatalf("got %s, want %s: %s", file.JSON.Shape, shape, text)
	}
	for i := range file.Columns {
		file.Columns[i].Proof.Line = 0 // another in another shape
	}
	return fmt.Sprintf("%d rows: %+v", file.Rows, file.Columns)
}

func TestJSONShapesAgree(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 500 {
		records := randomRecords(r)
		lines := writeJSON(records, jsonLines)
		want := jsonColumnsOf(t, lines, jsonLines)
		for _, shape := range []string{jsonOneArray, jsonUnstructured} {
			if got := jsonColumnsOf(t, writeJSON(records, shape), shape); got != want {
				t.Fatalf("%s\nas lines: %s\nas %s: %s", lines, want, shape, got)
			}
		}
	}
}

// sortedJSON returns t with the fields of structs in order, because the order of records decides it.
func sortedJSON(t sqltype.Type) sqltype.Type {
	fields := slices.Clone(t.Fields)
	for i := range fields {
		fields[i].Type = sortedJSON(fields[i].Type)
	}
	if t.Kind == sqltype.Struct {
		slices.SortFunc(fields, func(a, b sqltype.Field) int { return strings.Compare(a.Name, b.Name) })
	}
	t.Fields = fields
	return t
}

// TestJSONMerge checks that what two halves of the records say, merged, is what all of them say, in any order.
func TestJSONMerge(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	read := func(records [][]byte) *jsonNode {
		reader := newJSONReader(t.Context(), strings.NewReader(writeJSON(records, jsonLines)))
		if _, _, err := reader.readSequence(false); err != nil {
			t.Fatal(err)
		}
		return reader.root
	}
	for range 500 {
		records := randomRecords(r)
		var types jsonTypes
		all := sortedJSON(types.of(read(records), "", 0))
		r.Shuffle(len(records), func(i, j int) { records[i], records[j] = records[j], records[i] })
		half := len(records) / 2
		merged := &jsonNode{}
		merged.merge(read(records[:half]))
		merged.merge(read(records[half:]))
		if got := sortedJSON(types.of(merged, "", 0)); !got.Equal(all) {
			t.Fatalf("%s\nat once: %s\nmerged: %s", writeJSON(records, jsonLines), all, got)
		}
	}
}

// TestJSONManyKeys covers the limits on keys; the reader forgets the names beyond them, so memory stays flat.
func TestJSONManyKeys(t *testing.T) {
	object := func(n int, value func(i int) string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, `,"k%d":%s`, i, value(i))
		}
		return "{" + strings.TrimPrefix(b.String(), ",") + "}"
	}
	same := func(int) string { return `{"x":1}` }
	several := func(i int) string { return []string{"1", `"s"`}[i%2] }
	labels := func(keys int) (text string) {
		for i := range 64 {
			text += fmt.Sprintf(`{"a":{"k%d":"x","k%d":"y"}}`, i%keys, (i+1)%keys)
		}
		return text
	}
	for _, c := range []struct{ name, text, want string }{
		{"two of 31", labels(31), "STRUCT"},
		{"two of 32", labels(32), "MAP(VARCHAR, VARCHAR)"},
		{"all of 32", `{"a":` + object(32, same) + `}`, "STRUCT"},
		{"few", `{"a":` + object(200, func(int) string { return "1" }) + `}`, "STRUCT"},
		{"many of one type", `{"a":` + object(201, same) + `}`, `MAP(VARCHAR, STRUCT("x" BIGINT))`},
		{"very many", `{"a":` + object(5000, same) + `}`, `MAP(VARCHAR, STRUCT("x" BIGINT))`},
		{"many of several types", `{"a":` + object(201, several) + `}`, "JSON"},
		{"very many of several types", `{"a":` + object(5000, several) + `}`, "JSON"},
		{"a key twice before the limit", `{"a":{"k7":1,"k7":2}}` + `{"a":` + object(201, same) + `}`, "JSON"},
		{"a key twice across the limit", `{"a":` + strings.TrimSuffix(object(1500, same), "}") + `,"k7":{}}}`, "JSON"},
		{"a key twice beyond the limit", `{"a":` + strings.TrimSuffix(object(1500, same), "}") + `,"k1400":{}}}`, "JSON"},
		{"a key in two objects", `{"a":` + object(1500, same) + `}{"a":{"k1400":{}}}`, `MAP(VARCHAR, STRUCT("x" BIGINT))`},
		{"records with very many keys", object(5000, same), `MAP(VARCHAR, STRUCT("x" BIGINT))`},
		{"records with very many keys of several types", object(5000, several), "JSON"},
		{"too many places", `{"a":` + object(190, func(i int) string {
			return object(150, func(j int) string { return fmt.Sprintf(`{"y%d":1}`, j) })
		}) + `}`, "JSON"},
	} {
		file, err := inferJSON(t.Context(), c.text)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if got := file.Columns[0].Type.String(); got != c.want && !(c.want == "STRUCT" && strings.HasPrefix(got, "STRUCT(")) {
			t.Errorf("%s: got %.100s, want %s; %v", c.name, got, c.want, file.Notices)
		}
	}
}

// jsonAllowed are the reasons for which a valid JSON text is refused.
var jsonAllowed = []string{"surrogate pair", "more than 200 deep", "the array is empty", "not valid UTF-8"}

// FuzzJSON checks that no text makes inference crash or hang, and that it agrees with encoding/json on what is JSON and
// how many records there are.
func FuzzJSON(f *testing.F) {
	for _, s := range []string{`{"a":1}`, "[1,2]", "{}\n{}", `{"a":[{"b":"x"}]}{"a":null}`, `"\ud83d\ude00"`, "[1]\n[2", "\ufeff{}", "1e5"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		file, err := inferJSON(t.Context(), text)
		var wrong *Error
		if err != nil {
			if !errors.As(err, &wrong) || wrong.Line < 1 {
				t.Fatalf("%q: %v is no *Error with a line", text, err)
			}
			expected := slices.ContainsFunc(jsonAllowed, func(s string) bool { return strings.Contains(wrong.Reason, s) })
			if json.Valid([]byte(text)) && !expected {
				t.Fatalf("%q is valid, but: %v", text, err)
			}
			return
		}
		checkRecords(t, "", text, file)
		if file.Rejected != int64(len(file.Rejects)) || file.Rejected > 0 && !file.JSON.Own {
			t.Fatalf("%q: %d rejected, %d told, own %t", text, file.Rejected, len(file.Rejects), file.JSON.Own)
		}
		if file.Rejected > 0 || file.JSON.Encoding != encodingUTF8 {
			if json.Valid([]byte(text)) && file.Rejected > 0 && !file.JSON.Records &&
				!slices.ContainsFunc(jsonAllowed, func(s string) bool { return strings.Contains(file.Rejects[0].Reason, s) }) {
				t.Fatalf("%q is valid, but rejected: %v", text, file.Rejects)
			}
			return
		}
		var values []json.RawMessage
		dec := json.NewDecoder(strings.NewReader(strings.TrimPrefix(text, "\ufeff")))
		for {
			var v json.RawMessage
			if err := dec.Decode(&v); err == io.EOF {
				break
			} else if err != nil {
				t.Fatalf("%q is accepted, but: %v", text, err)
			}
			values = append(values, v)
		}
		if file.JSON.Shape == jsonOneArray {
			var elems []json.RawMessage
			if err := json.Unmarshal(values[0], &elems); err != nil || len(values) != 1 {
				t.Fatalf("%q is no single array: %v", text, err)
			}
			values = elems
		}
		if int64(len(values)) != file.Rows || len(file.Columns) == 0 {
			t.Fatalf("%q: %d rows of %d columns, want %d rows", text, file.Rows, len(file.Columns), len(values))
		}
	})
}
