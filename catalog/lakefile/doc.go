// Package lakefile reads lake.yaml, in which a user says what the catalog is to find in a lake. It checks all that can be
// checked without the lake, and tells every mistake with its line.
package lakefile
