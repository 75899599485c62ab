package tlscert

import (
	"crypto/sha256"
	"crypto/tls"
	"fmt"
	"log/slog"
	"os"
	"runtime"
	"strings"
	"sync"
	"time"
)

// Source gives the certificate to use now. It is safe for concurrent use.
type Source struct {
	certFile, keyFile string
	log               *slog.Logger

	mu      sync.Mutex
	cert    *tls.Certificate
	seen    [2]os.FileInfo // of what was read last, right or wrong
	checked time.Time      // when the files were looked at
}

// checkEvery is how often the files are looked at, at most.
const checkEvery = time.Second

// Load reads a certificate, with its chain, and its key: PEM files.
func Load(certFile, keyFile string, log *slog.Logger) (*Source, error) {
	s := &Source{certFile: certFile, keyFile: keyFile, log: log}
	if err := s.read(); err != nil {
		return nil, err
	}
	return s, nil
}

// read takes what the files hold; after an error the certificate stays as it was.
func (s *Source) read() error {
	s.checked = time.Now()
	for i, name := range []string{s.certFile, s.keyFile} {
		info, err := os.Stat(name)
		s.seen[i] = info
		if err != nil {
			return fmt.Errorf("read the TLS certificate: %w", err)
		}
	}
	if mode := s.seen[1].Mode().Perm(); runtime.GOOS != "windows" && mode&0o037 != 0 {
		return fmt.Errorf("read the TLS key: others may read or change %s (mode %04o); run: chmod 600 %s", s.keyFile, mode, s.keyFile)
	}
	cert, err := tls.LoadX509KeyPair(s.certFile, s.keyFile)
	if err != nil {
		return fmt.Errorf("read the TLS certificate %s with the key %s: %w; both are to be PEM files, the key without a password", s.certFile, s.keyFile, err)
	}
	if now := time.Now(); now.After(cert.Leaf.NotAfter) || now.Before(cert.Leaf.NotBefore) {
		return fmt.Errorf("the TLS certificate %s is valid from %s to %s, not now; get a new one", s.certFile,
			cert.Leaf.NotBefore.Format(time.RFC3339), cert.Leaf.NotAfter.Format(time.RFC3339))
	}
	s.cert = &cert
	return nil
}

// Reload reads the files, changed or not. The certificate stays as it was if they are wrong, which is logged.
func (s *Source) Reload() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reload()
}

func (s *Source) reload() {
	if err := s.read(); err != nil {
		s.log.Warn("the TLS certificate stays as it was", "error", err)
	}
}

// Current returns the certificate, which may not be changed; its Leaf is set.
func (s *Source) Current() *tls.Certificate {
	s.mu.Lock()
	defer s.mu.Unlock()
	if time.Since(s.checked) >= checkEvery {
		s.checked = time.Now()
		for i, name := range []string{s.certFile, s.keyFile} {
			info, err := os.Stat(name)
			if old := s.seen[i]; (err == nil) != (old != nil) || err == nil && !(os.SameFile(info, old) && info.ModTime().Equal(old.ModTime()) && info.Size() == old.Size()) {
				s.reload()
				break
			}
		}
	}
	return s.cert
}

// File is the file of the certificate, which clients may take for their sslrootcert if it is self-signed.
func (s *Source) File() string { return s.certFile }

// Fingerprint is the SHA-256 of the certificate, as openssl x509 -fingerprint -sha256 writes it.
func (s *Source) Fingerprint() string {
	sum := sha256.Sum256(s.Current().Leaf.Raw)
	return strings.ReplaceAll(fmt.Sprintf("% X", sum[:]), " ", ":")
}
