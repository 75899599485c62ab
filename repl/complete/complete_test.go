package complete

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"tarn/catalog"
	"tarn/catalog/sqltype"
)

func columns(names ...string) []catalog.Column {
	var out []catalog.Column
	for _, n := range names {
		out = append(out, catalog.Column{Name: n, Type: sqltype.Of(sqltype.Varchar)})
	}
	return out
}

var lake = &catalog.Snapshot{Tables: []*catalog.Table{
	{Schema: "public", Name: "order lines", Columns: columns("order_id", "sku")},
	{Schema: "public", Name: "orders", Columns: columns("id", "total")},
	{Schema: "public", Name: "weather", Columns: columns("day", "temp", "wind speed")},
	{Schema: "sales", Name: "orders", Columns: columns("id", "region")},
}}

// TestSQL runs testdata/cases.txt: a statement with | at the cursor, and what may stand there.
func TestSQL(t *testing.T) {
	data, err := os.ReadFile("testdata/cases.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(string(data), "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		text, want, ok := strings.Cut(line, " =>")
		before, after, cursor := strings.Cut(text, "|")
		if !ok && !strings.HasPrefix(line, "| =>") || !cursor {
			t.Fatalf("no case: %s", line)
		}
		got := SQL(lake, before, after)
		if s := strings.Join(got.Words, " "); s != strings.TrimSpace(want) {
			t.Errorf("%s: got %s", line, s)
		}
		for _, w := range got.Words {
			typed := before[got.Start:]
			if bare := strings.Trim(w, `"`); !strings.HasPrefix(strings.ToLower(w), strings.ToLower(typed)) &&
				!strings.HasPrefix(strings.ToLower(bare), strings.ToLower(typed)) {
				t.Errorf("%s: %s does not go on from %q", line, w, typed)
			}
		}
	}
}

func TestTables(t *testing.T) {
	for before, want := range map[string]string{
		`\d w`: "weather", `\d sales.`: "orders", `\d `: `"order lines" orders sales tarn weather`, `\d "or`: `"order lines" "orders"`,
	} {
		if got := strings.Join(Tables(lake, before).Words, " "); got != want {
			t.Errorf("%s: got %s, want %s", before, got, want)
		}
	}
}

func TestWords(t *testing.T) {
	got := Words(`\format j`, []string{"json", "jsonl", "csv"})
	if strings.Join(got.Words, " ") != "json jsonl" || got.Start != len(`\format `) {
		t.Errorf("got %v", got)
	}
}

func FuzzSQL(f *testing.F) {
	f.Add("select a.b, \"c from d, (select", " x) join e")
	f.Fuzz(func(t *testing.T, before, after string) {
		if got := SQL(lake, before, after); got.Start < 0 || got.Start > len(before) {
			t.Errorf("start %d", got.Start)
		}
	})
}

func TestCatalog(t *testing.T) {
	lake := &catalog.Snapshot{Tables: []*catalog.Table{
		{Schema: "public", Name: "customers", Columns: columns("id", "region")},
		{Schema: "public", Name: "orders", Columns: columns("id", "customer_id", "region")},
	}}
	k := Catalog{Snapshot: lake,
		Functions: func() []Named { return []Named{{"list_sort", "list_sort(list)"}, {"list_sum", "list_sum(list)"}} },
		Keywords:  func(string) []string { return []string{"where", "window"} },
		Settings:  func() []Named { return []Named{{"threads", "8"}, {"timezone", "UTC"}} }}
	for text, want := range map[string]string{
		"select list_s|":        "list_sort list_sum list_sort(list) list_sum(list)",
		"set t|":                "threads timezone 8 UTC",
		"select 1; set th|":     "threads 8",
		"update orders set th|": "then",
		"select * from customers c join orders o on |":   "c.id = o.customer_id c.id = o.id c.region = o.region c o",
		"select * from orders o join customers c on |":   "o.customer_id = c.id o.id = c.id o.region = c.region c o",
		"select * from orders o join customers c on o.|": "customer_id id region",
		"select * from orders o join customers c on o|":  "o.customer_id = c.id o.id = c.id o.region = c.region o",
		"SELECT * FROM orders WHERE id = 1 |":            "WHERE WINDOW customer_id id region orders",
		"select * from orders where id = 1 |":            "where window customer_id id region orders",
		"select * from csto|":                            "customers",
		"select * from o join 'testdata/ca|":             "cases.txt",
		"select cu| from orders":                         "customer_id cube current_date current_timestamp customers",
	} {
		before, after, _ := strings.Cut(text, "|")
		got := k.SQL(before, after)
		words := strings.Join(append(got.Words, got.Notes...), " ")
		if strings.TrimSpace(words) != want {
			t.Errorf("%s: got %s", text, words)
		}
	}
}

// BenchmarkSQL completes in a catalog of 2,000 tables.
func BenchmarkSQL(b *testing.B) {
	big := &catalog.Snapshot{}
	for i := range 2000 {
		n := strconv.Itoa(i)
		big.Tables = append(big.Tables, &catalog.Table{Schema: "public", Name: "table_" + n,
			Columns: columns("id", "name_"+n, "value", "day", "customer_id", "region", "price", "comment", "kind", "order_id")})
	}
	for _, text := range []string{"select * from ta", "select na", "select t7|x from table_7", "select zz"} {
		b.Run(text, func(b *testing.B) {
			before, after, _ := strings.Cut(text, "|")
			for b.Loop() {
				SQL(big, before, after)
			}
		})
	}
}
