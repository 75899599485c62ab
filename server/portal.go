package server

import (
	"context"
	"io"
	"slices"
	"strconv"

	"github.com/apache/arrow-go/v18/arrow"

	"tarn/engine"
	"tarn/server/pgvalue"
)

// portal is a statement with its arguments, and as far as it was executed. It is to be closed.
type portal struct {
	st      statement
	owned   statement // st, if it was prepared for this portal alone
	sql     string
	args    []engine.Arg
	formats []pgvalue.Format // of the columns

	rows *engine.Rows // nil before the first Execute
	enc  *pgvalue.Encoder
	rec  arrow.RecordBatch // being sent
	at   int               // the next row of rec

	recode *encoding // the client's; nil for UTF-8
	texts  []bool    // which columns it concerns
	done   bool      // every row was sent
}

// run starts the statement.
func (p *portal) run(ctx context.Context, k *client) error {
	rows, err := k.run(ctx, p.st, p.sql, p.args)
	if err != nil {
		return err
	}
	p.rows = rows
	if !sameTypes(rows.Columns(), p.st.Columns()) {
		return &failure{code: "0A000", message: "cached plan must not change result type", routine: "RevalidateCachedQuery", // PostgreSQL's words: drivers prepare again by them
			detail: "The table's files have changed since the statement was prepared.", hint: "Prepare the statement again."}
	}
	p.enc = pgvalue.NewEncoder(rows.Columns(), p.formats, k.settings.style(rows.Style()))
	return p.recoder(k.encoding())
}

// sameTypes reports whether a client, which sees no more of them, would be told the same of two lists of columns.
func sameTypes(a, b []engine.Column) bool {
	return slices.EqualFunc(a, b, func(x, y engine.Column) bool {
		return x.Name == y.Name && pgvalue.OfColumn(x) == pgvalue.OfColumn(y)
	})
}

// send sends up to limit rows (0: all). more tells that the limit ended it.
func (p *portal) send(ctx context.Context, out *outlet, limit int64) (sent int64, more bool, err error) {
	if limit == 0 {
		sent, err = p.sendAll(ctx, out)
		return sent, false, err
	}
	for sent < limit {
		if p.rec == nil {
			rec, err := p.rows.Next(ctx)
			if err == io.EOF {
				p.done = true
				return sent, false, nil
			} else if err != nil {
				return sent, false, because(ctx, err)
			}
			p.begin(rec)
		}
		n, err := p.sendBatch(out, limit-sent)
		sent += n
		if err != nil {
			return sent, false, err
		}
	}
	return sent, true, nil
}

// begin makes rec, which the portal owns from now on, the batch to send.
func (p *portal) begin(rec arrow.RecordBatch) {
	p.rec, p.at = rec, 0
	p.enc.Reset(rec)
}

// sendAll sends all rows that are left, each batch while the next ones are computed.
func (p *portal) sendAll(ctx context.Context, out *outlet) (sent int64, err error) {
	if p.rec != nil {
		if sent, err = p.sendBatch(out, 0); err != nil {
			return sent, err
		}
	}
	err = p.rows.Drain(ctx, func(rec arrow.RecordBatch) error {
		rec.Retain()
		p.begin(rec)
		n, err := p.sendBatch(out, 0)
		sent += n
		return err
	})
	if err != nil {
		return sent, because(ctx, err)
	}
	p.done = true
	return sent, nil
}

// sendBatch sends rows of the current batch, limit of them if it is positive. A whole batch goes out at once, because
// the next one may take long.
func (p *portal) sendBatch(out *outlet, limit int64) (sent int64, err error) {
	end := int(p.rec.NumRows())
	if limit > 0 {
		end = int(min(int64(end), int64(p.at)+limit))
	}
	for ; p.at < end; p.at++ {
		start := len(out.buf)
		if out.buf, err = p.enc.AppendRow(out.buf, p.at); err != nil {
			return sent, err
		}
		if p.recode != nil {
			if out.buf, err = p.recode.row(out.buf, start, p.texts); err != nil {
				return sent, err
			}
		}
		sent++
		out.spill()
		if out.err != nil {
			return sent, errClientGone
		}
	}
	if p.at == int(p.rec.NumRows()) {
		p.rec.Release()
		p.rec = nil
		if out.flush() != nil {
			return sent, errClientGone
		}
	}
	return sent, nil
}

// notices returns what the user should know once all rows are sent.
func (p *portal) notices() []engine.Notice {
	all := p.rows.Notices()
	for _, w := range p.enc.Warnings() {
		all = append(all[:len(all):len(all)], engine.Notice{Message: w})
	}
	return all
}

// tag is the command tag, with the number of rows where PostgreSQL has one.
func (p *portal) tag(sent int64) string {
	tag := p.rows.Tag()
	if p.rows.Columns() == nil {
		return tag
	}
	switch tag {
	case "SELECT", "UPDATE", "DELETE", "MERGE", "FETCH":
		return tag + " " + strconv.FormatInt(sent, 10)
	case "INSERT":
		return "INSERT 0 " + strconv.FormatInt(sent, 10)
	}
	return tag
}

func (p *portal) close() {
	if p.rec != nil {
		p.rec.Release()
		p.rec = nil
	}
	if p.rows != nil {
		p.rows.Close()
	}
	if p.owned != nil {
		p.owned.Close()
	}
}
