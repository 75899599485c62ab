package storage

import (
	"io/fs"
	"syscall"
)

// identityOf takes the identity from what stat(2) says.
func identityOf(info fs.FileInfo) Identity {
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return Identity{Size: info.Size(), MtimeNS: info.ModTime().UnixNano()}
	}
	return Identity{
		Device:  uint64(st.Dev),
		Inode:   st.Ino,
		Size:    st.Size,
		MtimeNS: st.Mtim.Nano(),
		CtimeNS: st.Ctim.Nano(),
	}
}
