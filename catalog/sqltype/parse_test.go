package sqltype

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// TestParse reads types as DuckDB and users spell them; String writes them in one way.
func TestParse(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"BOOLEAN", "BOOLEAN"},
		{"bool", "BOOLEAN"},
		{"int", "INTEGER"},
		{"Int8", "BIGINT"},
		{"int2", "SMALLINT"},
		{"real", "FLOAT"},
		{"text", "VARCHAR"},
		{"string", "VARCHAR"},
		{"bytea", "BLOB"},
		{`"NULL"`, `"NULL"`},
		{"NULL", `"NULL"`},
		{"DATE", "DATE"},
		{"TIME", "TIME"},
		{"TIME_NS", "TIME_NS"},
		{"time with time zone", "TIME WITH TIME ZONE"},
		{"TIMETZ", "TIME WITH TIME ZONE"},
		{"TIMESTAMP", "TIMESTAMP"},
		{"TIMESTAMP_US", "TIMESTAMP"},
		{"datetime", "TIMESTAMP"},
		{"TIMESTAMP_NS", "TIMESTAMP_NS"},
		{"timestamptz", "TIMESTAMP WITH TIME ZONE"},
		{"TIMESTAMP WITH TIME ZONE", "TIMESTAMP WITH TIME ZONE"},
		{"TIMESTAMP WITH TIME ZONE[]", "TIMESTAMP WITH TIME ZONE[]"},
		{"DECIMAL(10,2)", "DECIMAL(10,2)"},
		{"decimal( 10 , 2 )", "DECIMAL(10,2)"},
		{"DECIMAL(38,38)", "DECIMAL(38,38)"},
		{"NUMERIC(7)", "DECIMAL(7,0)"},
		{"DECIMAL", "DECIMAL(18,3)"},
		{"INTEGER[]", "INTEGER[]"},
		{"INTEGER[][]", "INTEGER[][]"},
		{"INTEGER[3]", "INTEGER[3]"},
		{"INTEGER[3][]", "INTEGER[3][]"},
		{"FLOAT[][2]", "FLOAT[][2]"},
		{"MAP(VARCHAR, INTEGER)", "MAP(VARCHAR, INTEGER)"},
		{"MAP(VARCHAR,INTEGER[])[]", "MAP(VARCHAR, INTEGER[])[]"},
		{"STRUCT(a INTEGER, b VARCHAR)", `STRUCT("a" INTEGER, "b" VARCHAR)`},
		{`STRUCT("a b" INTEGER, "q""x" VARCHAR[])`, `STRUCT("a b" INTEGER, "q""x" VARCHAR[])`},
		{`STRUCT("a,)(" STRUCT(b TIMESTAMP WITH TIME ZONE, c DECIMAL(4,1)))`, `STRUCT("a,)(" STRUCT("b" TIMESTAMP WITH TIME ZONE, "c" DECIMAL(4,1)))`},
		{"STRUCT(größe DOUBLE)", `STRUCT("größe" DOUBLE)`},
		{"STRUCT(int INTEGER, struct INTEGER)", `STRUCT("int" INTEGER, "struct" INTEGER)`},
		{"UNION(num INTEGER, str VARCHAR)", `UNION("num" INTEGER, "str" VARCHAR)`},
		{"ENUM('a', 'it''s', '', 'x,)')", "ENUM('a', 'it''s', '', 'x,)')"},
		{"ENUM('a')[]", "ENUM('a')[]"},
		{" BIGINT ", "BIGINT"},
	} {
		got, err := Parse(c.text)
		if err != nil {
			t.Error(err)
			continue
		}
		if got.String() != c.want {
			t.Errorf("%q: got %s, want %s", c.text, got, c.want)
		}
		again, err := Parse(got.String())
		if err != nil || !again.Equal(got) {
			t.Errorf("%q: %s reads back as %s, %v", c.text, got, again, err)
		}
	}
}

func TestParseScalars(t *testing.T) {
	for k := Null; k < Enum; k++ {
		if k == Decimal {
			continue
		}
		if got, err := Parse(Of(k).String()); err != nil || got.Kind != k {
			t.Errorf("%s: got %s, %v", k, got, err)
		}
	}
}

func TestParseErrors(t *testing.T) {
	for text, want := range map[string]string{
		"":                      "unknown type",
		"NOPE":                  `unknown type "NOPE"`,
		"INVALID":               "unknown type",
		"LIST":                  "unknown type",
		"ARRAY":                 "unknown type",
		`"BIGINT"`:              "unknown type",
		"INTEGER x":             "unexpected text at byte 8",
		"INTEGER]":              "unexpected text at byte 7",
		"INTEGER[":              "expected a number",
		"INTEGER[x]":            "expected a number",
		"INTEGER[3":             "expected ']'",
		"INTEGER[0]":            "an array has at least one element",
		"DECIMAL(39,0)":         "out of range",
		"DECIMAL(4,5)":          "out of range",
		"DECIMAL(0,0)":          "out of range",
		"DECIMAL(4":             "expected ')'",
		"STRUCT":                "expected '('",
		"STRUCT()":              "expected a field name",
		"STRUCT(a)":             "unknown type",
		"STRUCT(a INTEGER":      "expected ')'",
		"STRUCT(a INTEGER,)":    "expected a field name",
		`STRUCT("a INTEGER)`:    `unterminated "`,
		"MAP(VARCHAR)":          "expected ','",
		"ENUM()":                "expected '\\''",
		"ENUM('a":               "unterminated '",
		"VARCHAR(10)":           "unexpected text",
		"TIMESTAMP WITH TIME Z": "unexpected text",
	} {
		if _, err := Parse(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got error %v, want %q in it", text, err, want)
		}
	}
}

// randomType returns any type that can be written.
func randomType(r *rand.Rand, depth int) Type {
	if depth > 3 || r.IntN(3) > 0 {
		switch k := Null + Kind(r.IntN(int(Enum-Null)+1)); k {
		case Decimal:
			w := 1 + r.IntN(38)
			return DecimalOf(uint8(w), uint8(r.IntN(w+1)))
		case Enum:
			return Type{Kind: Enum, Values: []string{"a", "it's"}[:1+r.IntN(2)]}
		default:
			return Of(k)
		}
	}
	switch r.IntN(4) {
	case 0:
		return ListOf(randomType(r, depth+1))
	case 1:
		return ArrayOf(randomType(r, depth+1), 1+r.IntN(9))
	case 2:
		return MapOf(randomType(r, depth+1), randomType(r, depth+1))
	default:
		var fields []Field
		for _, name := range []string{"a", "B c", `d"`, "größe"}[:1+r.IntN(4)] {
			fields = append(fields, Field{name, randomType(r, depth+1)})
		}
		return StructOf(fields...)
	}
}

func TestParseReadsWhatStringWrites(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 5000 {
		want := randomType(r, 0)
		if got, err := Parse(want.String()); err != nil || !got.Equal(want) {
			t.Fatalf("%s: got %s, %v", want, got, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"STRUCT(a INTEGER[], b MAP(VARCHAR, DECIMAL(3,1)))", "ENUM('a')", `"NULL"[4]`, "UNION(a TIME)"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		first, err := Parse(text)
		if err != nil {
			return
		}
		if second, err := Parse(first.String()); err != nil || !second.Equal(first) {
			t.Errorf("%q is %s, which reads back as %s, %v", text, first, second, err)
		}
	})
}
