//go:build !unix

package lineedit

// stopUntilContinued does nothing: there are no jobs to stop.
func stopUntilContinued() {}
