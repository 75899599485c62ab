// Package sqltext reads SQL as text: it splits statements, finds names and parameters, and classifies statements by
// their first words, without parsing them.
package sqltext
