package scram

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xdg-go/scram"
)

// TestRFC7677 plays the example of RFC 7677, section 3.
func TestRFC7677(t *testing.T) {
	salt, _ := base64.StdEncoding.DecodeString("W22ZaJ0SNY7soEsUEjb6gQ==")
	v, err := newVerifier("pencil", salt, 4096)
	if err != nil {
		t.Fatal(err)
	}
	nonce := func() string { return "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0" }
	final := "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p="
	begin := func() *Exchange {
		e, first, err := v.start(Binding{}, Mechanism, "n,,n=user,r=rOprNGfwEbeRWgbNEkqO", nonce)
		if err != nil {
			t.Fatal(err)
		}
		if want := "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"; string(first) != want {
			t.Fatalf("server first\n got %s\nwant %s", first, want)
		}
		return e
	}
	last, err := begin().Finish([]byte(final + "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="))
	if err != nil || string(last) != "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=" {
		t.Fatalf("server final %q, %v", last, err)
	}
	if _, err := begin().Finish([]byte(final + "eHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=")); !errors.Is(err, ErrPassword) {
		t.Errorf("a wrong proof: %v", err)
	}
}

func TestRefused(t *testing.T) {
	v, err := NewVerifier("secret")
	if err != nil {
		t.Fatal(err)
	}
	for _, first := range []string{"", "n", "n,,", "n,,n=a", "n,,r=abc,n=a", "n,a=other,n=a,r=abc", "p=tls-unique,,n=a,r=abc", "n,,m=x,n=a,r=abc"} {
		if _, _, err := v.Start(Binding{}, Mechanism, []byte(first)); err == nil {
			t.Errorf("client first %q is taken", first)
		}
	}
	for _, final := range []string{"", "c=biws,r=%,p=", "c=biws,r=abc,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=", "c=eSws,r=%,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="} {
		e, first, err := v.Start(Binding{}, Mechanism, []byte("n,,n=a,r=abc"))
		if err != nil {
			t.Fatal(err)
		}
		nonce, _, _ := strings.Cut(string(first)[2:], ",")
		if _, err := e.Finish([]byte(strings.ReplaceAll(final, "%", nonce))); err == nil || errors.Is(err, ErrPassword) {
			t.Errorf("client final %q: %v", final, err)
		}
	}
}

// certificate makes a self-signed certificate for a key.
func certificate(t *testing.T, public, private any) *x509.Certificate {
	t.Helper()
	draft := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, draft, draft, public, private)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return cert
}

