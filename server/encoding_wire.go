package server

import (
	"encoding/binary"
	"strings"

	"github.com/jackc/pgx/v5/pgproto3"

	"tarn/server/pgvalue"
)

// encoding is what the client writes and reads; nil for UTF-8.
func (k *client) encoding() *encoding {
	e, _ := encodingNamed(k.settings.get("client_encoding"))
	return e
}

// lossy returns text for messages, in which a character that the encoding lacks becomes a question mark.
func (e *encoding) lossy(text string) string {
	var out strings.Builder
	for _, r := range text {
		if b, ok := e.charmap.EncodeRune(r); ok {
			out.WriteByte(b)
		} else {
			out.WriteByte('?')
		}
	}
	return out.String()
}

// message puts the texts of a message into the encoding.
func (e *encoding) message(m pgproto3.BackendMessage) pgproto3.BackendMessage {
	switch m := m.(type) {
	case *pgproto3.RowDescription:
		for i := range m.Fields {
			m.Fields[i].Name = []byte(e.lossy(string(m.Fields[i].Name)))
		}
	case *pgproto3.ErrorResponse:
		for _, s := range []*string{&m.Message, &m.Detail, &m.Hint, &m.Where} {
			*s = e.lossy(*s)
		}
	case *pgproto3.NoticeResponse:
		for _, s := range []*string{&m.Message, &m.Detail, &m.Hint, &m.Where} {
			*s = e.lossy(*s)
		}
	case *pgproto3.ParameterStatus:
		m.Value = e.lossy(m.Value)
	case *pgproto3.NotificationResponse:
		m.Channel, m.Payload = e.lossy(m.Channel), e.lossy(m.Payload)
	}
	return m
}

// row recodes the DataRow message that begins at start; texts says which of its columns hold text.
func (e *encoding) row(buf []byte, start int, texts []bool) ([]byte, error) {
	old := append([]byte(nil), buf[start+7:]...)
	buf = buf[:start+7]
	for _, text := range texts {
		n := int32(binary.BigEndian.Uint32(old))
		buf, old = append(buf, old[:4]...), old[4:]
		if n < 0 {
			continue
		}
		if !text {
			buf, old = append(buf, old[:n]...), old[n:]
			continue
		}
		at := len(buf)
		var err error
		if buf, err = e.append(buf, old[:n]); err != nil {
			return buf[:start], err
		}
		binary.BigEndian.PutUint32(buf[at-4:], uint32(len(buf)-at))
		old = old[n:]
	}
	binary.BigEndian.PutUint32(buf[start+1:], uint32(len(buf)-start-1))
	return buf, nil
}

// recoder makes the portal's rows reach a client in its encoding.
func (p *portal) recoder(e *encoding) error {
	if p.recode = e; e == nil {
		return nil
	}
	p.texts = nil
	for i, c := range p.rows.Columns() {
		t := pgvalue.Of(c.Type)
		text := p.formats[i] == pgvalue.Text || pgvalue.IsText(t.OID)
		if !text && pgvalue.IsTextArray(t.OID) {
			return &failure{code: "0A000", message: "arrays of text are sent in the binary format in UTF8 only", hint: "SET client_encoding = 'UTF8', or read them in the text format."}
		}
		p.texts = append(p.texts, text)
	}
	return nil
}
