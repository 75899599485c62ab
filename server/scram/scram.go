// Package scram is the server's side of the SCRAM-SHA-256 password exchange (RFC 5802 and RFC 7677), as PostgreSQL
// speaks it, with and without channel binding: the password never crosses the wire, and the server keeps no copy of it.
package scram

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"strings"

	"github.com/xdg-go/scram"
)

// The names under which the exchange is offered. Plus is tied to the TLS connection, so that nobody in between can pass
// it on.
const (
	Mechanism = "SCRAM-SHA-256"
	Plus      = "SCRAM-SHA-256-PLUS"
)

// ErrPassword is returned by Finish for a wrong password.
var ErrPassword = errors.New("the password is wrong")

// ErrBinding is returned by Finish when the client has spoken to a server with another certificate.
var ErrBinding = errors.New("SCRAM channel binding check failed")

// Binding is what ties an exchange to a TLS connection. The zero value is that of a connection without TLS.
type Binding struct{ b scram.ChannelBinding }

// EndPoint is the binding tls-server-end-point (RFC 5929) for a server's certificate. Where the certificate's signature
// has no hash of its own, as with Ed25519, it is the zero value: PostgreSQL does not define the binding then.
func EndPoint(cert *x509.Certificate) Binding {
	b, err := scram.NewTLSServerEndpointBinding(&tls.ConnectionState{PeerCertificates: []*x509.Certificate{cert}})
	if err != nil {
		return Binding{}
	}
	return Binding{b}
}

// Mechanisms lists what a server offers on a connection with this binding, the best first.
func (b Binding) Mechanisms() []string {
	if b.b.IsSupported() {
		return []string{Plus, Mechanism}
	}
	return []string{Mechanism}
}

// Exchange is one client's attempt to log in.
type Exchange struct {
	conversation *scram.ServerConversation
}

// Start takes the client's choice of mechanism and its first message, and returns the exchange with the server's first
// message.
func (v *Verifier) Start(b Binding, mechanism string, clientFirst []byte) (*Exchange, []byte, error) {
	return v.start(b, mechanism, string(clientFirst), nil)
}

// start is Start with a source of nonces; nil makes random ones.
func (v *Verifier) start(b Binding, mechanism, message string, nonce func() string) (*Exchange, []byte, error) {
	if bound := strings.HasPrefix(message, "p="); bound != (mechanism == Plus) {
		return nil, nil, fmt.Errorf("the client chose %s, but its first SCRAM message is not of that kind", mechanism)
	}
	srv, err := scram.SHA256.NewServer(func(string) (scram.StoredCredentials, error) { // the name is that of the startup message
		return scram.StoredCredentials{KeyFactors: scram.KeyFactors{Salt: string(v.salt), Iters: v.iterations},
			StoredKey: v.storedKey, ServerKey: v.serverKey}, nil
	})
	if err != nil {
		return nil, nil, err
	}
	if nonce != nil {
		srv = srv.WithNonceGenerator(nonce)
	}
	e := &Exchange{conversation: srv.NewConversationWithChannelBinding(b.b)}
	first, err := e.conversation.Step(message)
	if err != nil {
		return nil, nil, fmt.Errorf("the client's first SCRAM message is not right: %w", err)
	}
	if e.conversation.AuthzID() != "" {
		return nil, nil, errors.New("the client asks for another authorization identity, which is not supported")
	}
	return e, []byte(first), nil
}

// Finish takes the client's last message, which proves that it knows the password, and returns the server's last
// message, which proves that the server does too. A wrong password is ErrPassword.
func (e *Exchange) Finish(clientFinal []byte) ([]byte, error) {
	last, err := e.conversation.Step(string(clientFinal))
	switch {
	case err == nil && e.conversation.Valid():
		return []byte(last), nil
	case last == scram.ErrInvalidProof:
		return nil, ErrPassword
	case last == scram.ErrChannelBindingsDontMatch:
		return nil, ErrBinding
	}
	return nil, fmt.Errorf("the client's last SCRAM message is not right: %w", err)
}
