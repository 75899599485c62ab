package server

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"tarn/catalog/sqltype"
	"tarn/engine"
)

func (k *client) runSet(ctx context.Context, c command) (*engine.Rows, error) {
	if c.local && k.tx.block == noBlock {
		what := "SET LOCAL"
		if c.name == "" {
			what = "SET TRANSACTION"
		}
		k.warn("25P01", what+" can only be used in transaction blocks")
		return textRows(c.tag, nil), nil
	}
	for _, m := range c.more {
		if err := k.set(ctx, m[0], m[1], c.local); err != nil {
			return nil, err
		}
	}
	if c.name == "" {
		return textRows(c.tag, nil), nil
	}
	if len(c.values) == 0 {
		return textRows(c.tag, nil), k.reset(ctx, c.name, c.local)
	}
	value := strings.Join(c.values, ", ")
	if strings.EqualFold(c.name, "search_path") {
		value = searchPath(c.values)
	}
	return textRows(c.tag, nil), k.set(ctx, c.name, value, c.local)
}

// searchPath writes a list of schemas as the engine reads it. "$user" and pg_catalog, which name nothing in a lake
// and what is searched anyway, are left out.
func searchPath(schemas []string) string {
	var out []string
	for _, list := range schemas {
		for _, s := range strings.Split(list, ",") {
			if s = strings.TrimSpace(s); s != `"$user"` && s != "$user" && s != "pg_catalog" && s != "" {
				out = append(out, s)
			}
		}
	}
	if out == nil {
		return "public" // the engine would take none for a schema of its own
	}
	return strings.Join(out, ",")
}

// set changes one setting, in the engine too if it is one of its own.
func (k *client) set(ctx context.Context, name, value string, local bool) error {
	value, err := k.settings.check(name, value)
	if err != nil {
		return err
	}
	if err := k.early(name, value); err != nil {
		return err
	}
	t, _ := k.settings.lookup(name)
	if t.engine {
		if value, err = k.setEngine(ctx, t.name, value); err != nil {
			return err
		}
	}
	if t.elsewhere && value != t.initial {
		k.remark(fmt.Sprintf("parameter %q has no effect in Tarn", t.name), "")
	}
	k.settings.set(name, value, local)
	return nil
}

// early returns the error for what must be said of a transaction before its first query.
func (k *client) early(name, value string) error {
	if !k.tx.queried || k.settings.get(name) == value {
		return nil
	}
	switch name = strings.ToLower(name); {
	case name == "transaction_isolation":
		return failuref("25001", "SET TRANSACTION ISOLATION LEVEL must be called before any query")
	case name == "transaction_read_only" && value == "off":
		return failuref("25001", "transaction read-write mode must be set before any query")
	}
	return nil
}

// otherwise are the errors of a SET that its value does not explain; they are told as they are.
var otherwise = map[engine.ErrorKind]bool{engine.KindAborted: true, engine.KindCancelled: true, engine.KindTransaction: true, engine.KindIO: true, engine.KindFileChanged: true,
	engine.KindCorruptFile: true, engine.KindOutOfMemory: true, engine.KindInternal: true}

// setEngine changes a setting of the engine and returns its value as the engine spells it. A time zone that this
// system does not know is refused, because values could not be written in it.
func (k *client) setEngine(ctx context.Context, name, value string) (string, error) {
	before, err := k.ses.Setting(ctx, name)
	if err != nil {
		return "", err
	}
	lower := strings.ToLower(name)
	if k.settings.values[lower] == "" { // nobody set it before: this is what RESET returns to
		k.settings.values[lower], k.settings.start[lower] = before, before
		if k.settings.saved != nil {
			k.settings.saved[lower] = before
		}
	}
	if err := k.execEngine(ctx, "SET "+name+" = "+sqltype.QuoteText(value)); err != nil {
		var e *engine.Error
		if errors.As(err, &e) && !otherwise[e.Kind] {
			return "", &failure{code: "22023", message: fmt.Sprintf("invalid value for parameter %q: %q", name, value), detail: e.Message, hint: e.Detail}
		}
		return "", err
	}
	after, err := k.ses.Setting(ctx, name)
	if err != nil {
		return "", err
	}
	if _, unknown := time.LoadLocation(after); name == "TimeZone" && unknown != nil {
		return "", errors.Join(failuref("22023", "invalid value for parameter %q: %q: this system has no such zone", name, value),
			k.execEngine(ctx, "SET "+name+" = "+sqltype.QuoteText(before)))
	}
	return after, nil
}

func (k *client) runReset(ctx context.Context, c command) (*engine.Rows, error) {
	if c.name == "all" {
		return textRows(c.tag, nil), k.resetAll(ctx)
	}
	return textRows(c.tag, nil), k.reset(ctx, c.name, false)
}

// reset gives a setting the value that it had when the session began.
func (k *client) reset(ctx context.Context, name string, local bool) error {
	name = strings.ToLower(name)
	if k.settings.values[name] == k.settings.start[name] {
		return nil
	}
	if t, _ := k.settings.lookup(name); t.engine {
		return k.set(ctx, name, k.settings.start[name], local)
	}
	k.settings.set(name, k.settings.start[name], local)
	return nil
}

func (k *client) resetAll(ctx context.Context) error {
	for _, name := range slices.Sorted(maps.Keys(k.settings.values)) {
		if err := k.reset(ctx, name, false); err != nil {
			return err
		}
	}
	return nil
}

// endSettings brings the settings to what they are after a transaction.
func (k *client) endSettings(ctx context.Context, committed bool) error {
	return k.applySettings(ctx, k.settings.end(committed))
}

// applySettings gives settings these values, without a look at transactions.
func (k *client) applySettings(ctx context.Context, changed map[string]string) error {
	for name, value := range changed {
		if k.settings.table[name].engine {
			if _, err := k.setEngine(ctx, k.settings.table[name].name, value); err != nil {
				return err
			}
		}
		k.settings.values[name] = value
	}
	return nil
}

// startSettings applies the parameters of the startup message, which are also what RESET returns to.
func (k *client) startSettings(ctx context.Context, m *startup) error {
	pairs, err := startPairs(m)
	if err != nil {
		return err
	}
	zone, err := k.ses.Setting(ctx, "TimeZone")
	if err != nil {
		return err
	}
	k.settings.values["timezone"] = zone
	for _, p := range pairs {
		if err := k.set(ctx, p[0], p[1], false); err != nil {
			return err
		}
	}
	k.settings.start = maps.Clone(k.settings.values)
	return nil
}

// reportChanges tells the client of settings that have changed.
func (k *client) reportChanges() {
	k.out.recode = k.encoding()
	k.settings.report(k.out)
}
