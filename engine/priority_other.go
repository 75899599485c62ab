//go:build !linux

package engine

// lowerPriority does nothing: only Linux has priorities of single threads.
func lowerPriority() {}
