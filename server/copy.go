package server

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/jackc/pgx/v5/pgproto3"

	"tarn/catalog/sqltype"
	"tarn/engine"
	"tarn/server/pgvalue"
)

// copyStatement returns COPY, or nil if the statement is another one.
func (k *client) copyStatement(ctx context.Context, w *words) (*ownStatement, error) {
	if !w.eat("COPY") {
		return nil, nil
	}
	job, err := parseCopy(w)
	if err != nil {
		return nil, err
	}
	if job.opts.encoding != "" {
		if _, ok := encodingNamed(job.opts.encoding); !ok {
			return nil, failuref("22023", "argument to option %q must be a valid encoding name", "encoding")
		}
	}
	own := &ownStatement{copying: job, run: func(context.Context, []engine.Arg) (*engine.Rows, error) {
		return nil, failuref("0A000", "COPY cannot be run in this way")
	}}
	if job.in {
		return own, nil
	}
	before := w.sql[:job.start]
	if job.table != "" {
		job.query, before = "SELECT "+columnList(job.columns, "*")+" FROM "+job.table, ""
	}
	if job.st, err = k.prepare(ctx, job.query, nil); err != nil {
		if job.table != "" {
			err = withoutPosition(err)
		}
		return nil, inWhole(err, before)
	}
	own.free = job.st.Close
	if job.st.Columns() == nil {
		own.Close()
		return nil, failuref("0A000", "COPY query must have a RETURNING clause")
	}
	if len(job.st.Params()) > 0 {
		own.Close()
		return nil, failuref("42P02", "there is no parameter $1")
	}
	return own, nil
}

// columnList writes names for SQL.
func columnList(names []string, otherwise string) string {
	if len(names) == 0 {
		return otherwise
	}
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = sqltype.QuoteName(n)
	}
	return strings.Join(quoted, ", ")
}

// copyingOf returns what a statement copies; nil if it is no COPY.
func copyingOf(st statement) *copying {
	if own, ok := st.(*ownStatement); ok {
		return own.copying
	}
	return nil
}

// runCopy carries a COPY out.
func (c *conn) runCopy(ctx context.Context, job *copying) error {
	if job.in {
		return c.copyIn(ctx, job)
	}
	return c.copyOut(ctx, job)
}

// copyOut sends the rows of a query.
func (c *conn) copyOut(ctx context.Context, job *copying) error {
	rows, err := c.client.run(ctx, job.st, job.query, nil)
	if err != nil {
		return err
	}
	defer rows.Close()
	columns := rows.Columns()
	format, err := job.opts.layout(columns)
	if err != nil {
		return err
	}
	enc := pgvalue.NewCopyEncoder(columns, format, rows.Style())
	recode, err := c.copyEncoding(job)
	if err != nil {
		return err
	}
	response := &pgproto3.CopyOutResponse{ColumnFormatCodes: make([]uint16, len(columns))}
	if format.Binary {
		response.OverallFormat = 1
		for i := range response.ColumnFormatCodes {
			response.ColumnFormatCodes[i] = 1
		}
	}
	c.out.send(response)
	if format.Binary {
		c.out.send(&pgproto3.CopyData{Data: pgvalue.CopySignature})
	} else if job.opts.header {
		line, err := recode.bytes(enc.Header())
		if err != nil {
			return err
		}
		c.out.send(&pgproto3.CopyData{Data: line})
	}
	sent, err := c.sendCopy(ctx, rows, enc, recode)
	if err != nil {
		return because(ctx, err)
	}
	if format.Binary {
		c.out.send(&pgproto3.CopyData{Data: []byte{0xff, 0xff}})
	}
	c.out.send(&pgproto3.CopyDone{})
	notices := rows.Notices()
	for _, w := range enc.Warnings() {
		notices = append(notices[:len(notices):len(notices)], engine.Notice{Message: w})
	}
	return c.complete("COPY "+strconv.FormatInt(sent, 10), notices)
}

// sendCopy sends all rows, each batch while the next ones are computed.
func (c *conn) sendCopy(ctx context.Context, rows *engine.Rows, enc *pgvalue.CopyEncoder, recode *encoding) (sent int64, err error) {
	err = rows.Drain(ctx, func(rec arrow.RecordBatch) error {
		enc.Reset(rec)
		for row := range int(rec.NumRows()) {
			start := len(c.out.buf)
			var err error
			if c.out.buf, err = enc.AppendRow(c.out.buf, row); err != nil {
				return err
			}
			if recode != nil {
				if c.out.buf, err = recode.copyLine(c.out.buf, start); err != nil {
					return err
				}
			}
			sent++
			if c.out.spill(); c.out.err != nil {
				return errClientGone
			}
		}
		if c.out.flush() != nil {
			return errClientGone
		}
		return nil
	})
	return sent, err
}

// copyEncoding is the encoding in which COPY's text goes out or comes in; nil for UTF-8.
func (c *conn) copyEncoding(job *copying) (*encoding, error) {
	name := job.opts.encoding
	if name == "" {
		name = c.client.settings.get("client_encoding")
	}
	e, _ := encodingNamed(name)
	if e != nil && job.opts.format == "binary" {
		return nil, &failure{code: "0A000", message: "COPY in the binary format is done in UTF8 only", hint: "SET client_encoding = 'UTF8', or copy as text."}
	}
	return e, nil
}

// layout is how rows are written.
func (o *copyOptions) layout(columns []engine.Column) (pgvalue.CopyFormat, error) {
	f := pgvalue.CopyFormat{Binary: o.format == "binary", CSV: o.format == "csv", Delimiter: (*o.delimiter)[0], Quote: (*o.quote)[0],
		Escape: (*o.escape)[0], Null: *o.null}
	var err error
	f.ForceQuote, err = chosen("FORCE_QUOTE", o.forceQuote, columns)
	return f, err
}

// chosen says which of the columns are named.
func chosen(option string, names []string, columns []engine.Column) ([]bool, error) {
	if names == nil {
		return nil, nil
	}
	out := make([]bool, len(columns))
	for _, name := range names {
		if name == "*" {
			for i := range out {
				out[i] = true
			}
			continue
		}
		at := slices.IndexFunc(columns, func(c engine.Column) bool { return c.Name == name })
		if at < 0 {
			return nil, failuref("42P10", "%s column %q not referenced by COPY", option, name)
		}
		out[at] = true
	}
	return out, nil
}
