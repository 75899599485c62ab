// Package clients runs real PostgreSQL clients against a server, each by a scenario that its users would write. It has tests only.
package clients
