//go:build !unix

package viewfile

import (
	"errors"
	"io/fs"
	"os"
	"time"
)

// patience is how long another process is waited for, which may have ended without giving its lock up.
const patience = 10 * time.Second

// lock waits until it could make the file, which is removed at the end.
func lock(path string) (unlock func(), err error) {
	for begun := time.Now(); ; time.Sleep(5 * time.Millisecond) {
		f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL, 0o644)
		if err == nil {
			f.Close()
			return func() { os.Remove(path) }, nil
		}
		if !errors.Is(err, fs.ErrExist) || time.Since(begun) > patience {
			return nil, err
		}
	}
}
