package tlscert

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// The files of a certificate made here, in the state directory.
const (
	certName = "server.crt"
	keyName  = "server.key"
)

// lifetime of a certificate made here. Clients pin it; nobody is to be surprised by its end.
const lifetime = 10 * 365 * 24 * time.Hour

// SelfMade returns the self-signed certificate that is kept in dir. It is made if there is none, or if the one there has
// expired; made tells that.
func SelfMade(dir string, log *slog.Logger) (s *Source, made bool, err error) {
	certFile, keyFile := filepath.Join(dir, certName), filepath.Join(dir, keyName)
	if expired, err := isExpired(certFile); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, false, err
	} else if err != nil || expired {
		made = true
		if err := create(certFile, keyFile); err != nil {
			return nil, false, fmt.Errorf("make a TLS certificate: %w; give one with --tls-cert and --tls-key, or turn TLS off with --tls off", err)
		}
	}
	if s, err = Load(certFile, keyFile, log); err != nil {
		return nil, false, fmt.Errorf("%w; remove both files to have new ones made", err)
	}
	return s, made, nil
}

func isExpired(certFile string) (bool, error) {
	text, err := os.ReadFile(certFile)
	if err != nil {
		return false, err
	}
	if block, _ := pem.Decode(text); block != nil {
		if cert, err := x509.ParseCertificate(block.Bytes); err == nil {
			return time.Now().After(cert.NotAfter), nil
		}
	}
	return false, nil // Load says what is wrong with it
}

// create writes a new certificate and its key.
func create(certFile, keyFile string) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return err
	}
	draft := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: "Tarn"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(lifetime),
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true, IsCA: true, // so that clients can take it for their root
		DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback},
	}
	if host, err := os.Hostname(); err == nil && host != "" && !slices.Contains(draft.DNSNames, host) && net.ParseIP(host) == nil {
		draft.DNSNames = append(draft.DNSNames, host)
	}
	der, err := x509.CreateCertificate(rand.Reader, draft, draft, key.Public(), key)
	if err != nil {
		return err
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	// The key first: a certificate whose key is missing would never be made again.
	if err := replace(keyFile, "PRIVATE KEY", private, 0o600); err != nil {
		return err
	}
	return replace(certFile, "CERTIFICATE", der, 0o644)
}

// replace writes a PEM file aside and renames it.
func replace(name, kind string, der []byte, mode fs.FileMode) error {
	f, err := os.CreateTemp(filepath.Dir(name), filepath.Base(name)+".*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // fails once it is renamed
	err = errors.Join(f.Chmod(mode), pem.Encode(f, &pem.Block{Type: kind, Bytes: der}), f.Sync(), f.Close())
	if err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}
