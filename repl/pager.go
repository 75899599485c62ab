package repl

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"strings"

	"github.com/chzyer/readline"
)

// The values of \pset pager.
const (
	pagerAuto = "auto" // what does not fit on the screen
	pagerOn   = "on"   // every result
	pagerOff  = "off"
)

// errPagerLeft says that the user has left the pager and wants no more rows.
var errPagerLeft = errors.New("the pager was left")

// paged is a writer to the terminal that hands over to the pager what does not fit on the screen.
type paged struct {
	r      *REPL
	height int
	held   bytes.Buffer // until it is too much for the screen
	cmd    *exec.Cmd
	in     io.WriteCloser
	direct bool // there is no pager
}

// pagerCommand is the user's pager, or less so that it shows colours and long lines and goes by itself if all fits.
func pagerCommand() string {
	for _, name := range []string{"TARN_PAGER", "PSQL_PAGER", "PAGER"} {
		if v, ok := os.LookupEnv(name); ok {
			return strings.TrimSpace(v)
		}
	}
	if _, err := exec.LookPath("less"); err != nil {
		return ""
	}
	return "less -RSX"
}

// page returns a writer to the terminal that pages, and its end, which waits for the user. Without a terminal or pager it is the terminal itself.
func (r *REPL) page() (w io.Writer, end func() error) {
	if !r.editing || r.pager == pagerOff || pagerCommand() == "" {
		return r.out, func() error { return nil }
	}
	p := &paged{r: r, height: terminalHeight(r.out) - 1}
	if r.pager == pagerOn {
		p.height = 0
	}
	return p, p.end
}

// terminalHeight returns the lines of the terminal behind stream.
func terminalHeight(stream any) int {
	f, ok := stream.(*os.File)
	if !ok {
		return 24
	}
	_, height, err := readline.GetSize(int(f.Fd()))
	if err != nil || height <= 0 {
		return 24
	}
	return height
}

// Write holds text back as long as it fits on the screen.
func (p *paged) Write(text []byte) (int, error) {
	switch {
	case p.direct:
		return p.r.out.Write(text)
	case p.in != nil:
		if _, err := p.in.Write(text); err != nil {
			return 0, errPagerLeft
		}
		return len(text), nil
	}
	p.held.Write(text)
	if bytes.Count(p.held.Bytes(), []byte("\n")) < p.height {
		return len(text), nil
	}
	p.start()
	held := bytes.Clone(p.held.Bytes())
	p.held.Reset()
	if _, err := p.Write(held); err != nil {
		return 0, err
	}
	return len(text), nil
}

// start runs the pager; if it cannot, the terminal gets the text.
func (p *paged) start() {
	cmd := exec.Command("sh", "-c", pagerCommand())
	cmd.Stdout, cmd.Stderr = p.r.out, p.r.err
	in, err := cmd.StdinPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		p.r.notice("the pager cannot be started: "+err.Error(), `Set PAGER, or \pset pager off.`)
		p.direct = true
		return
	}
	p.cmd, p.in = cmd, in
}

func (p *paged) end() error {
	if p.in != nil {
		p.in.Close()
		p.cmd.Wait() // its status says nothing of the result
		return nil
	}
	_, err := p.r.out.Write(p.held.Bytes())
	return err
}
