package server

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
)

// diffAnswer is all that a client learns from a statement, in a form to compare and read.
type diffAnswer struct {
	params  string // the OIDs of the parameters
	results []diffResult
	failure string // the SQLSTATE
	message string // of the failure, which is not compared
	notices []string
	status  byte // of the transaction
}

// diffResult is the answer to one of the statements of a message.
type diffResult struct {
	columns []string
	rows    []string
	tag     string
}

// sort puts rows into an order of their own.
func (a *diffAnswer) sort() {
	for _, r := range a.results {
		slices.Sort(r.rows)
	}
}

func (a diffAnswer) lines() (out []string) {
	if a.params != "" {
		out = append(out, "parameters "+a.params)
	}
	for _, r := range a.results {
		if r.columns != nil {
			out = append(out, strings.Join(r.columns, " | "))
		}
		out = append(append(out, r.rows...), r.tag)
	}
	out = append(out, a.notices...)
	if a.failure != "" {
		out = append(out, "ERROR "+a.failure)
	}
	if a.status != 'I' {
		out = append(out, "in transaction "+string(a.status))
	}
	return out
}

// String is the answer as the files of the suite state it.
func (a diffAnswer) String() string { return strings.Join(a.lines(), "\n") + "\n" }

// answer sends a statement. Notices are compared by severity and SQLSTATE.
func (s *diffSession) answer(t *testing.T, b *diffBlock, m diffMode) diffAnswer {
	c := s.open(t)
	s.notices = nil
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	var a diffAnswer
	var err error
	if m.simple {
		results := c.Exec(ctx, b.sql)
		for results.NextResult() {
			a.results = append(a.results, readResult(results.ResultReader(), 0))
		}
		err = results.Close()
	} else {
		err = s.extended(ctx, t, b, m, &a)
	}
	var pe *pgconn.PgError
	if errors.As(err, &pe) {
		a.failure, a.message = pe.Code, "\n"+pe.Severity+": "+pe.Message
	} else if err != nil {
		a.failure, a.message = "?????", "\n"+err.Error()
	}
	if n := len(a.results); err != nil && n > 0 && a.results[n-1].tag == "" { // how far it came does not matter
		a.results = a.results[:n-1]
	}
	a.notices, a.status = s.notices, c.TxStatus()
	return a
}

// extended prepares and runs a statement.
func (s *diffSession) extended(ctx context.Context, t *testing.T, b *diffBlock, m diffMode, a *diffAnswer) error {
	types := pgtype.NewMap()
	var oids []uint32
	for _, p := range b.params {
		oids = append(oids, paramOID(t, types, p.typ))
	}
	prepared, err := s.conn.Prepare(ctx, "", b.sql, oids)
	if err != nil {
		return err
	}
	values, formats := make([][]byte, len(b.params)), make([]int16, len(b.params))
	for i, p := range b.params {
		if i >= len(prepared.ParamOIDs) {
			return errors.New("the server does not know of all parameters")
		}
		values[i], formats[i] = encodeParam(types, prepared.ParamOIDs[i], p.text, m.format)
	}
	if len(prepared.ParamOIDs) > 0 {
		a.params = strings.Trim(fmt.Sprint(prepared.ParamOIDs), "[]")
	}
	reader := s.conn.ExecPrepared(ctx, "", values, formats, []int16{m.format})
	r := readResult(reader, m.format)
	_, err = reader.Close()
	if r.columns != nil && len(r.columns) != len(prepared.Fields) {
		return fmt.Errorf("Describe told of %d columns, the portal has %d", len(prepared.Fields), len(r.columns))
	}
	a.results = append(a.results, r)
	return err
}

// paramOID is the OID that the client declares; unknown leaves it open.
func paramOID(t *testing.T, types *pgtype.Map, name string) uint32 {
	if name == "unknown" {
		return 0
	}
	if oid, ok := map[string]uint32{"timetz": 1266}[name]; ok {
		return oid
	}
	typ, ok := types.TypeForName(name)
	if !ok {
		t.Fatalf("there is no parameter type %q", name)
	}
	return typ.OID
}

// encodeParam writes a parameter in a format; what the client cannot write in binary goes as text.
func encodeParam(types *pgtype.Map, oid uint32, text []byte, format int16) ([]byte, int16) {
	typ, known := types.TypeForOID(oid)
	if text == nil || format == 0 || !known || oid == pgtype.UnknownOID {
		return text, 0
	}
	value, err := typ.Codec.DecodeValue(types, oid, pgtype.TextFormatCode, text)
	if oid == pgtype.JSONOID || oid == pgtype.JSONBOID {
		value = text
	}
	if err != nil {
		return text, 0
	}
	b, err := types.Encode(oid, pgtype.BinaryFormatCode, value, nil)
	if err != nil {
		return text, 0
	}
	return b, 1
}

// readResult reads the rows of one statement.
func readResult(reader *pgconn.ResultReader, format int16) (r diffResult) {
	for i, f := range reader.FieldDescriptions() {
		name := fmt.Sprintf("%s %d", f.Name, f.DataTypeOID)
		if f.TypeModifier != -1 {
			name += fmt.Sprintf("(%d)", f.TypeModifier)
		}
		if want := map[bool]int16{true: 1}[format == 1]; f.Format != want && i == 0 {
			name += fmt.Sprintf(" format %d", f.Format)
		}
		r.columns = append(r.columns, fmt.Sprintf("%s %d", name, f.DataTypeSize))
	}
	for reader.NextRow() {
		row := make([]string, 0, len(r.columns))
		for _, v := range reader.Values() {
			switch {
			case v == nil:
				row = append(row, "NULL")
			case format == 1 || !utf8.Valid(v):
				row = append(row, hex.EncodeToString(v))
			default:
				row = append(row, fmt.Sprintf("%q", v))
			}
		}
		r.rows = append(r.rows, strings.Join(row, " | "))
	}
	tag, _ := reader.Close()
	r.tag = tag.String()
	return r
}
