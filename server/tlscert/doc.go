// Package tlscert has the certificate that the server shows to TLS clients: one that it is given, or one that it makes
// itself and keeps in the state directory. Either is read again when its files change.
package tlscert
