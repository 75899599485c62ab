// Package lineedit reads statements of several lines from a terminal. readline keeps the terminal's mode, the loop of keys
// and the text being edited; its hooks are used to decode keys, to edit by lines and whole characters, and to draw.
package lineedit
