package server

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5/pgproto3"

	"tarn/catalog/sqltype"
	"tarn/engine"
	"tarn/engine/pgtype"
	"tarn/engine/sqltext"
	"tarn/server/pgvalue"
)

// prepared is a statement that Parse made.
type prepared struct {
	sql      string
	sqlText  string // of the PREPARE; empty if the protocol prepared it
	made     time.Time
	st       statement
	declared []sqltype.Type // what the client said about the parameters
	oids     []uint32       // of all parameters: what the client declared, or is told
}

// extended answers a message of the extended query protocol.
func (c *conn) extended(msg pgproto3.FrontendMessage) error {
	ctx, done := c.begin(c.textOf(msg))
	defer done()
	switch m := msg.(type) {
	case *pgproto3.Parse:
		return c.parse(ctx, m)
	case *pgproto3.Bind:
		return c.bind(ctx, m)
	case *pgproto3.Describe:
		return c.describe(m)
	case *pgproto3.Execute:
		return c.executePortal(ctx, m)
	case *pgproto3.Close:
		return c.closeObject(m)
	}
	return &failure{code: "08P01", message: fmt.Sprintf("message %T has no place here", msg), fatal: true}
}

func (c *conn) parse(ctx context.Context, m *pgproto3.Parse) error {
	k := c.client
	if m.Name == "" {
		k.dropStatement("")
	} else if k.statements[m.Name] != nil {
		return failuref("42P05", "prepared statement %q already exists", m.Name)
	}
	sql, err := k.encoding().decode([]byte(m.Query))
	if err != nil {
		return err
	}
	ps := &prepared{sql: sql, made: time.Now()}
	for _, oid := range m.ParameterOIDs {
		t := pgvalue.Param(oid)
		if t.Kind == sqltype.Invalid && !pgvalue.IsOpen(oid) && !pgvalue.IsNumeric(oid) {
			return &failure{code: "0A000", message: fmt.Sprintf("parameters of the type with OID %d are not supported", oid),
				hint: "Leave the type open (OID 0) and send the value as text."}
		}
		ps.declared = append(ps.declared, t)
	}
	if err := ps.prepare(ctx, k, m.ParameterOIDs); err != nil {
		return err
	}
	k.statements[m.Name] = ps
	c.out.send(&pgproto3.ParseComplete{})
	return nil
}

// anyNumeric is the type of a numeric parameter in a place that takes any type; bind makes it exact.
var anyNumeric = sqltype.DecimalOf(38, 10)

// prepare has the statement prepared. The type of a numeric parameter comes from the plan, as long as that is a number,
// because the plan's own type lets the engine skip files by it.
func (ps *prepared) prepare(ctx context.Context, k *client, oids []uint32) error {
	if len(sqltext.SplitAll(ps.sql)) > 1 {
		return failuref("42601", "cannot insert multiple commands into a prepared statement")
	}
	for n, t := range castTypes(ps.sql) {
		for len(ps.declared) < n && n <= math.MaxInt16 {
			ps.declared = append(ps.declared, sqltype.Type{})
		}
		if n > 0 && n <= len(ps.declared) && (n > len(oids) || pgvalue.IsOpen(oids[n-1])) {
			ps.declared[n-1] = t
		}
	}
	st, err := k.prepare(ctx, ps.sql, ps.declared)
	if err != nil {
		return err
	}
	if st, err = ps.numbers(ctx, k, oids, st); err != nil {
		return err
	}
	ps.st = k.describe(ctx, ps.sql, st)
	cast := castOIDs(ps.sql)
	for i, t := range st.Params() {
		if i < len(oids) && !pgvalue.IsOpen(oids[i]) {
			ps.oids = append(ps.oids, oids[i])
		} else if oid := cast[i+1]; oid != 0 {
			ps.oids = append(ps.oids, oid)
		} else {
			ps.oids = append(ps.oids, pgvalue.Of(t).OID)
		}
	}
	return nil
}

// numbers prepares the statement again, with numeric parameters of any precision, where the plan has no number for them
// or where the result's types come from them.
func (ps *prepared) numbers(ctx context.Context, k *client, oids []uint32, st statement) (statement, error) {
	types, must, may := slices.Clone(ps.declared), false, false
	for i, t := range st.Params() {
		if i < len(oids) && i < len(types) && pgvalue.IsNumeric(oids[i]) && t.Kind != sqltype.Decimal {
			types[i], must, may = anyNumeric, must || !t.IsNumeric(), true
		}
	}
	if !may {
		return st, nil
	}
	exact, err := k.prepare(ctx, ps.sql, types)
	switch {
	case err == nil && (must || !sameOIDs(exact.Columns(), st.Columns())):
		ps.declared = types
		return exact, st.Close()
	case err == nil:
		return st, exact.Close()
	case must:
		st.Close()
		return nil, err
	}
	return st, nil
}

