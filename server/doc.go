// Package server speaks the PostgreSQL protocol, version 3, to clients, and runs their statements in sessions that it
// is given. It knows messages, logins, settings, encodings and SQLSTATEs; it does not know files or terminals.
//
// DESIGN.md beside this file says how a connection works and what was decided against.
package server
