package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"tarn/catalog"
	"tarn/server"
	"tarn/server/tlscert"
	"tarn/server/unixsocket"
	"tarn/server/users"
	"tarn/storage"
)

// doors is who may connect to a server, and how.
type doors struct {
	options server.Options
	made    bool // the certificate is one of tarn's own
}

// openDoors reads users, password and certificate.
func (p *program) openDoors(dir string, s serving) (*doors, error) {
	if s.maxConnections < 1 {
		return nil, fmt.Errorf("--max-connections %d: a server needs a place for one client at least", s.maxConnections)
	}
	root, err := storage.Open(dir)
	if err != nil {
		return nil, fmt.Errorf("open the lake: %w", err)
	}
	login, err := catalog.LoginDir(root, p.state)
	if err != nil {
		return nil, err
	}
	d := &doors{options: server.Options{Version: programVersion(), Log: p.logger(), MaxConnections: s.maxConnections, Databases: databases(root)}}
	if d.options.Password, err = readPassword(s.passwordFile); err != nil {
		return nil, err
	}
	if err := d.openUsers(login, s.users); err != nil {
		return nil, err
	}
	asks := d.options.Password != "" || d.options.Users != nil && d.options.Users.Asked()
	if err := server.CheckListen(s.listen, asks); err != nil {
		return nil, err
	}
	return d, d.openTLS(login, s)
}

// databases are the names under which clients find the lake: its own, that of its folder or file, and those that tools
// connect to before they know better.
func databases(root *storage.Root) []string {
	name := filepath.Base(root.Dir())
	if file := root.Single(); file != "" {
		name, _, _ = strings.Cut(filepath.Base(file), ".")
	}
	return []string{name, "lake", "tarn", "postgres"}
}

// openUsers reads the file of users, unless there is one password for all.
func (d *doors) openUsers(login, named string) error {
	file, must := named, named != ""
	if !must {
		file = filepath.Join(login, users.FileName)
	}
	secret, err := loginSecret(login)
	if err != nil {
		return err
	}
	live, err := users.Open(file, must, secret, d.options.Log)
	if err != nil {
		return err
	}
	if d.options.Password == "" {
		d.options.Users = live
	} else if live.Asked() {
		return fmt.Errorf("there are users in %s and one password for all names (--password-file or TARN_PASSWORD); keep one of the two", file)
	}
	return nil
}

// loginSecret is what makes users who do not exist look like those who do; it is made once, lest restarts tell.
func loginSecret(login string) ([]byte, error) {
	name := filepath.Join(login, "secret")
	secret, err := os.ReadFile(name)
	if err == nil && len(secret) >= 32 {
		return secret, nil
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read the secret for logins: %w", err)
	}
	secret = make([]byte, 32)
	rand.Read(secret)
	if err := os.WriteFile(name, secret, 0o600); err != nil {
		return nil, fmt.Errorf("write the secret for logins: %w", err)
	}
	return secret, nil
}

// openTLS reads or makes the certificate.
func (d *doors) openTLS(login string, s serving) (err error) {
	d.options.TLS = server.TLSMode(s.tls)
	switch d.options.TLS {
	case server.TLSOff:
		if s.cert != "" || s.key != "" {
			return errors.New("--tls off takes no certificate; leave out --tls-cert and --tls-key, or say --tls allow or require")
		}
		return nil
	case server.TLSAllow, server.TLSRequire:
	default:
		return fmt.Errorf("--tls %s: there are off, allow and require", s.tls)
	}
	if (s.cert == "") != (s.key == "") {
		return errors.New("--tls-cert and --tls-key go together: a certificate and its key")
	}
	if s.cert != "" {
		d.options.Certificate, err = tlscert.Load(s.cert, s.key, d.options.Log)
		return err
	}
	d.made = true
	d.options.Certificate, _, err = tlscert.SelfMade(login, d.options.Log)
	return err
}

// listen makes the listeners: TCP first.
func listen(s serving) ([]net.Listener, error) {
	mode, err := strconv.ParseUint(s.socketMode, 8, 9)
	if err != nil {
		return nil, fmt.Errorf("--socket-mode %s is no octal mode such as 0700", s.socketMode)
	}
	tcp, err := net.Listen("tcp", s.listen)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", s.listen, err)
	}
	all := []net.Listener{tcp}
	if s.socket != "" {
		unix, err := unixsocket.Listen(s.socket, tcp.Addr().(*net.TCPAddr).Port, fs.FileMode(mode))
		if err != nil {
			closeAll(all)
			return nil, err
		}
		all = append(all, unix)
	}
	return all, nil
}

// announce says who may connect, and that the server is ready.
func (d *doors) announce(w io.Writer, listeners []net.Listener) {
	o, address := &d.options, listeners[0].Addr().String()
	if o.Password == "" && !o.Users.Asked() {
		fmt.Fprintln(w, `tarn: everyone on this machine may connect without a password; "tarn user add NAME" makes a user, and ends that`)
	}
	if o.TLS != server.TLSOff {
		whose := ""
		if d.made {
			whose = ", made by tarn"
		}
		fmt.Fprintf(w, "tarn: TLS %s, certificate %s%s, SHA-256 %s\n", o.TLS, o.Certificate.File(), whose, o.Certificate.Fingerprint())
	}
	if o.TLS != server.TLSRequire && server.CheckListen(address, false) != nil {
		fmt.Fprintln(w, "tarn: other machines can connect without encryption; --tls require ends that")
	}
	for _, l := range listeners[1:] {
		fmt.Fprintf(w, "tarn: listening on the socket %s\n", l.Addr())
	}
	fmt.Fprintf(w, "tarn: ready, listening on %s\n", address)
}

// reloadOnSignal reads users and certificate again when SIGHUP comes, until stop is called. If SIGHUP comes because the
// terminal was closed, it calls quit.
func (d *doors) reloadOnSignal(stderr io.Writer, quit func()) (stop func()) {
	hup, done := make(chan os.Signal, 1), make(chan struct{})
	signal.Notify(hup, syscall.SIGHUP)
	terminal := isTerminal(stderr)
	go func() {
		for {
			select {
			case <-hup:
				if terminal && !isTerminal(stderr) {
					quit()
					return
				}
				d.reload()
			case <-done:
				return
			}
		}
	}()
	return func() {
		signal.Stop(hup)
		close(done)
	}
}

// reload reads users and certificate again.
func (d *doors) reload() {
	if d.options.Users != nil {
		d.options.Users.Reload()
	}
	if d.options.Certificate != nil {
		d.options.Certificate.Reload()
	}
}

// readPassword returns the password from the file, or from the environment; empty if there is none.
func readPassword(file string) (string, error) {
	if file == "" {
		return os.Getenv("TARN_PASSWORD"), nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return "", fmt.Errorf("read the password: %w", err)
	}
	password := firstLine(string(text))
	if password == "" {
		return "", fmt.Errorf("read the password: the first line of %s is empty", file)
	}
	return password, nil
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return strings.TrimSuffix(line, "\r")
}
