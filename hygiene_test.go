package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The house limits, in lines.
const (
	maxFunc = 70
	maxFile = 500
)

// maxMethods is how many methods an interface may have.
const maxMethods = 5

// goFile is one parsed Go file of the repository.
type goFile struct {
	path string // below the root, with slashes
	text []byte
	fset *token.FileSet
	ast  *ast.File
}

func (s *goFile) dir() string     { return path.Dir(s.path) }
func (s *goFile) test() bool      { return strings.HasSuffix(s.path, "_test.go") }
func (s *goFile) generated() bool { return ast.IsGenerated(s.ast) }

// room is the first folder of the file's path, or "main" at the root.
func (s *goFile) room() string {
	first, _, below := strings.Cut(s.path, "/")
	if !below {
		return "main"
	}
	return first
}

// at names a place for a message.
func (s *goFile) at(pos token.Pos) string {
	return fmt.Sprintf("%s:%d", s.path, s.fset.Position(pos).Line)
}

// imports are the file's imports with their places.
func (s *goFile) imports() map[string]string {
	m := map[string]string{}
	for _, spec := range s.ast.Imports {
		m[strings.Trim(spec.Path.Value, `"`)] = s.at(spec.Pos())
	}
	return m
}

func parseGoFile(name string, text []byte) (*goFile, error) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, name, text, parser.ParseComments)
	if err != nil {
		return nil, fmt.Errorf("parsing %s: %w", name, err)
	}
	return &goFile{path: name, text: text, fset: fset, ast: file}, nil
}

// readTree parses every Go file of the repository but those in hidden folders and in testdata.
func readTree(t *testing.T) []*goFile {
	t.Helper()
	var all []*goFile
	err := filepath.WalkDir(".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && p != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata" || d.Name() == "bin") {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(p, ".go") {
			return nil
		}
		text, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		s, err := parseGoFile(filepath.ToSlash(p), text)
		all = append(all, s)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// below says which rooms each room may import besides itself. A room that is not here may import none.
var below = map[string][]string{
	"main":    {"repl", "server", "engine", "catalog", "storage"},
	"repl":    {"engine", "catalog", "storage"},
	"server":  {"engine", "catalog", "storage"},
	"engine":  {"catalog", "storage"},
	"catalog": {"storage"},
}

func checkDirection(files []*goFile) (bad []string) {
	for _, f := range files {
		for imp, at := range f.imports() {
			rest, internal := strings.CutPrefix(imp, "tarn/")
			room, _, _ := strings.Cut(rest, "/")
			if room == "testing" && f.test() {
				continue // helpers for tests
			}
			if internal && room != f.room() && !slices.Contains(below[f.room()], room) {
				bad = append(bad, fmt.Sprintf("%s: %s must not import %s", at, f.room(), imp))
			}
		}
	}
	return bad
}

// owners says which room alone may import a module; tests of any room may too where tests is true.
var owners = []struct {
	module string
	room   string
	tests  bool
}{
	{"github.com/duckdb/", "engine", false},
	{"github.com/jackc/pgx/v5/pgproto3", "server", true},
	{"github.com/chzyer/readline", "repl", false},
	{"modernc.org/sqlite", "catalog", false},
	{"go.yaml.in/yaml", "catalog", false},
	{"github.com/bmatcuk/doublestar", "catalog", false},
	{"github.com/spf13/cobra", "main", false},
}

func checkOwners(files []*goFile) (bad []string) {
	for _, f := range files {
		for imp, at := range f.imports() {
			for _, o := range owners {
				if strings.HasPrefix(imp, o.module) && f.room() != o.room && !(o.tests && f.test()) {
					bad = append(bad, fmt.Sprintf("%s: only %s may import %s", at, o.room, imp))
				}
			}
		}
	}
	return bad
}

func checkPackageDocs(files []*goFile) (bad []string) {
	docs, names := map[string]string{}, map[string]string{}
	for _, f := range files {
		if f.test() {
			continue
		}
		names[f.dir()] = f.ast.Name.Name
		if f.ast.Doc != nil {
			docs[f.dir()] += f.ast.Doc.Text()
		}
	}
	for dir, name := range names {
		if why := docProblem(name, docs[dir]); why != "" {
			bad = append(bad, fmt.Sprintf("%s: package %s %s", dir, name, why))
		}
	}
	return bad
}

// docProblem says what is wrong with a package's comment, or "".
func docProblem(name, doc string) string {
	sentence, _, ended := strings.Cut(strings.ReplaceAll(doc, "\n", " "), ". ")
	switch {
	case doc == "":
		return "has no package comment: say in one sentence what it is for"
	case name == "main" && !strings.HasPrefix(doc, "Command ") && !strings.HasPrefix(doc, "Package main "):
		return `has a comment that does not start with "Command "`
	case name != "main" && !strings.HasPrefix(doc, "Package "+name+" "):
		return fmt.Sprintf("has a comment that does not start with %q", "Package "+name+" ")
	case !ended || len(strings.Fields(sentence)) < 5:
		return "has a comment that is no sentence of five words or more, ended by a full stop"
	}
	return ""
}

func checkSizes(files []*goFile) (bad []string) {
	for _, f := range files {
		if f.test() || f.generated() {
			continue
		}
		if n := bytes.Count(f.text, []byte("\n")); n > maxFile {
			bad = append(bad, fmt.Sprintf("%s has %d lines, %d are allowed", f.path, n, maxFile))
		}
		for _, d := range f.ast.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			if n := f.fset.Position(fn.End()).Line - f.fset.Position(fn.Pos()).Line + 1; n > maxFunc {
				bad = append(bad, fmt.Sprintf("%s: %s has %d lines, %d are allowed", f.at(fn.Pos()), fn.Name.Name, n, maxFunc))
			}
		}
	}
	return bad
}

func checkExportedDocs(files []*goFile) (bad []string) {
	for _, f := range files {
		if f.test() || f.generated() {
			continue
		}
		for _, d := range f.ast.Decls {
			for _, name := range undocumented(d) {
				bad = append(bad, fmt.Sprintf("%s: %s has no doc comment", f.at(d.Pos()), name))
			}
		}
	}
	return bad
}

// undocumented returns the exported names of a declaration that lack a comment. A group's comment counts for all.
func undocumented(d ast.Decl) (names []string) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Name.IsExported() && d.Doc == nil && exportedReceiver(d) {
			names = append(names, d.Name.Name)
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				if spec.Name.IsExported() && d.Doc == nil && spec.Doc == nil {
					names = append(names, spec.Name.Name)
				}
			case *ast.ValueSpec:
				for _, n := range spec.Names {
					if n.IsExported() && d.Doc == nil && spec.Doc == nil && spec.Comment == nil {
						names = append(names, n.Name)
					}
				}
			}
		}
	}
	return names
}

