package sqltype

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func TestJoin(t *testing.T) {
	for _, c := range []struct{ a, b, want string }{
		{"INTEGER", "INTEGER", "INTEGER"},
		{`"NULL"`, "INTEGER", "INTEGER"},
		{`"NULL"`, `"NULL"`, `"NULL"`},
		{`"NULL"[]`, "INTEGER[]", "INTEGER[]"},
		// integers
		{"TINYINT", "BIGINT", "BIGINT"},
		{"BIGINT", "HUGEINT", "HUGEINT"},
		{"UTINYINT", "UINTEGER", "UINTEGER"},
		{"UTINYINT", "TINYINT", "SMALLINT"},
		{"UINTEGER", "TINYINT", "BIGINT"},
		{"UINTEGER", "HUGEINT", "HUGEINT"},
		{"UBIGINT", "BIGINT", "HUGEINT"},
		{"UHUGEINT", "UBIGINT", "UHUGEINT"},
		{"UHUGEINT", "TINYINT", "VARCHAR"},
		// decimals
		{"DECIMAL(10,2)", "DECIMAL(5,4)", "DECIMAL(12,4)"},
		{"DECIMAL(38,0)", "DECIMAL(38,1)", "VARCHAR"},
		{"INTEGER", "DECIMAL(4,2)", "DECIMAL(12,2)"},
		{"BIGINT", "DECIMAL(18,3)", "DECIMAL(22,3)"},
		{"HUGEINT", "DECIMAL(4,2)", "VARCHAR"},
		// floats hold only as many digits as are exact
		{"FLOAT", "DOUBLE", "DOUBLE"},
		{"SMALLINT", "FLOAT", "FLOAT"},
		{"INTEGER", "FLOAT", "DOUBLE"},
		{"INTEGER", "DOUBLE", "DOUBLE"},
		{"UINTEGER", "DOUBLE", "DOUBLE"},
		{"BIGINT", "DOUBLE", "VARCHAR"},
		{"UBIGINT", "FLOAT", "VARCHAR"},
		{"DECIMAL(6,2)", "FLOAT", "FLOAT"}, {"DECIMAL(7,2)", "FLOAT", "DOUBLE"}, // 99999.99 has 7
		{"DECIMAL(15,2)", "DOUBLE", "DOUBLE"},
		{"DECIMAL(16,2)", "DOUBLE", "VARCHAR"},
		{"BIGNUM", "INTEGER", "VARCHAR"},
		{"BIGNUM", "DECIMAL(4,1)", "VARCHAR"},
		// time
		{"DATE", "TIMESTAMP", "TIMESTAMP"},
		{"DATE", "TIMESTAMP_S", "TIMESTAMP"},
		{"TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP"},
		{"TIMESTAMP", "TIMESTAMP_NS", "TIMESTAMP_NS"},
		{"TIMESTAMP", "TIMESTAMP WITH TIME ZONE", "VARCHAR"},
		{"DATE", "TIMESTAMP WITH TIME ZONE", "VARCHAR"},
		{"DATE", "TIME", "VARCHAR"},
		// what has no common type
		{"BOOLEAN", "INTEGER", "VARCHAR"},
		{"DATE", "INTEGER", "VARCHAR"},
		{"VARCHAR", "UUID", "VARCHAR"},
		{"ENUM('a')", "ENUM('b')", "VARCHAR"},
		{"JSON", "VARCHAR", "JSON"},
		{"JSON", "INTEGER[]", "JSON"},
		{"INTEGER", "INTEGER[]", "JSON"},
		{"STRUCT(a INTEGER)", "MAP(VARCHAR, INTEGER)", "JSON"},
		{"STRUCT(a INTEGER)", "VARCHAR", "JSON"},
		{"UNION(a INTEGER)", "UNION(b INTEGER)", "JSON"},
		// nested
		{"INTEGER[]", "DOUBLE[]", "DOUBLE[]"},
		{"INTEGER[3]", "INTEGER[]", "INTEGER[]"},
		{"INTEGER[3]", "INTEGER[4]", "INTEGER[]"},
		{"INTEGER[][]", "VARCHAR[][]", "VARCHAR[][]"},
		{"INTEGER[][]", "VARCHAR[]", "JSON[]"},
		{"MAP(VARCHAR, INTEGER)", "MAP(VARCHAR, DOUBLE)", "MAP(VARCHAR, DOUBLE)"},
		{"STRUCT(a INTEGER)", "STRUCT(b DATE)", `STRUCT("a" INTEGER, "b" DATE)`},
		{"STRUCT(a INTEGER, b DATE)", "STRUCT(B TIMESTAMP, c TIME)", `STRUCT("a" INTEGER, "b" TIMESTAMP, "c" TIME)`},
		{"STRUCT(a STRUCT(x INTEGER))", "STRUCT(a STRUCT(y DATE))", `STRUCT("a" STRUCT("x" INTEGER, "y" DATE))`},
		{"STRUCT(a INTEGER)[]", "STRUCT(a VARCHAR)[]", `STRUCT("a" VARCHAR)[]`},
	} {
		a, err := Parse(c.a)
		if err != nil {
			t.Fatal(err)
		}
		b, err := Parse(c.b)
		if err != nil {
			t.Fatal(err)
		}
		if got := Join(a, b); got.String() != c.want {
			t.Errorf("%s with %s: got %s, want %s", c.a, c.b, got, c.want)
		}
		if got, back := inOrder(Join(a, b)), inOrder(Join(b, a)); !got.Equal(back) {
			t.Errorf("%s with %s is %s, the other way round %s", c.a, c.b, got, back)
		}
	}
}

