package storage

import (
	"fmt"
	"os"
)

// Identify returns the identity that the file at an absolute path has now; symbolic links are followed. It is for files outside of
// a root, such as Tarn's own. The error matches fs.ErrNotExist if there is none.
func Identify(path string) (Identity, error) {
	info, err := os.Stat(path)
	if err != nil {
		return Identity{}, fmt.Errorf("look at %q: %w", path, reasonOf(err))
	}
	if !info.Mode().IsRegular() {
		return Identity{}, fmt.Errorf("look at %q: it is %s and no file", path, special(info.Mode()))
	}
	return identityOf(info), nil
}
