package server

import (
	"fmt"
	"log/slog"
	"net"
	"slices"
	"time"

	"tarn/server/scram"
	"tarn/server/tlscert"
	"tarn/server/users"
)

// Options configure a Server.
type Options struct {
	// Password that clients must give, whatever their user name. Not together with Users.
	Password string
	// Users who may log in; nil is nobody. Without a Password and as long as there are no users, everyone on this machine
	// is let in: Serve then refuses listeners that are not on a loopback address.
	Users *users.Live
	// TLS says what is encrypted; empty is TLSOff.
	TLS TLSMode
	// Certificate for TLS, needed unless that is off.
	Certificate *tlscert.Source
	// Databases are the names that clients may connect to, besides their own user name; none means all.
	Databases []string
	// MaxConnections is how many clients may be logged in at once; 0 means 100. More get SQLSTATE 53300.
	MaxConnections int
	// LoginTimeout is how long a client may take to log in; 0 means a minute, PostgreSQL's authentication_timeout.
	LoginTimeout time.Duration
	Version      string       // of the program, shown in server_version and version()
	Log          *slog.Logger // nil discards
}

// withDefaults fills in what is not given.
func (o Options) withDefaults() Options {
	if o.MaxConnections <= 0 {
		o.MaxConnections = defaultConnections
	}
	if o.LoginTimeout <= 0 {
		o.LoginTimeout = time.Minute
	}
	if o.TLS == "" {
		o.TLS = TLSOff
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

// asks reports whether clients must prove a password.
func (o *Options) asks() bool { return o.Password != "" || o.Users != nil && o.Users.Asked() }

// knows returns PostgreSQL's error for a database that is not there. A client that names none sends its user's name.
func (o *Options) knows(database, user string) error {
	if len(o.Databases) == 0 || database == user || slices.Contains(o.Databases, database) {
		return nil
	}
	return &failure{code: "3D000", message: fmt.Sprintf("database %q does not exist", database), fatal: true,
		hint: fmt.Sprintf("The lake is the database %q.", o.Databases[0])}
}

// verifierOf is what a client's proof is held against: that of the one password, or of the user.
func (s *Server) verifierOf(user string) (*scram.Verifier, error) {
	if s.opts.Password != "" {
		return s.password()
	}
	return s.opts.Users.Find(user), nil
}

// CheckListen returns an error if a server must not listen on addr (host:port): unless clients are asked for a password
// only loopback addresses are allowed.
func CheckListen(addr string, asks bool) error {
	if asks || isLoopback(addr) {
		return nil
	}
	if _, _, err := net.SplitHostPort(addr); err != nil {
		return fmt.Errorf("the address %q to listen on is not host:port: %w", addr, err)
	}
	return fmt.Errorf("refusing to listen on %s without a password: everyone who reaches this address could read the lake. "+
		"Make a user (tarn user add NAME) or set a password (TARN_PASSWORD or --password-file), or listen on 127.0.0.1", addr)
}

// isLoopback reports whether only this machine reaches addr (host:port).
func isLoopback(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	ip := net.ParseIP(host)
	return err == nil && (host == "localhost" || ip != nil && ip.IsLoopback())
}