func (c *conn) bind(ctx context.Context, m *pgproto3.Bind) error {
	k := c.client
	ps := k.statements[m.PreparedStatement]
	if ps == nil {
		return failuref("26000", "prepared statement %q does not exist", m.PreparedStatement)
	}
	if m.DestinationPortal == "" {
		k.dropPortal("")
	} else if k.portals[m.DestinationPortal] != nil {
		return failuref("42P03", "portal %q already exists", m.DestinationPortal)
	}
	if k.status() == engine.TxFailed && !endsTransaction(ps.sql) {
		return errAborted
	}
	p := &portal{st: ps.st, sql: ps.sql}
	if err := p.bindArgs(ctx, k, ps, m); err != nil {
		return err
	}
	formats, err := spread("result", m.ResultFormatCodes, len(p.st.Columns()))
	if err != nil {
		p.close()
		return err
	}
	p.formats = formats
	k.portals[m.DestinationPortal] = p
	c.out.send(&pgproto3.BindComplete{})
	return nil
}

// bindArgs decodes the arguments. When a number does not fit its parameter's type exactly, as 1.005 does not fit
// DECIMAL(10,2), or an array has another number of dimensions, the portal gets a statement of its own in which it does.
func (p *portal) bindArgs(ctx context.Context, k *client, ps *prepared, m *pgproto3.Bind) error {
	params := ps.st.Params()
	if len(m.Parameters) != len(params) {
		return protocolError("bind message supplies %d parameters, but prepared statement %q requires %d",
			len(m.Parameters), m.PreparedStatement, len(params))
	}
	formats, err := spread("parameter", m.ParameterFormatCodes, len(params))
	if err != nil {
		return err
	}
	types, exact := make([]sqltype.Type, len(params)), true
	copy(types, ps.declared)
	p.args = make([]engine.Arg, len(params))
	recode := k.encoding()
	for i, raw := range m.Parameters {
		if raw == nil {
			p.args[i].Null = true
			continue
		}
		if recode != nil && (formats[i] == pgvalue.Text || pgvalue.IsText(ps.oids[i])) {
			text, err := recode.decode(raw)
			if err != nil {
				return err
			}
			raw = []byte(text)
		}
		if n := pgvalue.Dimensions(ps.oids[i], formats[i], raw); n > 0 && params[i].Kind == sqltype.List && n != pgtype.Dims(params[i]) {
			exact, types[i] = false, pgvalue.Nested(params[i], n)
		}
		text, err := pgvalue.Decode(ps.oids[i], formats[i], raw, params[i])
		if err != nil {
			return err
		}
		p.args[i].Text = text
		if pgvalue.IsNumeric(ps.oids[i]) && (!pgvalue.FitsExactly(text, params[i]) || params[i].Equal(anyNumeric)) {
			exact = false
			if types[i], err = pgvalue.Exact(text); err != nil {
				return err
			}
		}
	}
	if exact {
		return nil
	}
	st, err := k.prepare(ctx, ps.sql, types)
	if err != nil {
		return err
	}
	p.owned = k.describe(ctx, ps.sql, st)
	p.st = p.owned
	if !sameOIDs(p.owned.Columns(), ps.st.Columns()) {
		p.owned.Close()
		return &failure{code: "22003", message: "a numeric parameter does not fit its place in the statement exactly",
			detail: "To take the value as it is, the statement would have to return other types than it was described with.",
			hint:   "Cast the parameter, e.g. $1::decimal(18,6)."}
	}
	return nil
}

// sameOIDs reports whether a client sees the same types.
func sameOIDs(a, b []engine.Column) bool {
	return slices.EqualFunc(a, b, func(x, y engine.Column) bool { return pgvalue.OfColumn(x).OID == pgvalue.OfColumn(y).OID })
}

// spread returns one format for each of n values: none means text for all, one counts for all.
func spread(what string, codes []int16, n int) ([]pgvalue.Format, error) {
	out := make([]pgvalue.Format, n)
	if len(codes) > 1 && len(codes) != n {
		return nil, protocolError("bind message has %d %s formats but %d %ss", len(codes), what, n, what)
	}
	for i := range out {
		switch len(codes) {
		case 0:
		case 1:
			out[i] = pgvalue.Format(codes[0])
		default:
			out[i] = pgvalue.Format(codes[i])
		}
		if out[i] != pgvalue.Text && out[i] != pgvalue.Binary {
			return nil, failuref("22023", "unsupported format code: %d", out[i])
		}
	}
	return out, nil
}

