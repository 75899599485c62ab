package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"tarn/catalog"
	"tarn/server"
)

// serving is what the flags of tarn serve say.
type serving struct {
	listen         string
	socket         string
	socketMode     string
	tls            string
	cert, key      string
	users          string
	passwordFile   string
	maxConnections int
	drain          time.Duration
}

// serveCommand serves a lake over the PostgreSQL protocol.
func (p *program) serveCommand() *cobra.Command {
	var s serving
	cmd := &cobra.Command{
		Use:   "serve [DIR]",
		Short: "Serve the lake in DIR over the PostgreSQL protocol",
		Long: `Serve the lake in DIR over the PostgreSQL protocol, for psql, drivers and BI tools.

Who may connect: on a loopback address everyone on this machine, until there are users. "tarn user add NAME"
makes one; from then on every client gives a user's name and password (SCRAM-SHA-256). One password for all
names, from --password-file or TARN_PASSWORD, takes the place of users. An address that other machines reach
needs one or the other. By --socket the user who runs the server comes in without a password.

Encryption: clients that ask for TLS get it, with a certificate that is made once and kept in the state
directory, or with yours (--tls-cert, --tls-key). --tls require refuses clients that do not ask.

SIGINT and SIGTERM let running statements finish. SIGHUP reads users and certificate again, which also happens
when their files change.`,
		Example: `  tarn serve examples/lake
  tarn user add ann examples/lake && tarn serve examples/lake --listen 0.0.0.0:5433 --tls require
  tarn serve examples/lake --socket /tmp        # psql -h /tmp -p 5433`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return p.serve(cmd.Context(), dirOf(args), s) },
	}
	p.addCacheSize(cmd)
	p.addCopyParquet(cmd)
	f := cmd.Flags()
	f.StringVar(&s.listen, "listen", "127.0.0.1:5433", "`address` to listen on, host:port")
	f.StringVar(&s.socket, "socket", "", "also listen on a Unix socket in this `directory`: .s.PGSQL.PORT, with the port of --listen")
	f.StringVar(&s.socketMode, "socket-mode", "0777", "`mode` of the Unix socket, octal; other users of this machine need a password as well")
	f.StringVar(&s.tls, "tls", "allow", "`mode` of encryption: off, allow (if the client asks) or require")
	f.StringVar(&s.cert, "tls-cert", "", "PEM `file` of the certificate and its chain (default: one made by tarn)")
	f.StringVar(&s.key, "tls-key", "", "PEM `file` of the certificate's key, without a password, for its owner's eyes only")
	f.StringVar(&s.users, "users", "", "`file` of the users that may log in (default: login/users in the state directory)")
	f.StringVar(&s.passwordFile, "password-file", "", "`file` whose first line is the one password for all names; instead of users")
	f.IntVar(&s.maxConnections, "max-connections", 100, "most `clients` at once; more get PostgreSQL's error 53300")
	f.DurationVar(&s.drain, "drain", 30*time.Second, "how long running statements may go on after a signal to stop")
	return cmd
}

// logCrawl logs what a crawl found while the server runs.
func (p *program) logCrawl(r *catalog.Report, err error) {
	if err != nil {
		p.logger().Warn("something is wrong with the lake", "error", err)
		return
	}
	p.logger().Info("the lake changed", "crawl", r.String())
}

// serve opens the lake and serves it until a signal comes.
func (p *program) serve(ctx context.Context, dir string, s serving) error {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	ctx, quit := context.WithCancel(ctx)
	defer quit()
	d, err := p.openDoors(dir, s)
	if err != nil {
		return err
	}
	p.background = true
	l, err := p.openLake(ctx, dir)
	if err != nil {
		return err
	}
	defer l.close()
	defer l.watch(context.WithoutCancel(ctx), p.logCrawl)()
	listeners, err := listen(s)
	if err != nil {
		return err
	}
	defer closeAll(listeners)
	defer d.reloadOnSignal(p.stderr, quit)()
	srv := server.New(func(ctx context.Context) (server.Session, error) {
		if _, err := l.cat.RefreshSettled(ctx); err != nil { // a new connection sees the lake as it is now
			p.logger().Warn("cannot crawl the lake for a new connection", "error", err)
		}
		return l.db.NewSession(ctx)
	}, d.options)
	l.db.PostgresCatalog().Attach(srv.CatalogHooks())
	served := make(chan error, len(listeners))
	for _, each := range listeners {
		go func() { served <- srv.Serve(context.WithoutCancel(ctx), each) }()
	}
	d.announce(p.stderr, listeners)
	select {
	case err := <-served: // the others end with the program
		return err
	case <-ctx.Done():
	}
	stop() // a second signal ends the program at once
	fmt.Fprintln(p.stderr, "tarn: stopping, waiting for running statements")
	deadline, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.drain)
	defer cancel()
	if err := srv.Shutdown(deadline); err != nil {
		return fmt.Errorf("stop: %w", err)
	}
	for range listeners {
		err = <-served
	}
	return err
}

// closeAll closes listeners; twice is harmless.
func closeAll(listeners []net.Listener) {
	for _, l := range listeners {
		l.Close()
	}
}
