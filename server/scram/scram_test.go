package scram

import (
	"crypto/pbkdf2"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"testing"
)

// TestRFC7677 plays the example of RFC 7677, section 3.
func TestRFC7677(t *testing.T) {
	salt, _ := base64.StdEncoding.DecodeString("W22ZaJ0SNY7soEsUEjb6gQ==")
	salted, err := pbkdf2.Key(sha256.New, "pencil", salt, Iterations, sha256.Size)
	if err != nil {
		t.Fatal(err)
	}
	stored := sha256.Sum256(mac(salted, "Client Key"))
	v := &Verifier{salt: salt, storedKey: stored[:], serverKey: mac(salted, "Server Key")}
	e, first, err := v.start("n,,n=user,r=rOprNGfwEbeRWgbNEkqO", "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0")
	if err != nil {
		t.Fatal(err)
	}
	if want := "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"; string(first) != want {
		t.Fatalf("server first\n got %s\nwant %s", first, want)
	}
	final := "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p="
	last, err := e.Finish([]byte(final + "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="))
	if err != nil || string(last) != "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=" {
		t.Fatalf("server final %q, %v", last, err)
	}
	if _, err := e.Finish([]byte(final + "eHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=")); !errors.Is(err, ErrPassword) {
		t.Errorf("a wrong proof: %v", err)
	}
}

func TestRefused(t *testing.T) {
	v, err := NewVerifier("secret")
	if err != nil {
		t.Fatal(err)
	}
	for _, first := range []string{"", "n", "n,,", "n,,n=a", "n,,r=abc,n=a", "n,a=other,n=a,r=abc", "p=tls-unique,,n=a,r=abc", "n,,n=a,r="} {
		if _, _, err := v.Start([]byte(first)); err == nil {
			t.Errorf("client first %q is taken", first)
		}
	}
	e, _, err := v.Start([]byte("n,,n=a,r=abc"))
	if err != nil {
		t.Fatal(err)
	}
	for _, final := range []string{"", "c=biws,r=abc,p=", "c=biws,r=abc,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=", "c=eSws,r=" + e.nonce + ",p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="} {
		if _, err := e.Finish([]byte(final)); err == nil || errors.Is(err, ErrPassword) {
			t.Errorf("client final %q: %v", final, err)
		}
	}
}

func TestPrepare(t *testing.T) {
	for in, want := range map[string]string{"pencil": "pencil", "I\u00adX": "IX", "\u00aa": "a", "a\u00a0b": "a b", "\u2168": "IX"} {
		if got := prepare(in); got != want {
			t.Errorf("prepare(%q) = %q, want %q", in, got, want)
		}
	}
}
