// Package pgvalue knows PostgreSQL's types: which OID stands for which SQL type, and how values are written in the text
// and binary formats of the wire, in results and in parameters. It does not know messages or connections.
package pgvalue
