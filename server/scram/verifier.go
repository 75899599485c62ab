package scram

import (
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/xdg-go/stringprep"
)

// Iterations is how often a new password is hashed; PostgreSQL's default.
const Iterations = 4096

// maxIterations bounds what a verifier may ask of clients: more would only be a typing error.
const maxIterations = 10_000_000

// Verifier is what the server keeps of a password. It is safe for concurrent use.
type Verifier struct {
	iterations                 int
	salt, storedKey, serverKey []byte
}

// NewVerifier hashes a password with a new salt. It costs a few milliseconds.
func NewVerifier(password string) (*Verifier, error) {
	salt := make([]byte, 16)
	rand.Read(salt) // never fails
	return newVerifier(password, salt, Iterations)
}

func newVerifier(password string, salt []byte, iterations int) (*Verifier, error) {
	salted, err := pbkdf2.Key(sha256.New, prepare(password), salt, iterations, sha256.Size)
	if err != nil {
		return nil, fmt.Errorf("hash the password: %w", err)
	}
	stored := sha256.Sum256(mac(salted, "Client Key"))
	return &Verifier{iterations: iterations, salt: salt, storedKey: stored[:], serverKey: mac(salted, "Server Key")}, nil
}

// Mock returns the verifier of a user who does not exist: no password proves right, yet a client cannot tell it from a
// real one, since it is the same each time as long as secret is.
func Mock(secret []byte, user string, iterations int) *Verifier {
	return &Verifier{iterations: iterations, salt: mac(secret, "salt "+user)[:16],
		storedKey: mac(secret, "stored "+user), serverKey: mac(secret, "server "+user)}
}

// ParseVerifier reads what String writes.
func ParseVerifier(text string) (*Verifier, error) {
	rest, ok := strings.CutPrefix(text, Mechanism+"$")
	factors, keys, both := strings.Cut(rest, "$")
	count, salt, salted := strings.Cut(factors, ":")
	stored, server, paired := strings.Cut(keys, ":")
	if !ok || !both || !salted || !paired {
		return nil, errors.New("a verifier has the form SCRAM-SHA-256$ITERATIONS:SALT$STOREDKEY:SERVERKEY")
	}
	v := &Verifier{}
	var err error
	if v.iterations, err = strconv.Atoi(count); err != nil || v.iterations < 1 || v.iterations > maxIterations {
		return nil, fmt.Errorf("%q is no number of iterations; PostgreSQL's is %d", count, Iterations)
	}
	for _, part := range []struct {
		name, text string
		size       int
		to         *[]byte
	}{{"salt", salt, 0, &v.salt}, {"stored key", stored, sha256.Size, &v.storedKey}, {"server key", server, sha256.Size, &v.serverKey}} {
		*part.to, err = base64.StdEncoding.DecodeString(part.text)
		if err != nil || len(*part.to) == 0 || part.size > 0 && len(*part.to) != part.size {
			return nil, fmt.Errorf("the verifier's %s is not base64 of the right length", part.name)
		}
	}
	return v, nil
}

// String spells the verifier as PostgreSQL does in pg_authid.rolpassword.
func (v *Verifier) String() string {
	text := base64.StdEncoding.EncodeToString
	return fmt.Sprintf("%s$%d:%s$%s:%s", Mechanism, v.iterations, text(v.salt), text(v.storedKey), text(v.serverKey))
}

// Iterations is how often the password was hashed.
func (v *Verifier) Iterations() int { return v.iterations }

func mac(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return h.Sum(nil)
}

// prepare normalises a password as SASLprep does (RFC 4013). Passwords that SASLprep refuses are taken as they are, which
// is what PostgreSQL and its clients agree on.
func prepare(password string) string {
	if !utf8.ValidString(password) {
		return password
	}
	prepared, err := stringprep.SASLprep.Prepare(password)
	if err != nil || prepared == "" {
		return password
	}
	return prepared
}
