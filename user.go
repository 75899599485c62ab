package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"tarn/catalog"
	"tarn/server/scram"
	"tarn/server/users"
	"tarn/storage"
)

// errNoUser is what came of a name that is not in the file.
var errNoUser = errors.New("there is no such user; \"tarn user list\" shows those there are")

// userCommand edits who may connect to a lake's server.
func (p *program) userCommand() *cobra.Command {
	var file, passwordFile string
	cmd := &cobra.Command{
		Use:   "user",
		Short: "Add, list and remove the users that may connect to the server of a lake",
		Long: `Add, list and remove the users that may connect to "tarn serve".

Users are kept in a file with hashed passwords, in the form of PostgreSQL: NAME:SCRAM-SHA-256$... a line. It is
login/users in the state directory of the lake in DIR, or what --users names. A running server reads it again.

A new password is asked for twice on a terminal; else it is the first line of standard input, or of --password-file.`,
		Args: cobra.NoArgs,
	}
	cmd.PersistentFlags().StringVar(&file, "users", "", "`file` of the users (default: login/users in the state directory)")
	verb := func(use, short string, args cobra.PositionalArgs, do func(file string, args []string) error) *cobra.Command {
		c := &cobra.Command{Use: use, Short: short, Args: args, RunE: func(cmd *cobra.Command, args []string) error {
			path, err := p.usersFile(file, args, cmd.Name() == "list")
			if err != nil {
				return err
			}
			return do(path, args)
		}}
		cmd.AddCommand(c)
		return c
	}
	named := cobra.RangeArgs(1, 2)
	add := verb("add NAME [DIR]", "Add a user", named, func(path string, args []string) error { return p.setUser(path, args[0], passwordFile, false) })
	passwd := verb("passwd NAME [DIR]", "Change a user's password", named, func(path string, args []string) error { return p.setUser(path, args[0], passwordFile, true) })
	for _, c := range []*cobra.Command{add, passwd} {
		c.Flags().StringVar(&passwordFile, "password-file", "", "`file` whose first line is the password")
	}
	verb("remove NAME [DIR]", "Remove a user; connections that are open stay", named, func(path string, args []string) error { return p.removeUser(path, args[0]) })
	verb("list [DIR]", "List the users, one a line", cobra.MaximumNArgs(1), func(path string, _ []string) error { return p.listUsers(path) })
	return cmd
}

// usersFile is the file that --users names, or that of the lake in DIR, the last of the arguments.
func (p *program) usersFile(named string, args []string, list bool) (string, error) {
	dirs := args
	if !list {
		dirs = args[1:]
	}
	if named != "" {
		if len(dirs) > 0 {
			return "", errors.New("--users names the file of users; leave out DIR")
		}
		return named, nil
	}
	root, err := storage.Open(dirOf(dirs))
	if err != nil {
		return "", fmt.Errorf("open the lake: %w", err)
	}
	login, err := catalog.LoginDir(root, p.state)
	return filepath.Join(login, users.FileName), err
}

// setUser adds a user, or changes the password of one who is there.
func (p *program) setUser(file, name, passwordFile string, there bool) error {
	if err := users.CheckName(name); err != nil {
		return err
	}
	check := func(l *users.List) error {
		switch found := l.Find(name) != nil; {
		case there && !found:
			return fmt.Errorf("change the password of %q: %w", name, errNoUser)
		case !there && found:
			return fmt.Errorf("there is a user %q already; \"tarn user passwd %s\" changes the password", name, name)
		}
		return nil
	}
	if list, err := users.Read(file); err == nil { // before the password is asked for
		if err := check(list); err != nil {
			return err
		}
	} else if !errors.Is(err, fs.ErrNotExist) || there {
		return err
	}
	password, err := p.newPassword(name, passwordFile)
	if err != nil {
		return err
	}
	v, err := scram.NewVerifier(password)
	if err != nil {
		return err
	}
	err = users.Edit(file, func(l *users.List) error {
		if err := check(l); err != nil {
			return err
		}
		l.Set(name, v)
		return nil
	})
	if err == nil {
		fmt.Fprintf(p.stderr, "tarn: the password of %s is set in %s\n", name, file)
	}
	return err
}

// newPassword asks for a password on a terminal, or reads it.
func (p *program) newPassword(name, file string) (string, error) {
	if file != "" {
		return readPassword(file)
	}
	if !isTerminal(p.stdin) {
		text, err := io.ReadAll(io.LimitReader(p.stdin, 1<<16))
		if err != nil {
			return "", fmt.Errorf("read the password: %w", err)
		}
		if password := firstLine(string(text)); password != "" {
			return password, nil
		}
		return "", errors.New("read the password: the first line of standard input is empty; write the password there, or name a file with --password-file")
	}
	first, err := p.askPassword("Password for " + name + ": ")
	if err != nil {
		return "", err
	}
	if first == "" {
		return "", errors.New("an empty password lets nobody in; nothing was changed")
	}
	second, err := p.askPassword("The same again: ")
	if err == nil && first != second {
		err = errors.New("the two passwords differ; nothing was changed")
	}
	return first, err
}

// askPassword reads a line of the terminal without showing it. A signal to stop ends the program, with the terminal as it
// was.
func (p *program) askPassword(prompt string) (string, error) {
	fd := int(p.stdin.Fd())
	before, err := term.GetState(fd)
	if err != nil {
		return "", fmt.Errorf("read the password: %w", err)
	}
	signals, done := make(chan os.Signal, 1), make(chan struct{})
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)
	defer close(done)
	go func() {
		select {
		case <-signals:
			term.Restore(fd, before)
			fmt.Fprintln(p.stderr, "\ntarn: stopped; nothing was changed")
			os.Exit(exitUsage)
		case <-done:
		}
	}()
	fmt.Fprint(p.stderr, prompt)
	password, err := term.ReadPassword(fd)
	fmt.Fprintln(p.stderr)
	if err != nil {
		return "", fmt.Errorf("read the password: %w", err)
	}
	return string(password), nil
}

// removeUser removes a user.
func (p *program) removeUser(file, name string) error {
	list, err := users.Read(file)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err != nil || list.Find(name) == nil {
		return fmt.Errorf("remove %q: %w", name, errNoUser)
	}
	err = users.Edit(file, func(l *users.List) error { l.Remove(name); return nil })
	if err == nil {
		fmt.Fprintf(p.stderr, "tarn: %s is removed from %s\n", name, file)
	}
	return err
}

// listUsers prints the names.
func (p *program) listUsers(file string) error {
	list, err := users.Read(file)
	if errors.Is(err, fs.ErrNotExist) {
		fmt.Fprintf(p.stderr, "tarn: there are no users: %s is not there; \"tarn user add NAME\" makes it\n", file)
		return nil
	} else if err != nil {
		return err
	}
	for _, name := range list.Names() {
		if _, err := fmt.Fprintln(p.stdout, name); err != nil {
			return fmt.Errorf("print the users: %w", err)
		}
	}
	return nil
}
