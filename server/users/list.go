package users

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"unicode"
	"unicode/utf8"

	"tarn/server/scram"
)

// FileName is the file's name in a lake's state directory.
const FileName = "users"

// maxName is PostgreSQL's limit for names, in bytes.
const maxName = 63

// header begins a new file.
const header = "# Who may connect: NAME:VERIFIER. \"tarn user\" edits this file; a running server reads it again.\n"

// List is the content of a file of users, in its order and with its comments.
type List struct {
	lines []line
}

type line struct {
	text     string // of a comment; else empty
	name     string
	verifier *scram.Verifier
}

// Read reads a file of users. The error wraps fs.ErrNotExist if there is none.
func Read(path string) (*List, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read the users: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("read the users: %w", err)
	}
	if mode := info.Mode(); runtime.GOOS != "windows" && mode.Perm()&0o077 != 0 {
		return nil, fmt.Errorf("read the users: others than its owner may read or change %s (mode %04o); run: chmod 600 %s", path, mode.Perm(), path)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the users: %w", err)
	}
	list, err := parse(string(text))
	if err != nil {
		return nil, fmt.Errorf("read the users: %s: %w", path, err)
	}
	return list, nil
}

// parse reads the lines; the error lists every one that is wrong.
func parse(text string) (*List, error) {
	list, seen := &List{}, map[string]int{}
	var wrong []error
	for i, row := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		row = strings.TrimSuffix(row, "\r")
		if trimmed := strings.TrimSpace(row); trimmed == "" || trimmed[0] == '#' {
			list.lines = append(list.lines, line{text: row})
			continue
		}
		name, rest, ok := strings.Cut(row, ":")
		v, err := scram.ParseVerifier(strings.TrimSpace(rest))
		switch {
		case !ok:
			err = errors.New("no colon; a line is NAME:VERIFIER, made by \"tarn user add NAME\"")
		case CheckName(name) != nil:
			err = CheckName(name)
		case seen[name] > 0:
			err = fmt.Errorf("user %q is in line %d already; remove one of them", name, seen[name])
		case err != nil:
			err = fmt.Errorf("user %q: %w; make it anew with \"tarn user passwd %s\"", name, err, name)
		}
		if err != nil {
			wrong = append(wrong, fmt.Errorf("line %d: %w", i+1, err))
			continue
		}
		seen[name] = i + 1
		list.lines = append(list.lines, line{name: name, verifier: v})
	}
	return list, errors.Join(wrong...)
}

// CheckName says what is wrong with a user's name, if anything is.
func CheckName(name string) error {
	switch {
	case name == "":
		return errors.New("a user needs a name")
	case len(name) > maxName:
		return fmt.Errorf("the user name %q has %d bytes; PostgreSQL's clients send at most %d", name, len(name), maxName)
	case !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl) || strings.Contains(name, ":"):
		return fmt.Errorf("the user name %q has a colon or characters that cannot be printed", name)
	case name[0] == '#' || strings.TrimSpace(name) != name:
		return fmt.Errorf("the user name %q begins with #, or begins or ends with a space", name)
	}
	return nil
}

// Names lists the users in the file's order.
func (l *List) Names() []string {
	var names []string
	for _, ln := range l.lines {
		if ln.verifier != nil {
			names = append(names, ln.name)
		}
	}
	return names
}

// Find returns the verifier of a user, nil if there is none of that name.
func (l *List) Find(name string) *scram.Verifier {
	for _, ln := range l.lines {
		if ln.verifier != nil && ln.name == name {
			return ln.verifier
		}
	}
	return nil
}

// Set adds a user, or replaces the verifier.
func (l *List) Set(name string, v *scram.Verifier) {
	for i, ln := range l.lines {
		if ln.verifier != nil && ln.name == name {
			l.lines[i].verifier = v
			return
		}
	}
	l.lines = append(l.lines, line{name: name, verifier: v})
}

// Remove drops a user; false if there is none of that name.
func (l *List) Remove(name string) bool {
	for i, ln := range l.lines {
		if ln.verifier != nil && ln.name == name {
			l.lines = append(l.lines[:i], l.lines[i+1:]...)
			return true
		}
	}
	return false
}

// String is the content of the file.
func (l *List) String() string {
	var b strings.Builder
	for _, ln := range l.lines {
		if ln.verifier != nil {
			fmt.Fprintf(&b, "%s:%s\n", ln.name, ln.verifier)
		} else {
			b.WriteString(ln.text + "\n")
		}
	}
	return b.String()
}

// Edit changes a file of users, which is made if it is not there. Others see the file as it was or as it is afterwards,
// and two edits at once exclude each other.
func Edit(path string, change func(*List) error) error {
	draft := path + ".new"
	f, err := os.OpenFile(draft, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("change the users: %s exists: another \"tarn user\" is at work, or one was killed; if none runs, remove that file", draft)
	} else if err != nil {
		return fmt.Errorf("change the users: %w", err)
	}
	err = write(f, path, change)
	if err == nil {
		err = os.Rename(draft, path)
	}
	if err != nil {
		os.Remove(draft)
		return err
	}
	if dir, err := os.Open(filepath.Dir(path)); err == nil { // so that the new name outlives a power cut, where that can be asked for
		dir.Sync()
		dir.Close()
	}
	return nil
}

// write writes the changed content of path to f, and closes it.
func write(f *os.File, path string, change func(*List) error) error {
	defer f.Close()
	list, err := Read(path)
	if errors.Is(err, fs.ErrNotExist) {
		list, err = parse(header)
	}
	if err != nil {
		return err
	}
	if err := change(list); err != nil {
		return err
	}
	if _, err := f.WriteString(list.String()); err != nil {
		return fmt.Errorf("change the users: %w", err)
	}
	if err := f.Sync(); err != nil {
		return fmt.Errorf("change the users: %w", err)
	}
	return f.Close()
}
