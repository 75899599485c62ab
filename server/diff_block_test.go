package server

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var diffFiles = flag.String("files", "test", "the ending of the files of the differential suite")

var diffShow = flag.Bool("show", false, "print the answers of the differential suite")

// diffBlock is a statement of the differential suite.
type diffBlock struct {
	line    int
	lines   []string // what stands before the answer
	sql     string
	params  []diffParam
	differs string // why Tarn answers otherwise; empty if it must not
	stated  string // what it answers then, by the simple protocol or else in text
	ordered bool
	failed  bool
}

// diffParam is a parameter: its type as the client declares it, and its text.
type diffParam struct {
	typ  string // a name that the client knows, or unknown
	text []byte // nil for NULL
}

// readBlocks reads a file of statements.
func readBlocks(t *testing.T, file string) (blocks []*diffBlock) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	line := 1
	for _, text := range strings.Split(strings.TrimSuffix(string(data), "\n"), "\n\n") {
		b := parseBlock(t, fmt.Sprintf("%s:%d", file, line), text)
		b.line = line
		line += strings.Count(text, "\n") + 2
		if b.sql != "" {
			blocks = append(blocks, b)
		} else {
			blocks = append(blocks, &diffBlock{lines: b.lines})
		}
	}
	return slices.DeleteFunc(blocks, func(b *diffBlock) bool { return b.sql == "" && !*update })
}

func parseBlock(t *testing.T, where, text string) *diffBlock {
	b := &diffBlock{}
	head, stated, _ := strings.Cut(text, "\n----\n")
	b.stated, b.lines = stated, strings.Split(head, "\n")
	var sql []string
	for _, line := range b.lines {
		reason, differs := strings.CutPrefix(line, "-- differs: ")
		param, isParam := strings.CutPrefix(line, "-- param: ")
		switch {
		case differs:
			b.differs = reason
		case isParam:
			typ, value, ok := strings.Cut(param, " ")
			if !ok {
				t.Fatalf("%s: a parameter is written -- param: TYPE VALUE", where)
			}
			p := diffParam{typ: typ, text: []byte(value)}
			if value == "NULL" {
				p.text = nil
			}
			b.params = append(b.params, p)
		case strings.HasPrefix(line, "-- ") || line == "":
		default:
			sql = append(sql, line)
		}
	}
	b.sql = strings.Join(sql, "\n")
	b.ordered = strings.Contains(strings.ToLower(b.sql), "order by")
	return b
}

// judge compares the answers; it returns what is wrong.
func (b *diffBlock) judge(want, got diffAnswer, m diffMode) string {
	if !b.ordered {
		want.sort()
		got.sort()
	}
	same := want.String() == got.String()
	switch {
	case b.differs == "" && !same:
		return "(-PostgreSQL +Tarn)\n" + cmp.Diff(want.lines(), got.lines()) + got.message
	case b.differs != "" && same && !m.simple && strings.Contains(strings.TrimRight(b.sql, "; "), ";"):
		return "" // several statements differ by the simple protocol alone: the extended one refuses them
	case b.differs != "" && same:
		return "the answers do not differ, though they are said to: " + b.differs
	case b.differs != "" && (m.simple || len(b.params) > 0 && m.name == "text"):
		if *update {
			b.stated = strings.TrimSuffix(got.String(), "\n")
		} else if got.String() != b.stated+"\n" {
			return "what Tarn answers is not what is stated (-stated +Tarn)\n" + cmp.Diff(b.stated+"\n", got.String())
		}
	}
	return ""
}

// writeBlocks writes a file with the answers of the statements that differ.
func writeBlocks(t *testing.T, file string, blocks []*diffBlock) {
	var texts []string
	for _, b := range blocks {
		text := strings.Join(b.lines, "\n")
		if b.differs != "" {
			text += "\n----\n" + b.stated
		}
		texts = append(texts, text)
	}
	if err := os.WriteFile(file, []byte(strings.Join(texts, "\n\n")+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
}