// TestBinding logs in with and without channel binding, and with that of another server.
func TestBinding(t *testing.T) {
	own, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	other, _ := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	here, there := EndPoint(certificate(t, own.Public(), own)), EndPoint(certificate(t, other.Public(), other))
	public, private, _ := ed25519.GenerateKey(rand.Reader)
	if m := EndPoint(certificate(t, public, private)).Mechanisms(); !slices.Equal(m, []string{Mechanism}) {
		t.Errorf("Ed25519 offers %v", m)
	}
	if m := here.Mechanisms(); !slices.Equal(m, []string{Plus, Mechanism}) {
		t.Errorf("ECDSA offers %v", m)
	}
	for _, c := range []struct {
		name      string
		client    *Binding // nil: the client does without
		mechanism string
		want      error
	}{
		{"bound", &here, Plus, nil}, {"without", nil, Mechanism, nil}, {"relayed", &there, Plus, ErrBinding},
	} {
		if err := logIn(t, "secret", c.mechanism, here, c.client); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
	for first, mechanism := range map[string]string{"y,,n=,r=abc": Mechanism, "n,,n=,r=abc": Plus, "p=tls-server-end-point,,n=,r=abc": Mechanism, "p=tls-exporter,,n=,r=abc": Plus} {
		v, _ := NewVerifier("secret")
		if _, _, err := v.Start(here, mechanism, []byte(first)); err == nil {
			t.Errorf("%s by %s is taken", first, mechanism)
		}
	}
}

// logIn plays both sides.
func logIn(t *testing.T, password, mechanism string, server Binding, client *Binding) error {
	t.Helper()
	v, err := NewVerifier("secret")
	if err != nil {
		t.Fatal(err)
	}
	if v, err = ParseVerifier(v.String()); err != nil {
		t.Fatal(err)
	}
	c, err := scram.SHA256.NewClient("", password, "")
	if err != nil {
		t.Fatal(err)
	}
	side := c.NewConversation()
	if client != nil {
		side = c.NewConversationWithChannelBinding(client.b)
	}
	message, _ := side.Step("")
	e, first, err := v.Start(server, mechanism, []byte(message))
	if err != nil {
		return err
	}
	if message, err = side.Step(string(first)); err != nil {
		t.Fatal(err)
	}
	last, err := e.Finish([]byte(message))
	if err == nil {
		if _, err := side.Step(string(last)); err != nil || !side.Valid() {
			t.Errorf("the client does not believe the server: %v", err)
		}
	}
	return err
}

// TestPostgres reads what PostgreSQL 15 keeps of passwords (pg_authid.rolpassword), and comes to the same.
func TestPostgres(t *testing.T) {
	for password, kept := range map[string]string{
		"sésame":              "SCRAM-SHA-256$4096:DQqPhPp8fsRBZMiPzxPpbQ==$oXCfQKHa+OD/GAW9qpldDioPiRxE7/tthjvvUsCOoCY=:9uLcNTQtdiXIhjnhax0nlC0JkHS194JM/qndJl4t3lM=",
		"a\u00a0b \U0001f600": "SCRAM-SHA-256$4096:tDx67O92at8bvQaVI9gE7A==$3avagf0x4xpBLdKuNtWs7ReV06ugUdBgD8s8il3wK1k=:Hw5Ttu1ViTkaLyYJp5/Z6suArbQ1gh6CubZ/fAPpJ+A=",
		"I\u00adX \u2168":     "SCRAM-SHA-256$4096:M8FxyxWcWAPDw4mUrjhBGg==$7TcpEW4xGp8NiQtP9gtca83T6kwBq9SNHjBp9gprt08=:TiGPvIzZiTEvuc8kdyq21Hhcil9sQj5pFyc8aqzEpJg=",
	} {
		v, err := ParseVerifier(kept)
		if err != nil || v.String() != kept {
			t.Fatalf("%v becomes %v, %v", kept, v, err)
		}
		if own, err := newVerifier(password, v.salt, v.Iterations()); err != nil || own.String() != kept {
			t.Errorf("%q: %v, %v\nwant %v", password, own, err, kept)
		}
	}
}

func TestVerifier(t *testing.T) {
	const good = "SCRAM-SHA-256$4096:DQqPhPp8fsRBZMiPzxPpbQ==$oXCfQKHa+OD/GAW9qpldDioPiRxE7/tthjvvUsCOoCY=:9uLcNTQtdiXIhjnhax0nlC0JkHS194JM/qndJl4t3lM="
	for _, bad := range []string{"", "md5abc", strings.Replace(good, "4096", "0", 1), strings.Replace(good, "4096", "x", 1), strings.Replace(good, "DQ", "D", 1),
		good[:len(good)-4], strings.ReplaceAll(good, ":", ""), strings.Replace(good, "DQqPhPp8fsRBZMiPzxPpbQ==", "", 1)} {
		if _, err := ParseVerifier(bad); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
	a, b := Mock([]byte("key"), "ann", 4096), Mock([]byte("key"), "ann", 4096)
	if a.String() != b.String() || a.String() == Mock([]byte("key"), "bob", 4096).String() {
		t.Error("the mock verifier of a name is not the same each time, or that of another name")
	}
	if _, err := ParseVerifier(a.String()); err != nil {
		t.Errorf("a mock verifier has another form than a real one: %v", err)
	}
}

func TestPrepare(t *testing.T) {
	for in, want := range map[string]string{"pencil": "pencil", "I\u00adX": "IX", "\u00aa": "a", "a\u00a0b": "a b", "\u2168": "IX",
		"tab\there": "tab\there", "\xff\xfe": "\xff\xfe", "\u00ad": "\u00ad", "\U0001f600": "\U0001f600", "\u0627\u0031": "\u0627\u0031"} {
		if got := prepare(in); got != want {
			t.Errorf("prepare(%q) = %q, want %q", in, got, want)
		}
	}
}

// FuzzExchange sends arbitrary messages: nobody gets in, and nothing breaks.
func FuzzExchange(f *testing.F) {
	f.Add(Mechanism, "n,,n=,r=abc", "c=biws,r=abc,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=")
	f.Add(Plus, "p=tls-server-end-point,,n=,r=abc", "c=biws,r=,x=y,p=")
	key, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	draft := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, draft, draft, key.Public(), key)
	if err != nil {
		f.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		f.Fatal(err)
	}
	v := Mock([]byte("secret"), "ann", Iterations)
	f.Fuzz(func(t *testing.T, mechanism, first, final string) {
		e, answer, err := v.Start(EndPoint(cert), mechanism, []byte(first))
		if err != nil {
			return
		}
		nonce, _, _ := strings.Cut(string(answer)[2:], ",")
		if _, err := e.Finish([]byte(strings.Replace(final, "abc", nonce, 1))); err == nil {
			t.Errorf("%q, %q, %q: let in", mechanism, first, final)
		}
	})
}
