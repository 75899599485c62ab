package server

import (
	"sync"
	"time"
)

// The rules for addresses from which logins fail.
const (
	freeFailures  = 5                // before there is a delay; psql tries twice, with TLS and without
	firstDelay    = time.Second      // then, doubling with each failure
	longestDelay  = 16 * time.Second //
	longestQueue  = 30 * time.Second // who had to wait longer is refused
	forgetAfter   = 15 * time.Minute // without a failure
	maxThrottled  = 4096             // addresses; beyond, the one that failed longest ago is forgotten
	rightForgives = 2                // a right password divides the failures by this: a user who mistypes is not an attacker
)

// throttle slows down who tries passwords. Each address gets a turn after the delay that its failures have earned, one at a
// time however many connections it opens. It holds a bounded number of addresses. Its zero value is ready for use.
type throttle struct {
	mu  sync.Mutex
	by  map[string]*culprit
	now func() time.Time // nil means time.Now
}

// culprit is an address from which logins failed.
type culprit struct {
	failures int
	last     time.Time // of the failures
	next     time.Time // when the next turn is free
}

func (t *throttle) time() time.Time {
	if t.now != nil {
		return t.now()
	}
	return time.Now()
}

func (c *culprit) delay() time.Duration {
	if c.failures < freeFailures {
		return 0
	}
	return min(firstDelay<<min(c.failures-freeFailures, 10), longestDelay)
}

// turn returns how long a client from address is to wait before it may try; not ok if that is too long.
func (t *throttle) turn(address string) (wait time.Duration, ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	c, now := t.by[address], t.time()
	if c == nil || c.delay() == 0 {
		return 0, true
	}
	wait = max(0, c.next.Sub(now))
	if wait > longestQueue {
		return wait, false
	}
	c.next = now.Add(wait + c.delay())
	return wait, true
}

// wrong counts a failure. It returns how many there were and what the next login from there waits.
func (t *throttle) wrong(address string) (failures int, delay time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.time()
	c := t.by[address]
	if c == nil || now.Sub(c.last) > forgetAfter {
		t.makeRoom(now)
		c = &culprit{next: now}
		t.by[address] = c
	}
	c.failures++
	c.last = now
	if next := now.Add(c.delay()); next.After(c.next) {
		c.next = next
	}
	return c.failures, c.delay()
}

// right forgives an address.
func (t *throttle) right(address string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if c := t.by[address]; c != nil {
		if c.failures /= rightForgives; c.failures == 0 {
			delete(t.by, address)
		}
	}
}

// makeRoom forgets the addresses that have behaved, or else the one that failed longest ago.
func (t *throttle) makeRoom(now time.Time) {
	if t.by == nil {
		t.by = map[string]*culprit{}
	}
	if len(t.by) < maxThrottled {
		return
	}
	oldest := ""
	for address, c := range t.by {
		if now.Sub(c.last) > forgetAfter {
			delete(t.by, address)
		} else if oldest == "" || c.last.Before(t.by[oldest].last) {
			oldest = address
		}
	}
	if len(t.by) >= maxThrottled {
		delete(t.by, oldest)
	}
}
