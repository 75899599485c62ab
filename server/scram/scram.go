// Package scram is the server's side of the SCRAM-SHA-256 password exchange (RFC 5802 and RFC 7677), as PostgreSQL
// speaks it: the password never crosses the wire, and the server keeps no copy of it.
package scram

import (
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Mechanism is the name under which the exchange is offered.
const Mechanism = "SCRAM-SHA-256"

// Iterations is how often the password is hashed; PostgreSQL's default.
const Iterations = 4096

// ErrPassword is returned by Finish for a wrong password.
var ErrPassword = errors.New("the password is wrong")

// Verifier is what the server keeps of a password. It is safe for concurrent use.
type Verifier struct {
	salt, storedKey, serverKey []byte
}

// NewVerifier hashes a password with a new salt. It costs a few milliseconds.
func NewVerifier(password string) (*Verifier, error) {
	salt := make([]byte, 16)
	rand.Read(salt) // never fails
	salted, err := pbkdf2.Key(sha256.New, prepare(password), salt, Iterations, sha256.Size)
	if err != nil {
		return nil, fmt.Errorf("hash the password: %w", err)
	}
	stored := sha256.Sum256(mac(salted, "Client Key"))
	return &Verifier{salt: salt, storedKey: stored[:], serverKey: mac(salted, "Server Key")}, nil
}

// Exchange is one client's attempt to log in.
type Exchange struct {
	v           *Verifier
	header      string // the client's GS2 header, which its last message repeats
	nonce       string // the client's and the server's
	clientFirst string
	serverFirst string
}

// Start takes the client's first message and returns the exchange with the server's first message.
func (v *Verifier) Start(clientFirst []byte) (*Exchange, []byte, error) {
	nonce := make([]byte, 18)
	rand.Read(nonce)
	return v.start(string(clientFirst), base64.StdEncoding.EncodeToString(nonce))
}

func (v *Verifier) start(message, nonce string) (*Exchange, []byte, error) {
	parts := strings.SplitN(message, ",", 3) // n,,n=user,r=nonce
	if len(parts) != 3 || parts[0] != "n" && parts[0] != "y" || parts[1] != "" {
		return nil, nil, errors.New("the client's first SCRAM message asks for channel binding or another identity, or is malformed")
	}
	e := &Exchange{v: v, header: parts[0] + ",,", clientFirst: parts[2]}
	attributes := strings.Split(e.clientFirst, ",")
	if len(attributes) < 2 || !strings.HasPrefix(attributes[0], "n=") || len(attributes[1]) < 3 || !strings.HasPrefix(attributes[1], "r=") {
		return nil, nil, errors.New("the client's first SCRAM message lacks a name or a nonce")
	}
	e.nonce = attributes[1][2:] + nonce
	e.serverFirst = fmt.Sprintf("r=%s,s=%s,i=%d", e.nonce, base64.StdEncoding.EncodeToString(v.salt), Iterations)
	return e, []byte(e.serverFirst), nil
}

// Finish takes the client's last message, which proves that it knows the password, and returns the server's last
// message, which proves that the server does too. A wrong password is ErrPassword.
func (e *Exchange) Finish(clientFinal []byte) ([]byte, error) {
	message := string(clientFinal)
	at := strings.LastIndex(message, ",p=")
	if at < 0 {
		return nil, errors.New("the client's last SCRAM message has no proof")
	}
	unproven := message[:at]
	proof, err := base64.StdEncoding.DecodeString(message[at+len(",p="):])
	if err != nil || len(proof) != sha256.Size {
		return nil, errors.New("the proof in the client's last SCRAM message is malformed")
	}
	want := "c=" + base64.StdEncoding.EncodeToString([]byte(e.header)) + ",r=" + e.nonce
	if unproven != want && !strings.HasPrefix(unproven, want+",") {
		return nil, errors.New("the client's last SCRAM message does not continue the exchange")
	}
	auth := e.clientFirst + "," + e.serverFirst + "," + unproven
	signature := mac(e.v.storedKey, auth)
	for i := range proof { // the client's key, if the proof is right
		proof[i] ^= signature[i]
	}
	if key := sha256.Sum256(proof); !hmac.Equal(key[:], e.v.storedKey) {
		return nil, ErrPassword
	}
	return []byte("v=" + base64.StdEncoding.EncodeToString(mac(e.v.serverKey, auth))), nil
}

func mac(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return h.Sum(nil)
}

// prepare normalises a password as SASLprep does (RFC 4013): other spaces become a space, characters that are mapped to
// nothing go, and the rest takes the form NFKC.
func prepare(password string) string {
	mapped := strings.Map(func(r rune) rune {
		switch {
		case r == 0x00ad || r == 0x034f || r == 0x1806 || r >= 0x180b && r <= 0x180d || r >= 0x200b && r <= 0x200d ||
			r == 0x2060 || r >= 0xfe00 && r <= 0xfe0f || r == 0xfeff: // RFC 3454, table B.1
			return -1
		case r > unicode.MaxASCII && unicode.Is(unicode.Zs, r):
			return ' '
		}
		return r
	}, password)
	return norm.NFKC.String(mapped)
}
