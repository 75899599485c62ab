package server

import (
	"context"
	"slices"
	"sync"

	"github.com/jackc/pgx/v5/pgproto3"

	"tarn/engine"
)

// hub passes the messages of NOTIFY to the sessions that LISTEN. Its zero value is empty.
type hub struct {
	mu      sync.Mutex
	members map[string][]*mailbox // by the channel
}

// mailbox is where a session finds what it has been told.
type mailbox struct {
	hub    *hub
	sender uint32
	wake   chan struct{} // has a value when something came
	queue  []message     // guarded by hub.mu
}

// message is one NOTIFY.
type message struct {
	channel, payload string
	sender           uint32
}

// maxMessages is how many messages wait for a client that does not read; the oldest are dropped for those that come.
const maxMessages = 10_000

// channels is what a client listens to, and what it says when its transaction ends.
type channels struct {
	box    *mailbox // nil without a hub
	listen []func() // to do at COMMIT
	tell   []message
}

// maxPayload is PostgreSQL's limit of a message.
const maxPayload = 8000

// channelStatement returns LISTEN, UNLISTEN or NOTIFY; nil if the statement is another one.
func (k *client) channelStatement(w *words) (*ownStatement, error) {
	verb := ""
	switch {
	case w.eat("LISTEN"):
		verb = "LISTEN"
	case w.eat("UNLISTEN"):
		verb = "UNLISTEN"
	case w.eat("NOTIFY"):
		verb = "NOTIFY"
	default:
		return nil, nil
	}
	name, ok := "", verb == "UNLISTEN" && w.eat("*")
	if !ok {
		if name, ok = w.name(); !ok {
			return nil, w.unexpected()
		}
	}
	payload := ""
	if verb == "NOTIFY" && w.eat(",") {
		if payload, ok = w.text(); !ok {
			return nil, w.unexpected()
		}
	}
	if !w.end() {
		return nil, w.unexpected()
	}
	if len(payload) >= maxPayload {
		return nil, failuref("22023", "payload string too long")
	}
	return &ownStatement{run: func(context.Context, []engine.Arg) (*engine.Rows, error) {
		c := &k.channels
		switch verb {
		case "LISTEN":
			c.listen = append(c.listen, func() { c.box.join(name) })
		case "UNLISTEN":
			c.listen = append(c.listen, func() { c.box.part(name) })
		case "NOTIFY":
			if m := (message{name, payload, 0}); !slices.Contains(c.tell, m) { // PostgreSQL drops doubles, too
				c.tell = append(c.tell, m)
			}
		}
		if k.tx.block == noBlock {
			k.notify(true)
		}
		return textRows(verb, nil), nil
	}}, nil
}

// notify does what LISTEN, UNLISTEN and NOTIFY said in a transaction that has ended.
func (k *client) notify(committed bool) {
	c := &k.channels
	listen, tell := c.listen, c.tell
	c.listen, c.tell = nil, nil
	if !committed || c.box == nil {
		return
	}
	for _, do := range listen {
		do()
	}
	for _, m := range tell {
		m.sender = c.box.sender
		c.box.hub.send(m)
	}
}

// leave ends all listening.
func (c *channels) leave() {
	c.listen, c.tell = nil, nil
	if c.box != nil {
		c.box.part("")
	}
}

// join begins to listen.
func (b *mailbox) join(channel string) {
	b.hub.mu.Lock()
	defer b.hub.mu.Unlock()
	if b.hub.members == nil {
		b.hub.members = map[string][]*mailbox{}
	}
	if !slices.Contains(b.hub.members[channel], b) {
		b.hub.members[channel] = append(b.hub.members[channel], b)
	}
}

// part stops listening to a channel; to all if it is empty.
func (b *mailbox) part(channel string) {
	b.hub.mu.Lock()
	defer b.hub.mu.Unlock()
	for name, members := range b.hub.members {
		if channel != "" && name != channel {
			continue
		}
		members = slices.DeleteFunc(slices.Clone(members), func(m *mailbox) bool { return m == b })
		if b.hub.members[name] = members; len(members) == 0 {
			delete(b.hub.members, name)
		}
	}
}

// send puts a message into the boxes of all who listen, the sender's own among them.
func (h *hub) send(m message) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, b := range h.members[m.channel] {
		if len(b.queue) == maxMessages {
			b.queue = b.queue[1:]
		}
		b.queue = append(b.queue, m)
		select {
		case b.wake <- struct{}{}:
		default:
		}
	}
}

// deliver sends what has come to the client. It is called between transactions only.
func (b *mailbox) deliver(out *outlet) {
	b.hub.mu.Lock()
	queue := b.queue
	b.queue = nil
	b.hub.mu.Unlock()
	for _, m := range queue {
		out.send(&pgproto3.NotificationResponse{PID: m.sender, Channel: m.channel, Payload: m.payload})
	}
}
