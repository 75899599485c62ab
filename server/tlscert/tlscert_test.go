package tlscert

import (
	"bytes"
	"crypto/x509"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestSelfMade(t *testing.T) {
	dir, log := t.TempDir(), slog.New(slog.DiscardHandler)
	first, made, err := SelfMade(dir, log)
	if err != nil || !made {
		t.Fatalf("made %v, %v", made, err)
	}
	second, made, err := SelfMade(dir, log)
	if err != nil || made || second.Fingerprint() != first.Fingerprint() {
		t.Fatalf("a second call makes another: %v, %v", made, err)
	}
	if info, err := os.Stat(filepath.Join(dir, keyName)); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key: %v, %v", info, err)
	}
	leaf := first.Current().Leaf
	roots := x509.NewCertPool()
	roots.AddCert(leaf)
	host, _ := os.Hostname()
	for _, name := range []string{"localhost", "127.0.0.1", "::1", host} {
		if _, err := leaf.Verify(x509.VerifyOptions{Roots: roots, DNSName: name}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if f := first.Fingerprint(); len(f) != 32*3-1 || strings.ToUpper(f) != f {
		t.Errorf("fingerprint %s", f)
	}
	if err := os.Remove(filepath.Join(dir, keyName)); err != nil {
		t.Fatal(err)
	}
	if _, _, err := SelfMade(dir, log); err == nil || !strings.Contains(err.Error(), "remove both") {
		t.Errorf("a certificate without its key: %v", err)
	}
}

func TestLoad(t *testing.T) {
	dir := t.TempDir()
	cert, key := filepath.Join(dir, "c.pem"), filepath.Join(dir, "k.pem")
	if _, err := Load(cert, key, nil); err == nil || !strings.Contains(err.Error(), cert) {
		t.Errorf("no file: %v", err)
	}
	if err := create(cert, key); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(key, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(cert, key, nil); err == nil || !strings.Contains(err.Error(), "chmod 600") {
		t.Errorf("a key for all to read: %v", err)
	}
	if _, err := Load(key, cert, nil); err == nil {
		t.Error("certificate and key changed places, and nobody minds")
	}
}

// TestReload changes the files under a server's hands.
func TestReload(t *testing.T) {
	dir := t.TempDir()
	var said bytes.Buffer
	s, _, err := SelfMade(dir, slog.New(slog.NewTextHandler(&said, nil)))
	if err != nil {
		t.Fatal(err)
	}
	was := s.Fingerprint()
	if err := create(filepath.Join(dir, certName), filepath.Join(dir, keyName)); err != nil {
		t.Fatal(err)
	}
	if s.Fingerprint() != was {
		t.Error("the files are read again within a second")
	}
	s.checked = time.Time{}
	is := s.Fingerprint()
	if is == was {
		t.Error("a new certificate is not seen")
	}
	if err := os.WriteFile(filepath.Join(dir, certName), []byte("nonsense"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.Reload()
	if s.Fingerprint() != is || !strings.Contains(said.String(), "stays as it was") {
		t.Errorf("a wrong file: said %s", said.String())
	}
}
