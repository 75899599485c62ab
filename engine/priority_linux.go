package engine

import "syscall"

// lowerPriority gives the calling thread the lowest priority, for good: the goroutine must keep its thread to the end.
func lowerPriority() {
	const lowest = 19
	// Without the right priority the work is done all the same.
	_ = syscall.Setpriority(syscall.PRIO_PROCESS, syscall.Gettid(), lowest)
}
