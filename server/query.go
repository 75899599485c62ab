package server

import (
	"context"
	"errors"
	"unicode/utf8"

	"github.com/jackc/pgx/v5/pgproto3"

	"tarn/engine"
	"tarn/engine/sqltext"
	"tarn/server/pgvalue"
)

// query answers a Query message: every statement in it, until one fails. Several are one transaction. An error ends the connection.
func (c *conn) query(sql string) error {
	c.client.dropPortal("")
	c.client.dropStatement("")
	sql, err := c.client.encoding().decode([]byte(sql))
	if err != nil {
		if err := c.fail(err); err != nil {
			return err
		}
		return c.ready()
	}
	statements := sqltext.SplitAll(sql)
	if len(statements) == 0 {
		c.out.send(&pgproto3.EmptyQueryResponse{})
	}
	for i, st := range statements {
		if len(statements) > 1 {
			c.client.openImplicit()
			c.client.tx.several = i+1 < len(statements) || c.client.tx.several
		}
		if err := c.queryOne(st.Text); err != nil {
			if err := c.fail(inWhole(err, sql[:st.Offset])); err != nil {
				return err
			}
			break
		}
	}
	return c.ready()
}

// inWhole moves an error's position in a statement to that in the text that begins with before.
func inWhole(err error, before string) error {
	var e *engine.Error
	if errors.As(err, &e) && e.Position > 0 && before != "" {
		moved := *e
		moved.Position += utf8.RuneCountInString(before)
		return &moved
	}
	var f *failure
	if errors.As(err, &f) && f.position > 0 && before != "" {
		moved := *f
		moved.position += utf8.RuneCountInString(before)
		return &moved
	}
	return err
}

// queryOne runs one statement and sends its result in the text format.
func (c *conn) queryOne(sql string) error {
	ctx, done := c.begin(sql)
	defer done()
	st, err := c.client.prepare(ctx, sql, nil)
	if err != nil {
		return err
	}
	defer st.Close()
	if len(st.Params()) > 0 {
		return &failure{code: "42P02", message: "there is no parameter $1", hint: "Parameters need the extended query protocol."}
	}
	if job := copyingOf(st); job != nil {
		return c.runCopy(ctx, job)
	}
	p := &portal{st: st, sql: sql, formats: defaultFormats(st)}
	defer p.close()
	if err := p.run(ctx, c.client); err != nil {
		return err
	}
	if p.rows.Columns() != nil {
		c.out.send(rowDescription(p.rows.Columns(), p.formats))
	}
	return c.execute(ctx, p, 0)
}

// defaultFormats are the formats of a result for which the client names none.
func defaultFormats(st statement) []pgvalue.Format {
	formats := make([]pgvalue.Format, len(st.Columns()))
	if own, ok := st.(*ownStatement); ok && own.binary {
		for i := range formats {
			formats[i] = pgvalue.Binary
		}
	}
	return formats
}

// execute sends up to limit rows of a portal that runs (0: all), and how it ended.
func (c *conn) execute(ctx context.Context, p *portal, limit int64) error {
	sent, more, err := p.send(ctx, c.out, limit)
	if err != nil {
		return err
	}
	if more {
		c.out.send(&pgproto3.PortalSuspended{})
		return nil
	}
	return c.complete(p.tag(sent), p.notices())
}

// complete ends a statement that succeeded.
func (c *conn) complete(tag string, notices []engine.Notice) error {
	c.client.sendNotices(notices)
	c.client.reportChanges()
	c.out.send(&pgproto3.CommandComplete{CommandTag: []byte(tag)})
	return nil
}

// rowDescription describes the columns of a result in these formats.
func rowDescription(columns []engine.Column, formats []pgvalue.Format) *pgproto3.RowDescription {
	m := &pgproto3.RowDescription{Fields: make([]pgproto3.FieldDescription, len(columns))}
	for i, col := range columns {
		t := pgvalue.OfColumn(col)
		m.Fields[i] = pgproto3.FieldDescription{Name: []byte(col.Name), TableOID: col.Table,
			TableAttributeNumber: uint16(col.Attribute), DataTypeOID: t.OID, DataTypeSize: t.Size,
			TypeModifier: t.Mod, Format: int16(formats[i])}
	}
	return m
}
