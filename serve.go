package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"tarn/catalog"
	"tarn/server"
)

// serveCommand serves a lake over the PostgreSQL protocol.
func (p *program) serveCommand() *cobra.Command {
	var listen, passwordFile string
	var drain time.Duration
	cmd := &cobra.Command{
		Use:   "serve [DIR]",
		Short: "Serve the lake in DIR over the PostgreSQL protocol",
		Long: "Serve the lake in DIR over the PostgreSQL protocol, for psql, drivers and BI tools.\n\n" +
			"On a loopback address anyone on this machine may connect. Any other address needs a password, from\n" +
			"--password-file or the environment variable TARN_PASSWORD. SIGINT and SIGTERM let running statements finish.",
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			password, err := readPassword(passwordFile)
			if err != nil {
				return err
			}
			return p.serve(cmd.Context(), dirOf(args), listen, password, drain)
		},
	}
	p.addCacheSize(cmd)
	cmd.Flags().StringVar(&listen, "listen", "127.0.0.1:5433", "`address` to listen on, host:port")
	cmd.Flags().StringVar(&passwordFile, "password-file", "", "`file` whose first line is the password that clients must give")
	cmd.Flags().DurationVar(&drain, "drain", 30*time.Second, "how long running statements may go on after a signal to stop")
	return cmd
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
	password, _, _ := strings.Cut(string(text), "\n")
	password = strings.TrimSuffix(password, "\r")
	if password == "" {
		return "", fmt.Errorf("read the password: the first line of %s is empty", file)
	}
	return password, nil
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
func (p *program) serve(ctx context.Context, dir, listen, password string, drain time.Duration) error {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := server.CheckListen(listen, password); err != nil {
		return err
	}
	p.background = true
	l, err := p.openLake(ctx, dir)
	if err != nil {
		return err
	}
	defer l.close()
	defer l.watch(context.WithoutCancel(ctx), p.logCrawl)()
	listener, err := net.Listen("tcp", listen)
	if err != nil {
		return fmt.Errorf("listen on %s: %w", listen, err)
	}
	srv := server.New(func(ctx context.Context) (server.Session, error) {
		if _, err := l.cat.RefreshSettled(ctx); err != nil { // a new connection sees the lake as it is now
			p.logger().Warn("cannot crawl the lake for a new connection", "error", err)
		}
		return l.db.NewSession(ctx)
	},
		server.Options{Password: password, Version: programVersion(), Log: p.logger()})
	l.db.PostgresCatalog().Attach(srv.CatalogHooks())
	served := make(chan error, 1)
	go func() { served <- srv.Serve(context.WithoutCancel(ctx), listener) }()
	fmt.Fprintf(p.stderr, "tarn: ready, listening on %s\n", listener.Addr())
	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	stop() // a second signal ends the program at once
	fmt.Fprintln(p.stderr, "tarn: stopping, waiting for running statements")
	deadline, cancel := context.WithTimeout(context.WithoutCancel(ctx), drain)
	defer cancel()
	if err := srv.Shutdown(deadline); err != nil {
		return fmt.Errorf("stop: %w", err)
	}
	return <-served
}
