package main

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// readDocs returns the repository's Markdown files but those of the example lake, by their path.
func readDocs(t *testing.T) map[string]string {
	t.Helper()
	docs := map[string]string{}
	err := filepath.WalkDir(".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && p != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata" || p == filepath.Join("examples", "lake")) {
			return filepath.SkipDir
		}
		if d.IsDir() || filepath.Ext(p) != ".md" {
			return nil
		}
		text, err := os.ReadFile(p)
		docs[p] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return docs
}

var (
	fence = regexp.MustCompile("(?ms)^```.*?^```$")
	link  = regexp.MustCompile(`\]\(([^)\s]+)\)`)
)

// deadLinks returns the relative links of a document, outside of its code blocks, that lead nowhere.
func deadLinks(path, text string) (dead []string) {
	for _, m := range link.FindAllStringSubmatch(fence.ReplaceAllString(text, ""), -1) {
		target, _, _ := strings.Cut(m[1], "#")
		if target == "" || strings.Contains(target, "://") || strings.HasPrefix(target, "mailto:") {
			continue
		}
		if _, err := os.Stat(filepath.Join(filepath.Dir(path), target)); err != nil {
			dead = append(dead, m[1])
		}
	}
	return dead
}

// TestDocLinks follows the relative links of every document.
func TestDocLinks(t *testing.T) {
	for path, text := range readDocs(t) {
		for _, l := range deadLinks(path, text) {
			t.Errorf("%s: the link to %s leads nowhere", path, l)
		}
	}
	if dead := deadLinks("x.md", "[a](no-such.md) [b](go.mod) [c](https://example.org/x)\n```\n[d](also-none)\n```\n"); len(dead) != 1 {
		t.Errorf("the check found %q in a text with one dead link", dead)
	}
}

// step is one command of a document with the output that follows it there.
type step struct {
	line    int
	command string
	want    string
}

// consoleSteps returns the commands in the blocks tagged console: a line that begins with "$ " is a command, which a
// backslash at its end continues; what follows is its output, where a line "..." stands for any lines.
func consoleSteps(text string) (steps []step) {
	inside, open := false, false
	for i, line := range strings.Split(text, "\n") {
		switch {
		case strings.HasPrefix(line, "```"):
			inside, open = line == "```console", false
		case !inside:
		case open:
			last := &steps[len(steps)-1]
			last.command += "\n" + line
			open = strings.HasSuffix(line, `\`)
		case strings.HasPrefix(line, "$ "):
			steps = append(steps, step{line: i + 1, command: line[2:]})
			open = strings.HasSuffix(line, `\`)
		case len(steps) > 0:
			steps[len(steps)-1].want += line + "\n"
		}
	}
	return steps
}

// matches reports whether the output is what the document shows.
func (s step) matches(got string) bool {
	pattern := regexp.QuoteMeta(s.want)
	pattern = strings.ReplaceAll(pattern, `\.\.\.`+"\n", "(?s:.*)")
	return regexp.MustCompile(`\A` + pattern + `\z`).MatchString(got)
}

// TestDocExamples runs the console blocks of every document, in a folder with bin/tarn and the examples.
func TestDocExamples(t *testing.T) {
	dir := t.TempDir()
	tarn, err := exec.LookPath("tarn")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "bin"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(tarn, filepath.Join(dir, "bin", "tarn")); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(filepath.Join(dir, "examples"), os.DirFS("examples")); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Join(dir, "examples", "lake", ".tarn")); err != nil {
		t.Fatal(err)
	}
	for path, text := range readDocs(t) {
		for _, s := range consoleSteps(text) {
			if diff := runStep(dir, s); diff != "" {
				t.Errorf("%s:%d: $ %s\n%s", path, s.line, s.command, diff)
			}
		}
	}
}

// runStep runs one command in dir and says how its output differs from the document, or "".
func runStep(dir string, s step) string {
	cmd := exec.Command("sh", "-c", s.command)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "TZ=UTC")
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	switch {
	case err != nil:
		return fmt.Sprintf("%v: %s", err, stderr.String())
	case !s.matches(string(out)):
		return "(-document +output)\n" + cmp.Diff(s.want, string(out))
	}
	return ""
}

// TestDocSteps checks the checker.
func TestDocSteps(t *testing.T) {
	text := "```sh\n$ false\n```\n\n```console\n$ echo a \\\n  b\na b\n$ printf 'x\\ny\\nz\\n'\nx\n...\nz\n```\n"
	steps := consoleSteps(text)
	if len(steps) != 2 || steps[0].line != 6 {
		t.Fatalf("read %+v", steps)
	}
	for _, s := range steps {
		if diff := runStep(t.TempDir(), s); diff != "" {
			t.Errorf("$ %s\n%s", s.command, diff)
		}
		s.want += "more\n"
		if runStep(t.TempDir(), s) == "" {
			t.Errorf("$ %s: output that the document does not show went unnoticed", s.command)
		}
	}
	if runStep(t.TempDir(), step{command: "exit 3"}) == "" {
		t.Error("a failing command went unnoticed")
	}
}
