//go:build !unix

package lineedit

// onResize does nothing where no signal tells of a terminal's size; the next text that is read sees it.
func onResize(func()) (stop func()) { return func() {} }
