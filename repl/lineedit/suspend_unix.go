//go:build unix

package lineedit

import (
	"os"
	"os/signal"
	"syscall"
	"time"
)

// stopWait is how long the program waits to be stopped: where no shell controls jobs, it is not.
const stopWait = 300 * time.Millisecond

// stopUntilContinued stops the job, as the terminal would at Ctrl-Z, until the shell lets it go on.
func stopUntilContinued() {
	goes := make(chan os.Signal, 1)
	signal.Notify(goes, syscall.SIGCONT)
	defer signal.Stop(goes)
	if err := syscall.Kill(0, syscall.SIGTSTP); err != nil {
		return
	}
	select {
	case <-goes:
	case <-time.After(stopWait):
	}
}
