package server

import (
	"flag"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgproto3"
)

var update = flag.Bool("update", false, "write what the server answers into testdata/wire")

// TestWire plays the conversations in testdata/wire. A line with > is a message of the client, one with < is what the
// server answers; everything else is comment. After query, sync and flush the server's answers are read.
func TestWire(t *testing.T) {
	files, err := filepath.Glob("testdata/wire/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no conversations: %v", err)
	}
	_, addr, _ := startFake(t, Options{Version: "1.2"})
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := play(t, addr, string(text))
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			} else if d := cmp.Diff(string(text), got); d != "" {
				t.Errorf("the server answers otherwise (-want +got); if that is right, run the test with -update\n%s", d)
			}
		})
	}
}

// dial connects and logs in.
func dial(t testing.TB, addr string, params map[string]string) (net.Conn, *pgproto3.Frontend) {
	t.Helper()
	nc, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { nc.Close() })
	nc.SetDeadline(time.Now().Add(20 * time.Second))
	fe := pgproto3.NewFrontend(nc, nc)
	if params == nil {
		params = map[string]string{"user": "ann"}
	}
	fe.Send(&pgproto3.StartupMessage{ProtocolVersion: pgproto3.ProtocolVersion30, Parameters: params})
	if err := fe.Flush(); err != nil {
		t.Fatal(err)
	}
	return nc, fe
}

// play returns the conversation with the server's answers.
func play(t *testing.T, addr, text string) string {
	_, fe := dial(t, addr, nil)
	readAnswers(t, fe, "ReadyForQuery")
	var out strings.Builder
	for _, line := range strings.SplitAfter(text, "\n") {
		line = strings.TrimSuffix(line, "\n")
		if line == "" || line[0] != '>' {
			if !strings.HasPrefix(line, "<") && line != "" {
				out.WriteString(line + "\n")
			}
			continue
		}
		out.WriteString(line + "\n")
		msg, until := clientMessage(t, strings.TrimSpace(line[1:]))
		fe.Send(msg)
		if until != "" {
			if err := fe.Flush(); err != nil {
				t.Fatal(err)
			}
			for _, a := range readAnswers(t, fe, until) {
				out.WriteString("< " + a + "\n")
			}
		}
	}
	return out.String()
}

// clientMessage parses a line, and says which answer ends those to be read, if any.
func clientMessage(t *testing.T, line string) (pgproto3.FrontendMessage, string) {
	verb, rest, _ := strings.Cut(line, " ")
	args := strings.Fields(rest)
	name := func(i int) string { return strings.ReplaceAll(args[i], "-", "") }
	switch verb {
	case "query":
		return &pgproto3.Query{String: strings.ReplaceAll(rest, `\n`, "\n")}, "ReadyForQuery"
	case "sync":
		return &pgproto3.Sync{}, "ReadyForQuery"
	case "flush": // flush MESSAGE: the answers up to that one
		return &pgproto3.Flush{}, args[0]
	case "parse": // parse NAME OIDS SQL
		m := &pgproto3.Parse{Name: name(0), Query: strings.SplitN(rest+" ", " ", 3)[2]}
		for _, oid := range strings.Split(name(1), ",") {
			if n, err := strconv.ParseUint(oid, 10, 32); err == nil {
				m.ParameterOIDs = append(m.ParameterOIDs, uint32(n))
			}
		}
		return m, ""
	case "bind": // bind PORTAL STATEMENT RESULTFORMAT ARGS
		m := &pgproto3.Bind{DestinationPortal: name(0), PreparedStatement: name(1)}
		if n, err := strconv.ParseInt(args[2], 10, 16); err == nil {
			m.ResultFormatCodes = []int16{int16(n)}
		}
		for _, a := range args[3:] {
			if a == "NULL" {
				m.Parameters = append(m.Parameters, nil)
			} else {
				m.Parameters = append(m.Parameters, []byte(a))
			}
		}
		return m, ""
	case "describe":
		return &pgproto3.Describe{ObjectType: args[0][0], Name: name(1)}, ""
	case "execute":
		n, _ := strconv.Atoi(args[1])
		return &pgproto3.Execute{Portal: name(0), MaxRows: uint32(n)}, ""
	case "close":
		return &pgproto3.Close{ObjectType: args[0][0], Name: name(1)}, ""
	case "function":
		return &pgproto3.FunctionCall{}, "ReadyForQuery"
	case "copydata":
		return &pgproto3.CopyData{Data: []byte(strings.NewReplacer(`\n`, "\n", `\t`, "\t").Replace(rest))}, ""
	case "copydone": // copydone UNTIL: what ends the answers to be read, if any
		return &pgproto3.CopyDone{}, rest
	case "copyfail":
		return &pgproto3.CopyFail{Message: rest}, ""
	case "copy": // copy SQL: a Query that is answered by CopyInResponse
		return &pgproto3.Query{String: rest}, "Copy"
	}
	t.Fatalf("unknown message %q", line)
	return nil, ""
}

