//go:build !linux && !darwin

package storage

import "io/fs"

// identityOf knows only size and time here: device and inode stay zero, so links to directories are not followed.
func identityOf(info fs.FileInfo) Identity {
	return Identity{Size: info.Size(), MtimeNS: info.ModTime().UnixNano()}
}
