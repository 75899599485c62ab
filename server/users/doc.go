// Package users keeps who may connect: a file of names and SCRAM verifiers, which tarn user edits and the server reads
// again when it changes. A line is NAME:VERIFIER, the verifier as PostgreSQL spells it; blank lines and those that begin
// with # are comments.
package users
