// Package infer reads one file and says what it holds: columns, types proven on every row, statistics, row count,
// and how the text is written. It knows nothing of tables or of other files.
package infer
