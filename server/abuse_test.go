package server

import (
	"context"
	"encoding/binary"
	"math/rand/v2"
	"net"
	"runtime"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgproto3"
)

// abuses are what strange clients do to a connection that has logged in.
var abuses = map[string]func(r *rand.Rand, nc net.Conn){
	"random bytes": func(r *rand.Rand, nc net.Conn) {
		b := make([]byte, r.IntN(5000))
		for i := range b {
			b[i] = byte(r.Uint32())
		}
		nc.Write(b)
	},
	"mutated messages": func(r *rand.Rand, nc net.Conn) {
		b := conversation()
		for range 1 + r.IntN(4) {
			b[r.IntN(len(b))] = byte(r.Uint32())
		}
		nc.Write(b)
	},
	"messages in any order": func(r *rand.Rand, nc net.Conn) {
		var b []byte
		for range 30 {
			m := messages()
			b, _ = m[r.IntN(len(m))].Encode(b)
		}
		nc.Write(b)
	},
	"cut in the middle": func(r *rand.Rand, nc net.Conn) {
		b := conversation()
		nc.Write(b[:r.IntN(len(b))])
	},
	"absurd lengths": func(r *rand.Rand, nc net.Conn) {
		b := []byte{"QPBDEd"[r.IntN(6)], 0, 0, 0, 0, 1, 2, 3}
		binary.BigEndian.PutUint32(b[1:], []uint32{0, 3, 1 << 31, 1<<32 - 1, 1 << 26}[r.IntN(5)])
		nc.Write(b)
	},
	"leaving amid rows": func(_ *rand.Rand, nc net.Conn) {
		b, _ := (&pgproto3.Query{String: "rows 1000000"}).Encode(nil)
		nc.Write(b)
		nc.Read(make([]byte, 100))
	},
	"leaving amid COPY": func(_ *rand.Rand, nc net.Conn) {
		b, _ := (&pgproto3.Query{String: "COPY x FROM STDIN"}).Encode(nil)
		b, _ = (&pgproto3.CopyData{Data: []byte("1\ta\n")}).Encode(b)
		nc.Write(b)
	},
	"leaving a cursor and a transaction": func(_ *rand.Rand, nc net.Conn) {
		b, _ := (&pgproto3.Query{String: "BEGIN; DECLARE c SCROLL CURSOR FOR rows 5000; FETCH 3 FROM c"}).Encode(nil)
		nc.Write(b)
		nc.Read(make([]byte, 100))
	},
}

// messages are some of each kind.
func messages() []pgproto3.FrontendMessage {
	return []pgproto3.FrontendMessage{
		&pgproto3.Query{String: "rows 3; SET application_name = 'x'; fail"}, &pgproto3.Query{String: "BEGIN"}, &pgproto3.Query{String: "COPY x FROM STDIN"},
		&pgproto3.Parse{Name: "s", Query: "echo $1", ParameterOIDs: []uint32{25}}, &pgproto3.Parse{Query: "rows 100"}, &pgproto3.Parse{Query: "COPY (rows 3) TO STDOUT"},
		&pgproto3.Bind{PreparedStatement: "s", Parameters: [][]byte{[]byte("x")}}, &pgproto3.Bind{DestinationPortal: "p", ParameterFormatCodes: []int16{0, 1, 7}},
		&pgproto3.Describe{ObjectType: 'S', Name: "s"}, &pgproto3.Describe{ObjectType: 'P'}, &pgproto3.Execute{MaxRows: 2}, &pgproto3.Execute{Portal: "p"},
		&pgproto3.Close{ObjectType: 'S', Name: "s"}, &pgproto3.Flush{}, &pgproto3.Sync{}, &pgproto3.CopyData{Data: []byte("1\ta\n")}, &pgproto3.CopyDone{},
		&pgproto3.CopyFail{Message: "no"}, &pgproto3.FunctionCall{}, &pgproto3.Query{String: "DECLARE c CURSOR WITH HOLD FOR rows 10; FETCH 5 FROM c; CLOSE c"},
		&pgproto3.Query{String: "PREPARE q AS rows 1; EXECUTE q; DEALLOCATE q"}, &pgproto3.Query{String: "ROLLBACK"}, &pgproto3.Query{String: "SAVEPOINT a"},
	}
}

// conversation is one of each of them.
func conversation() (b []byte) {
	for _, m := range messages() {
		b, _ = m.Encode(b)
	}
	return b
}

// TestAbuse has strange clients come and go while another works undisturbed; in the end no goroutine and no memory is left of them.
func TestAbuse(t *testing.T) {
	s, addr, sessions := startFake(t, Options{})
	good, err := connect(t, addr, "")
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(5, 15))
	round := func() {
		for name, abuse := range abuses {
			nc, fe := dial(t, addr, nil)
			readAnswers(t, fe, "ReadyForQuery")
			abuse(r, nc)
			nc.SetReadDeadline(time.Now().Add(time.Duration(r.IntN(3)) * time.Millisecond)) // some read a little of the answer
			nc.Read(make([]byte, 1000))
			nc.Close()
			if got, err := good.Exec(context.Background(), "rows 5").ReadAll(); err != nil || len(got[0].Rows) != 5 {
				t.Fatalf("%s disturbed another session: %v", name, err)
			}
		}
		for len(s.Sessions()) > 1 {
			time.Sleep(time.Millisecond)
		}
		for len(sessions) > 0 {
			<-sessions
		}
		runtime.GC()
	}
	for range 3 {
		round()
	}
	goroutines, memory := runtime.NumGoroutine(), heap()
	for range 30 {
		round()
	}
	for try := 0; runtime.NumGoroutine() > goroutines+2; try++ {
		if try == 2000 {
			t.Fatalf("%d goroutines, %d before", runtime.NumGoroutine(), goroutines)
		}
		time.Sleep(time.Millisecond)
	}
	if now := heap(); now > memory+8<<20 {
		t.Errorf("%d bytes are in use, %d before", now, memory)
	}
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// TestSlowReader has a client read the rows of a long result slowly: the server holds no more than a few pieces of them.
func TestSlowReader(t *testing.T) {
	_, addr, _ := startFake(t, Options{})
	nc, fe := dial(t, addr, nil)
	readAnswers(t, fe, "ReadyForQuery")
	before := heap()
	b, _ := (&pgproto3.Query{String: "rows 3000000"}).Encode(nil)
	nc.Write(b)
	buf := make([]byte, 4096)
	for range 20 {
		if _, err := nc.Read(buf); err != nil {
			t.Fatal(err)
		}
		if now := heap(); now > before+32<<20 {
			t.Fatalf("%d bytes are in use, %d before", now, before)
		}
	}
	good, err := connect(t, addr, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := good.Exec(context.Background(), "rows 5").ReadAll(); err != nil {
		t.Error(err)
	}
}
