package storage

import (
	"slices"
	"syscall"
)

// remoteKinds are the kinds of file systems, as statfs(2) numbers them, whose files others can change without the kernel knowing:
// NFS, SMB, CIFS, SMB2, FUSE, 9p, Ceph, AFS, Coda, NCP, Lustre, GPFS.
var remoteKinds = []uint32{0x6969, 0x517b, 0xff534d42, 0xfe534d42, 0x65735546, 0x01021997, 0x00c36400, 0x5346414f, 0x73757245, 0x564c, 0x0bd00bd0, 0x47504653}

// Local reports whether a folder lies on a file system of which the kernel sees every change.
func (r *Root) Local(dir string) bool {
	var st syscall.Statfs_t
	if err := syscall.Statfs(r.Abs(dir), &st); err != nil {
		return false
	}
	return !slices.Contains(remoteKinds, uint32(st.Type))
}
