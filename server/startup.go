package server

import (
	"encoding/binary"
	"fmt"
	"io"
	"strings"
)

// The codes that stand in place of a protocol version (PostgreSQL's pqcomm.h).
const (
	codeCancel = 80877102
	codeSSL    = 80877103
	codeGSS    = 80877104

	codeDirectTLS = 1 // ours: the client begins with TLS at once
)

// tlsHandshake is the first byte of a TLS connection.
const tlsHandshake = 0x16

// maxStartupPacket is PostgreSQL's MAX_STARTUP_PACKET_LENGTH.
const maxStartupPacket = 10_000

// latestMinor is the newest minor version of protocol 3 that the server speaks. Version 3.2 has longer cancel keys;
// there is no 3.1.
const latestMinor = 2

// startup is a client's first message.
type startup struct {
	code    uint32 // one of the codes or a protocol version
	body    []byte
	names   []string // of the parameters, in the client's order
	values  map[string]string
	unknown []string // parameters that only extend the protocol
}

// minor is the agreed minor version of protocol 3.
func (m *startup) minor() uint32 {
	if minor := m.code & 0xffff; minor == 0 || minor >= latestMinor {
		return min(minor, latestMinor)
	}
	return 0
}

// negotiated reports whether the client asked for more than the server does.
func (m *startup) negotiated() bool { return m.minor() != m.code&0xffff || len(m.unknown) > 0 }

// database is what the client wants to connect to: like PostgreSQL, the user's name if it says nothing.
func (m *startup) database() string {
	if name := m.values["database"]; name != "" {
		return name
	}
	return m.values["user"]
}

// readStartup reads a packet that has no type byte. It reads nothing beyond.
func readStartup(r io.Reader) (*startup, error) {
	var head [4]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return nil, err
	}
	if head[0] == tlsHandshake { // no packet is that long
		return &startup{code: codeDirectTLS, body: head[:]}, nil
	}
	size := binary.BigEndian.Uint32(head[:])
	if size < 8 || size > maxStartupPacket {
		return nil, fmt.Errorf("the first packet says that it has %d bytes: not a PostgreSQL client", size)
	}
	packet := make([]byte, size-4)
	if _, err := io.ReadFull(r, packet); err != nil {
		return nil, err
	}
	m := &startup{code: binary.BigEndian.Uint32(packet), body: packet[4:]}
	if m.code>>16 == 3 {
		return m, m.parse()
	}
	return m, nil
}

// parse reads the pairs of names and values, each ended by a zero byte, that an empty name ends.
func (m *startup) parse() error {
	m.values = map[string]string{}
	rest := string(m.body)
	for {
		name, after, ok := strings.Cut(rest, "\x00")
		if !ok {
			return fmt.Errorf("the startup packet does not end with an empty parameter name")
		}
		if name == "" {
			if after != "" {
				return fmt.Errorf("the startup packet goes on after its end")
			}
			return nil
		}
		value, after, ok := strings.Cut(after, "\x00")
		if !ok {
			return fmt.Errorf("the startup packet's parameter %q has no value", name)
		}
		if strings.HasPrefix(name, "_pq_.") {
			m.unknown = append(m.unknown, name)
		} else {
			m.names = append(m.names, name)
			m.values[name] = value
		}
		rest = after
	}
}