func (c *conn) describe(m *pgproto3.Describe) error {
	if m.ObjectType == 'S' {
		ps := c.client.statements[m.Name]
		if ps == nil {
			return failuref("26000", "prepared statement %q does not exist", m.Name)
		}
		c.out.send(&pgproto3.ParameterDescription{ParameterOIDs: ps.oids})
		c.describeColumns(ps.sql, ps.st.Columns(), make([]pgvalue.Format, len(ps.st.Columns())))
		return nil
	}
	if p := c.client.portals[m.Name]; p != nil {
		c.describeColumns(p.sql, p.st.Columns(), p.formats)
		return nil
	}
	cur := c.client.cursors[m.Name]
	if cur == nil {
		return failuref("34000", "portal %q does not exist", m.Name)
	}
	c.describeColumns("", cur.rows.Columns(), defaultFormats(&ownStatement{columns: cur.rows.Columns(), binary: cur.binary}))
	return nil
}

func (c *conn) describeColumns(sql string, columns []engine.Column, formats []pgvalue.Format) {
	if columns == nil {
		c.out.send(&pgproto3.NoData{})
		return
	}
	c.out.send(rowDescription(sql, columns, formats))
}

func (c *conn) executePortal(ctx context.Context, m *pgproto3.Execute) error {
	limit := int64(m.MaxRows)
	if limit > math.MaxInt32 { // the protocol's number is signed, and not positive means all
		limit = 0
	}
	p := c.client.portals[m.Portal]
	if p == nil {
		if cur := c.client.cursors[m.Portal]; cur != nil {
			return c.executeCursor(ctx, cur, limit)
		}
		return failuref("34000", "portal %q does not exist", m.Portal)
	}
	switch {
	case c.client.status() == engine.TxFailed && !endsTransaction(p.sql):
		return errAborted
	case p.rows == nil:
		if len(sqltext.SplitAll(p.sql)) == 0 {
			c.out.send(&pgproto3.EmptyQueryResponse{})
			return nil
		}
		c.joinPipeline(p.sql)
		if job := copyingOf(p.st); job != nil {
			return c.runCopy(ctx, job)
		}
		if err := p.run(ctx, c.client); err != nil {
			return err
		}
	case p.done && p.rows.Columns() == nil:
		return failuref("55000", "portal %q cannot be run", m.Portal)
	}
	return c.execute(ctx, p, limit)
}

// joinPipeline makes the statements before a Sync one transaction. One that is alone, because the Sync is there already, needs none.
func (c *conn) joinPipeline(sql string) {
	next, there := c.in.peek()
	switch k := c.client; {
	case k.tx.block == implicitBlock:
		k.tx.several = k.tx.several || k.tx.queried
	case k.tx.block == noBlock && !(there && next == 'S'):
		first := sqltext.Words(sql, 1)
		k.openImplicit()
		k.tx.several = len(first) > 0 && slices.Contains(changing, first[0])
	}
}

// executeCursor fetches from a cursor of DECLARE, which is a portal, too.
func (c *conn) executeCursor(ctx context.Context, cur *cursor, limit int64) error {
	st := &ownStatement{columns: cur.rows.Columns(), binary: cur.binary}
	p := &portal{st: st, formats: defaultFormats(st), rows: cur.fetch(fetch{all: limit == 0, count: limit})}
	p.enc = pgvalue.NewEncoder(p.rows.Columns(), p.formats, c.client.settings.style(p.rows.Style()))
	defer p.close()
	if err := p.recoder(c.client.encoding()); err != nil {
		return err
	}
	sent, _, err := p.send(ctx, c.out, 0)
	if err != nil {
		return err
	}
	if limit > 0 && sent == limit {
		c.out.send(&pgproto3.PortalSuspended{})
		return nil
	}
	return c.complete("SELECT "+strconv.FormatInt(sent, 10), nil)
}

// textOf is the statement that a message is about.
func (c *conn) textOf(msg pgproto3.FrontendMessage) string {
	switch m := msg.(type) {
	case *pgproto3.Parse:
		return m.Query
	case *pgproto3.Execute:
		if p := c.client.portals[m.Portal]; p != nil {
			return p.sql
		}
	}
	return ""
}

func (c *conn) closeObject(m *pgproto3.Close) error {
	if m.ObjectType == 'S' {
		c.client.dropStatement(m.Name)
	} else {
		c.client.dropPortal(m.Name)
		c.client.dropCursors(func(cur *cursor) bool { return cur.name == m.Name && m.Name != "" })
	}
	c.out.send(&pgproto3.CloseComplete{})
	return nil
}
