package server

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5/pgproto3"

	"tarn/catalog/sqltype"
	"tarn/engine"
	"tarn/engine/cell"
	"tarn/server/copyin"
	"tarn/server/pgvalue"
)

// insertBytes is about how much text goes to the engine in one INSERT.
const insertBytes = 256 << 10

// inserter collects the rows of a COPY FROM and inserts them, many at once: as a JSON array of arrays of texts.
type inserter struct {
	k        *client
	ctx      context.Context
	job      *copying
	columns  []engine.Column
	format   pgvalue.Format
	recode   *encoding
	insert   statement
	reader   *copyin.Reader
	json     []byte
	first    int // line of the first row in json
	rows     int64
	inserted int64
}

// newInserter looks at the table that rows are to be copied to.
func (k *client) newInserter(ctx context.Context, job *copying, recode *encoding) (*inserter, error) {
	in := &inserter{k: k, ctx: ctx, job: job, recode: recode}
	list := columnList(job.columns, "*")
	st, err := k.prepare(ctx, "SELECT "+list+" FROM "+job.table+" LIMIT 0", nil)
	if err != nil {
		return nil, withoutPosition(err)
	}
	in.columns = st.Columns()
	st.Close()
	var names, casts []string
	for i, c := range in.columns {
		names = append(names, c.Name)
		casts = append(casts, "CAST(r["+strconv.Itoa(i+1)+"] AS "+c.Type.String()+") AS "+sqltype.QuoteName(c.Name))
	}
	sql := "INSERT INTO " + job.table + " (" + columnList(names, "") + ") SELECT * FROM (SELECT " + strings.Join(casts, ", ") +
		` FROM (SELECT unnest(from_json(CAST($1 AS VARCHAR), '[["VARCHAR"]]')) AS r))`
	if job.where != "" {
		sql += " WHERE " + job.where
	}
	if in.insert, err = k.prepare(ctx, sql, []sqltype.Type{sqltype.Of(sqltype.Varchar)}); err != nil {
		return nil, copyError(withoutPosition(err))
	}
	return in, in.openReader()
}

// copyError says COPY FROM where the engine says INSERT.
func copyError(err error) error {
	var e *engine.Error
	if errors.As(err, &e) && e.Kind == engine.KindReadOnly {
		moved := *e
		moved.Message = strings.Replace(e.Message, "INSERT", "COPY FROM", 1)
		moved.Hint = "CREATE TEMP TABLE makes a table that rows can be copied to."
		return &moved
	}
	return err
}

// openReader makes the reader of the format.
func (in *inserter) openReader() error {
	o := &in.job.opts
	f := copyin.Format{CSV: o.format == "csv", Binary: o.format == "binary", Delimiter: (*o.delimiter)[0], Quote: (*o.quote)[0], Escape: (*o.escape)[0],
		Null: *o.null, Header: o.header, Match: o.match}
	if f.Binary {
		in.format = pgvalue.Binary
	}
	for _, c := range in.columns {
		f.Columns = append(f.Columns, c.Name)
	}
	var err error
	if f.ForceNotNull, err = chosen("FORCE_NOT_NULL", o.forceNotNull, in.columns); err != nil {
		return err
	}
	if f.ForceNull, err = chosen("FORCE_NULL", o.forceNo, in.columns); err != nil {
		return err
	}
	in.reader = copyin.NewReader(f, in.add)
	return nil
}

// add takes a row.
func (in *inserter) add(fields [][]byte) error {
	start := byte(',')
	if len(in.json) == 0 {
		start, in.first = '[', in.reader.Line()
	}
	in.json = append(in.json, start, '[')
	for i, raw := range fields {
		if i > 0 {
			in.json = append(in.json, ',')
		}
		if raw == nil {
			in.json = append(in.json, "null"...)
			continue
		}
		text, err := in.value(i, raw)
		if err != nil {
			return in.located(err, in.reader.Line(), fmt.Sprintf(", column %s: %q", in.columns[i].Name, raw[:min(len(raw), 100)]))
		}
		in.json = cell.AppendJSONString(in.json, text)
	}
	in.json = append(in.json, ']')
	if in.rows++; len(in.json) >= insertBytes {
		return in.flush()
	}
	return nil
}

