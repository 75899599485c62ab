// Package viewfile keeps the views and schemas that users made in a lake, in one file of the state directory that several
// processes read and change.
package viewfile