// exportedReceiver reports whether d is a function, or a method of an exported type.
func exportedReceiver(d *ast.FuncDecl) bool {
	if d.Recv == nil {
		return true
	}
	exported := true
	ast.Inspect(d.Recv.List[0].Type, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			exported = id.IsExported()
			return false
		}
		return true
	})
	return exported
}

// leftOpen is split so that this file does not hold the words.
var leftOpen = regexp.MustCompile(`\b(TO` + `DO|FIX` + `ME)\b`)

func checkLeftOpen(files []*goFile) (bad []string) {
	for _, f := range files {
		for i, line := range bytes.Split(f.text, []byte("\n")) {
			if leftOpen.Match(line) {
				bad = append(bad, fmt.Sprintf("%s:%d: %s", f.path, i+1, bytes.TrimSpace(line)))
			}
		}
	}
	return bad
}

// emptyNames say nothing about what a package is for.
var emptyNames = []string{"util", "utils", "common", "types", "helper", "helpers", "misc", "shared"}

func checkPackageNames(files []*goFile) (bad []string) {
	for _, f := range files {
		if slices.Contains(emptyNames, f.ast.Name.Name) {
			bad = append(bad, fmt.Sprintf("%s: package %s: the name says nothing", f.path, f.ast.Name.Name))
		}
		if strings.Count(f.path, "/") > 2 {
			bad = append(bad, f.path+": packages are nested two folders deep at most")
		}
	}
	return bad
}

func checkFormat(files []*goFile) (bad []string) {
	for _, f := range files {
		if text, err := format.Source(f.text); err != nil || !bytes.Equal(text, f.text) {
			bad = append(bad, f.path+": run gofmt -w on it")
		}
	}
	return bad
}

func checkInterfaces(files []*goFile) (bad []string) {
	for _, f := range files {
		ast.Inspect(f.ast, func(n ast.Node) bool {
			if it, ok := n.(*ast.InterfaceType); ok && it.Methods.NumFields() > maxMethods {
				bad = append(bad, fmt.Sprintf("%s: an interface of %d methods, %d are allowed",
					f.at(it.Pos()), it.Methods.NumFields(), maxMethods))
			}
			return true
		})
	}
	return bad
}