// value returns a field as text that a cast in the engine reads.
func (in *inserter) value(i int, raw []byte) (string, error) {
	t := in.columns[i].Type
	text := string(raw)
	if in.format == pgvalue.Text && in.recode != nil {
		var err error
		if text, err = in.recode.decode(raw); err != nil {
			return "", err
		}
		raw = []byte(text)
	}
	if in.format == pgvalue.Text && t.Kind == sqltype.Varchar {
		if !utf8.ValidString(text) || strings.IndexByte(text, 0) >= 0 {
			return "", failuref("22021", "invalid byte sequence for encoding \"UTF8\"")
		}
		return text, nil
	}
	return pgvalue.Decode(pgvalue.Of(t).OID, in.format, raw, t)
}

// flush inserts what was collected.
func (in *inserter) flush() error {
	if len(in.json) == 0 {
		return nil
	}
	rows, err := in.k.run(in.ctx, in.insert, "INSERT", []engine.Arg{{Text: string(append(in.json, ']'))}})
	if err != nil {
		where := ""
		if last := in.reader.Line(); last > in.first {
			where = fmt.Sprintf(" to %d", last)
		}
		return in.located(withoutPosition(err), in.first, where)
	}
	n, _ := strconv.ParseInt(strings.TrimPrefix(rows.Tag(), "INSERT 0 "), 10, 64)
	in.inserted += n
	in.json = in.json[:0]
	return rows.Close()
}

// located says where in the data an error is: in a line, and what more says.
func (in *inserter) located(err error, line int, more string) error {
	m := errorResponse(err)
	return &failure{code: m.Code, message: m.Message, detail: m.Detail, hint: m.Hint, where: fmt.Sprintf("COPY %s, line %d%s", in.job.table, line, more)}
}

// copyIn takes rows from the client. They are inserted all or none.
func (c *conn) copyIn(ctx context.Context, job *copying) error {
	recode, err := c.copyEncoding(job)
	if err != nil {
		return err
	}
	c.client.openImplicit()
	c.client.tx.several = true
	in, err := c.client.newInserter(ctx, job, recode)
	if err != nil {
		return err
	}
	defer in.insert.Close()
	response := &pgproto3.CopyInResponse{OverallFormat: byte(in.format), ColumnFormatCodes: make([]uint16, len(in.columns))}
	for i := range response.ColumnFormatCodes {
		response.ColumnFormatCodes[i] = uint16(in.format)
	}
	c.out.send(response)
	c.out.flush()
	if err := c.takeRows(ctx, in); err != nil {
		var bad *copyin.Error
		if errors.As(err, &bad) {
			err = in.located(failuref("22P04", "%s", bad.Message), bad.Line, "")
		}
		return because(ctx, err)
	}
	return c.complete("COPY "+strconv.FormatInt(in.inserted, 10), nil)
}

// takeRows reads what the client sends up to its end.
func (c *conn) takeRows(ctx context.Context, in *inserter) error {
	c.in.wake = ctx.Done()
	defer func() { c.in.wake = nil }()
	for {
		msg, err := c.be.Receive()
		if ctx.Err() != nil {
			return because(ctx, &engine.Error{Kind: engine.KindCancelled, Message: "the statement was cancelled", Err: context.Cause(ctx)})
		}
		if err != nil {
			return gone(c.receiveError(err))
		}
		switch m := msg.(type) {
		case *pgproto3.CopyData:
			if err := in.reader.Feed(m.Data); err != nil {
				return err
			}
		case *pgproto3.CopyDone:
			if err := in.reader.Close(); err != nil {
				return err
			}
			return in.flush()
		case *pgproto3.CopyFail:
			return failuref("57014", "COPY from stdin failed: %s", m.Message)
		case *pgproto3.Flush, *pgproto3.Sync: // PostgreSQL, too, passes over them
		case *pgproto3.Terminate:
			return errClientGone
		default:
			return &failure{code: "08P01", message: fmt.Sprintf("message %T has no place in COPY FROM STDIN", msg), fatal: true}
		}
	}
}

// gone makes any error one that ends the connection.
func gone(err error) error {
	var f *failure
	if errors.As(err, &f) {
		last := *f
		last.fatal = true
		return &last
	}
	return errClientGone
}
