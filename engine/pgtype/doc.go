// Package pgtype says which PostgreSQL type stands for which SQL type. Whatever tells clients of types reads this one
// table: row descriptions, pg_attribute, information_schema and format_type.
package pgtype