// checkLoggers finds logging that does not go through a logger that was passed in.
func checkLoggers(files []*goFile) (bad []string) {
	global := []string{"Debug", "Info", "Warn", "Error", "Log", "Default", "SetDefault"}
	for _, f := range files {
		if _, logs := f.imports()["log/slog"]; !logs || f.test() || f.room() == "main" {
			continue
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok || !slices.Contains(global, sel.Sel.Name) {
				return true
			}
			if id, ok := sel.X.(*ast.Ident); ok && id.Name == "slog" && id.Obj == nil {
				bad = append(bad, fmt.Sprintf("%s: slog.%s uses the global logger; pass one in", f.at(n.Pos()), sel.Sel.Name))
			}
			return true
		})
	}
	return bad
}

// plant is a file that breaks a rule, and part of the complaint about it.
type plant struct {
	path string
	text string
	want string
}

// rules are the house rules, each with files that break it.
var rules = []struct {
	name   string
	check  func([]*goFile) []string
	plants []plant
}{
	{"imports point down", checkDirection, []plant{
		{"storage/x.go", "package storage\nimport _ \"tarn/engine\"\n", "storage must not import tarn/engine"},
		{"repl/x.go", "package repl\nimport _ \"tarn/server\"\n", "repl must not import"},
		{"benchmarks/x.go", "package main\nimport _ \"tarn/storage\"\n", "benchmarks must not"},
		{"repl/x.go", "package repl\nimport _ \"tarn/testing/sqltest\"\n", "repl must not import"},
	}},
	{"modules have owners", checkOwners, []plant{
		{"server/x_test.go", "package server\nimport _ \"github.com/duckdb/duckdb-go/v2\"\n", "only engine"},
		{"engine/x.go", "package engine\nimport _ \"github.com/jackc/pgx/v5/pgproto3\"\n", "only server"},
		{"main.go", "package main\nimport _ \"github.com/chzyer/readline\"\n", "only repl"},
	}},
	{"packages say what they are for", checkPackageDocs, []plant{
		{"repl/x.go", "package repl\n", "no package comment"},
		{"repl/x.go", "// Package repl repl\npackage repl\n", "no sentence"},
	}},
	{"functions and files are short", checkSizes, []plant{
		{"repl/x.go", "package repl\nfunc f() {" + strings.Repeat("\n", maxFunc) + "}\n", "f has 71 lines"},
		{"repl/x.go", "package repl\n" + strings.Repeat("\n", maxFile), "501 lines"},
	}},
	{"exported names are documented", checkExportedDocs, []plant{
		{"repl/x.go", "package repl\nfunc F() {}\n", "F has no doc"},
		{"repl/x.go", "package repl\nconst C = 1\n", "C has no doc"},
		{"repl/x.go", "package repl\nfunc (*T[K]) M() {}\n", "M has no doc"},
	}},
	{"nothing is left open", checkLeftOpen, []plant{
		{"repl/x_test.go", "package repl\n// TO" + "DO: more\n", "x_test.go:2"},
	}},
	{"packages are named and placed well", checkPackageNames, []plant{
		{"engine/util/x.go", "package util\n", "package util"},
		{"a/b/c/x.go", "package c\n", "two folders deep"},
	}},
	{"sources are formatted", checkFormat, []plant{
		{"repl/x.go", "package repl\nfunc  f() {}\n", "gofmt"},
	}},
	{"interfaces are small", checkInterfaces, []plant{
		{"repl/x.go", "package repl\ntype i interface { a(); b(); c(); d(); e(); f() }\n", "6 methods"},
	}},
	{"loggers are passed in", checkLoggers, []plant{
		{"repl/x.go", "package repl\nimport \"log/slog\"\nfunc f() { slog.Info(\"\") }\n", "slog.Info"},
	}},
}

// TestHygiene holds the repository to the house rules.
func TestHygiene(t *testing.T) {
	files := readTree(t)
	if len(files) < 10 {
		t.Fatalf("found only %d Go files: is the test run at the root of the repository?", len(files))
	}
	for _, r := range rules {
		t.Run(r.name, func(t *testing.T) {
			for _, line := range slices.Sorted(slices.Values(r.check(files))) {
				t.Error(line)
			}
		})
	}
}

// TestHygieneCatches plants violations of each rule and expects exactly one complaint about each.
func TestHygieneCatches(t *testing.T) {
	for _, r := range rules {
		for _, p := range r.plants {
			planted, err := parseGoFile(p.path, []byte(p.text))
			if err != nil {
				t.Fatal(err)
			}
			bad := r.check([]*goFile{planted})
			if len(bad) != 1 || !strings.Contains(bad[0], p.want) {
				t.Errorf("%s: got %q for %s, want one complaint with %q", r.name, bad, p.path, p.want)
			}
		}
	}
}