// readAnswers reads up to a message of the type until.
func readAnswers(t testing.TB, fe *pgproto3.Frontend, until string) []string {
	t.Helper()
	var out []string
	for {
		msg, err := fe.Receive()
		if err != nil {
			t.Fatalf("after %q: %v", out, err)
		}
		a := answer(msg)
		out = append(out, a)
		if strings.HasPrefix(a, until) {
			return out
		}
	}
}

// answer writes a message of the server on one line.
func answer(msg pgproto3.BackendMessage) string {
	kind := strings.TrimPrefix(fmt.Sprintf("%T", msg), "*pgproto3.")
	var rest []string
	switch m := msg.(type) {
	case *pgproto3.RowDescription:
		for _, f := range m.Fields {
			rest = append(rest, fmt.Sprintf("%s:%d/%d", f.Name, f.DataTypeOID, f.Format))
		}
	case *pgproto3.DataRow:
		for _, v := range m.Values {
			if v == nil {
				rest = append(rest, "NULL")
			} else {
				rest = append(rest, strconv.Quote(string(v)))
			}
		}
	case *pgproto3.CommandComplete:
		rest = append(rest, string(m.CommandTag))
	case *pgproto3.ReadyForQuery:
		rest = append(rest, string(m.TxStatus))
	case *pgproto3.ParameterStatus:
		rest = append(rest, m.Name, m.Value)
	case *pgproto3.ParameterDescription:
		rest = append(rest, fmt.Sprint(m.ParameterOIDs))
	case *pgproto3.ErrorResponse:
		rest = append(rest, m.Severity, m.Code, m.Message)
		for _, f := range []struct{ name, value string }{{"detail", m.Detail}, {"hint", m.Hint}, {"where", m.Where}} {
			if f.value != "" {
				rest = append(rest, "("+f.name+": "+strings.ReplaceAll(f.value, "\n", `\n`)+")")
			}
		}
		if m.Position != 0 {
			rest = append(rest, fmt.Sprintf("(at %d)", m.Position))
		}
	case *pgproto3.NoticeResponse:
		rest = append(rest, m.Severity, m.Code, m.Message, "("+m.Hint+")")
	case *pgproto3.CopyData:
		rest = append(rest, strconv.Quote(string(m.Data)))
	case *pgproto3.CopyOutResponse:
		rest = append(rest, fmt.Sprint(m.OverallFormat, m.ColumnFormatCodes))
	case *pgproto3.CopyInResponse:
		rest = append(rest, fmt.Sprint(m.OverallFormat, m.ColumnFormatCodes))
	case *pgproto3.NotificationResponse:
		rest = append(rest, m.Channel, m.Payload)
	}
	return strings.TrimSpace(kind + " " + strings.Join(rest, " "))
}

func TestCastTypes(t *testing.T) {
	for sql, want := range map[string]string{
		"SELECT $1::int, $2 :: decimal(9,3), CAST($3 AS timestamp with time zone)": "map[1:INTEGER 2:DECIMAL(9,3) 3:TIMESTAMP WITH TIME ZONE]",
		"SELECT $1::int[], cast( $2 as varchar[]) FROM x":                          "map[1:INTEGER[] 2:VARCHAR[]]",
		"SELECT $1::nonsense, $2, '$3::int', $4::int + $4::text":                   "map[4:INTEGER]",
		"SELECT $1::": "map[]",
		"SELECT $1":   "map[]",
	} {
		if got := fmt.Sprint(castTypes(sql)); got != want {
			t.Errorf("%s: %s, want %s", sql, got, want)
		}
	}
}
