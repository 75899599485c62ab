//go:build linux || darwin

package cache

import (
	"path/filepath"
	"syscall"
)

// freeBytes is what the user may still write on the disk of a folder, which need not exist yet.
func freeBytes(dir string) (int64, bool) {
	for {
		var st syscall.Statfs_t
		if syscall.Statfs(dir, &st) == nil {
			return int64(st.Bavail) * int64(st.Bsize), true
		}
		up := filepath.Dir(dir)
		if up == dir {
			return 0, false
		}
		dir = up
	}
}
