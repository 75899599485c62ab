package server

import (
	"net"
	"strconv"
	"testing"
	"time"
)

func TestThrottle(t *testing.T) {
	now := time.Unix(1e9, 0)
	var th throttle
	th.now = func() time.Time { return now }
	for i := range freeFailures - 1 {
		if n, delay := th.wrong("a"); n != i+1 || delay != 0 {
			t.Errorf("failure %d: %d, delay %v", i+1, n, delay)
		}
	}
	if wait, ok := th.turn("a"); wait != 0 || !ok {
		t.Errorf("before the first delay: %v, %v", wait, ok)
	}
	for _, want := range []time.Duration{1, 2, 4, 8, 16, 16} {
		if _, delay := th.wrong("a"); delay != want*time.Second {
			t.Errorf("delay %v, want %d s", delay, want)
		}
	}
	// Many connections at once get one turn after the other, until the queue is too long.
	for _, want := range []time.Duration{16, 32} {
		if wait, ok := th.turn("a"); wait != want*time.Second || ok != (want <= 30) {
			t.Errorf("turn: wait %v, %v; want %d s", wait, ok, want)
		}
	}
	if wait, ok := th.turn("b"); wait != 0 || !ok {
		t.Errorf("another address: %v, %v", wait, ok)
	}
	now = now.Add(time.Minute)
	if wait, ok := th.turn("a"); wait != 0 || !ok {
		t.Errorf("a minute later: %v, %v", wait, ok)
	}
	now = now.Add(time.Minute)
	th.right("a")
	if n, _ := th.wrong("a"); n != (freeFailures+5)/rightForgives+1 {
		t.Errorf("after a right password: %d failures", n)
	}
	now = now.Add(forgetAfter + time.Second)
	if n, _ := th.wrong("a"); n != 1 {
		t.Errorf("after a long time: %d failures", n)
	}
	th.right("a")
	for i := range 2 * maxThrottled {
		now = now.Add(time.Millisecond)
		th.wrong(strconv.Itoa(i))
	}
	if len(th.by) != maxThrottled || th.by[strconv.Itoa(maxThrottled)] == nil {
		t.Errorf("%d addresses are kept, want the last %d", len(th.by), maxThrottled)
	}
}

func TestAddressOf(t *testing.T) {
	for in, want := range map[string]string{"10.1.2.3": "10.1.2.3", "::ffff:10.1.2.3": "10.1.2.3", "2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64"} {
		if got := addressOf(&net.TCPAddr{IP: net.ParseIP(in)}); got != want {
			t.Errorf("%s counts as %s, want %s", in, got, want)
		}
	}
	if got := addressOf(&net.UnixAddr{Net: "unix"}); got != "unix" {
		t.Errorf("a Unix socket counts as %s", got)
	}
}
