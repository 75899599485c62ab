package users

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"sync"

	"tarn/server/scram"
)

// Live is a file of users that is read again when it changes. It is safe for concurrent use.
type Live struct {
	path   string
	secret []byte
	log    *slog.Logger

	mu    sync.Mutex
	list  *List
	seen  os.FileInfo // of what was read last, right or wrong; nil if there was no file
	asked bool        // there were users once, so that a password is asked for
}

// Open reads a file of users. A file that is not there has no users; with must it is an error. secret makes users who do
// not exist look like those who do.
func Open(path string, must bool, secret []byte, log *slog.Logger) (*Live, error) {
	l := &Live{path: path, secret: secret, log: log, list: &List{}, asked: must}
	err := l.read()
	if errors.Is(err, fs.ErrNotExist) && must {
		return nil, fmt.Errorf("%w; make it with: tarn user add NAME --users %s", err, path)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	return l, nil
}

// read takes what the file holds; after an error the users stay as they were.
func (l *Live) read() error {
	info, err := os.Stat(l.path)
	if err != nil {
		l.seen = nil
		if errors.Is(err, fs.ErrNotExist) {
			l.list = &List{}
		}
		return fmt.Errorf("read the users: %w", err)
	}
	l.seen = info
	list, err := Read(l.path)
	if err != nil {
		return err
	}
	l.list = list
	l.asked = l.asked || len(list.Names()) > 0
	return nil
}

// Reload reads the file, changed or not. The users stay as they were if it is wrong, which is logged.
func (l *Live) Reload() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.reload()
}

func (l *Live) reload() {
	if err := l.read(); errors.Is(err, fs.ErrNotExist) {
		if l.asked {
			l.log.Warn("the file of users is gone: nobody can log in by password", "file", l.path)
		}
	} else if err != nil {
		l.log.Warn("the users stay as they were", "error", err)
	}
}

// refresh reads the file again if it is not the one that was read last.
func (l *Live) refresh() {
	info, err := os.Stat(l.path)
	gone := err != nil
	same := gone == (l.seen == nil) && (gone || os.SameFile(info, l.seen) && info.ModTime().Equal(l.seen.ModTime()) &&
		info.Size() == l.seen.Size() && info.Mode() == l.seen.Mode())
	if !same {
		l.reload()
	}
}

// Asked reports whether clients must log in: there are users, or were since the server started. Removing the last one
// thus locks everybody out, and does not let everybody in.
func (l *Live) Asked() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.refresh()
	return l.asked
}

// Find returns the verifier of a user; of one who does not exist, a verifier that no password fits.
func (l *Live) Find(name string) *scram.Verifier {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.refresh()
	if v := l.list.Find(name); v != nil {
		return v
	}
	iterations := scram.Iterations
	if names := l.list.Names(); len(names) > 0 {
		iterations = l.list.Find(names[0]).Iterations()
	}
	return scram.Mock(l.secret, name, iterations)
}
