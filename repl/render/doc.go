// Package render writes results of statements as text, one file for each format. It knows Arrow batches and SQL types,
// but neither the engine nor where the text goes.
package render
