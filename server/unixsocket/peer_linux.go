package unixsocket

import (
	"fmt"
	"net"

	"golang.org/x/sys/unix"
)

// Peer returns the ID of the user at the other end of a connection by Unix socket, as the kernel knows it.
func Peer(c *net.UnixConn) (uid int, err error) {
	raw, err := c.SyscallConn()
	if err != nil {
		return 0, fmt.Errorf("ask for the peer's credentials: %w", err)
	}
	var cred *unix.Ucred
	var failed error
	err = raw.Control(func(fd uintptr) { cred, failed = unix.GetsockoptUcred(int(fd), unix.SOL_SOCKET, unix.SO_PEERCRED) })
	if err == nil {
		err = failed
	}
	if err != nil {
		return 0, fmt.Errorf("ask for the peer's credentials: %w", err)
	}
	return int(cred.Uid), nil
}