// inOrder returns t with struct fields in lower case and in order, because Join keeps the first spelling and order.
func inOrder(t Type) Type {
	fields := slices.Clone(t.Fields)
	for i := range fields {
		fields[i].Type = inOrder(fields[i].Type)
		if t.Kind == Struct {
			fields[i].Name = strings.ToLower(fields[i].Name)
		}
	}
	if t.Kind == Struct {
		slices.SortFunc(fields, func(a, b Field) int { return strings.Compare(a.Name, b.Name) })
	}
	t.Fields = fields
	return t
}

func TestJoinLaws(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	for range 5000 {
		a, b := randomType(r, 0), randomType(r, 0)
		before := a.String()
		ab := Join(a, b)
		switch {
		case a.String() != before:
			t.Fatalf("joining with %s changed %s to %s", b, before, a)
		case !inOrder(ab).Equal(inOrder(Join(b, a))):
			t.Fatalf("%s and %s make %s, the other way round %s", a, b, ab, Join(b, a))
		case !Join(a, a).Equal(a):
			t.Fatalf("%s with itself makes %s", a, Join(a, a))
		case !Join(a, Of(Null)).Equal(a):
			t.Fatalf("%s with NULL makes %s", a, Join(a, Of(Null)))
		case !inOrder(Join(ab, a)).Equal(inOrder(ab)) || !inOrder(Join(ab, b)).Equal(inOrder(ab)):
			t.Fatalf("%s, made of %s and %s, does not hold both: %s, %s", ab, a, b, Join(ab, a), Join(ab, b))
		}
	}
}

func TestEqual(t *testing.T) {
	same := func(a, b string) bool {
		x, err1 := Parse(a)
		y, err2 := Parse(b)
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		return x.Equal(y)
	}
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"STRUCT(a INTEGER)", `STRUCT("a" INTEGER)`, true},
		{"STRUCT(a INTEGER)", "STRUCT(A INTEGER)", false},
		{"STRUCT(a INTEGER, b DATE)", "STRUCT(b DATE, a INTEGER)", false},
		{"DECIMAL(4,1)", "DECIMAL(4,2)", false},
		{"INTEGER[2]", "INTEGER[3]", false},
		{"INTEGER[]", "INTEGER[3]", false},
		{"ENUM('a')", "ENUM('b')", false},
		{"ENUM('a')", "ENUM('a', 'b')", false},
		{"MAP(VARCHAR, DATE)", "MAP(VARCHAR, DATE)", true},
	} {
		if got := same(c.a, c.b); got != c.want {
			t.Errorf("%s = %s: got %t", c.a, c.b, got)
		}
	}
}

func TestQuote(t *testing.T) {
	if got := QuoteName(`a"b`); got != `"a""b"` {
		t.Error(got)
	}
	if got := QuoteText(`it's`); got != `'it''s'` {
		t.Error(got)
	}
}
