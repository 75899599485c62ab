package catalog

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"tarn/catalog/lakefile"
	"tarn/storage"
)

// mostExcluded is how many excluded files are listed one by one.
const mostExcluded = 1000

// chosen is a listing as a config leaves it.
type chosen struct {
	config    *config
	listing   storage.Listing
	conflicts lakefile.Problems // files that two tables claim
	notices   []string
	wrong     error // why the lake.yaml of this moment is not followed
}

// choose returns the listing as the lake.yaml of this moment leaves it. One that is wrong is an error when the lake is opened;
// later the one before goes on, with a notice.
func (c *Catalog) choose(listing *storage.Listing, before *config) (*chosen, error) {
	now, err := c.readConfig()
	var out *chosen
	if err == nil {
		out = choose(now, listing)
		if len(out.conflicts) > 0 && (c.opened == nil || now.stored() != before.stored()) {
			err = out.conflicts
		}
	}
	switch {
	case err == nil:
		return out, nil
	case c.opened == nil:
		return nil, fmt.Errorf("the lake's settings are wrong, so nothing was read:\n%w", err)
	}
	out = choose(before, listing)
	out.wrong = fmt.Errorf("the lake's settings are wrong, and those before this change stay in force:\n%w", err)
	for _, line := range strings.Split(err.Error(), "\n") {
		out.notices = append(out.notices, line+" (the settings before this change stay in force)")
	}
	return out, nil
}

// choose applies a config to a listing, which it leaves as it is. The lake.yaml itself is in neither list.
func choose(c *config, listing *storage.Listing) *chosen {
	out := &chosen{config: c, listing: *listing}
	out.listing.Skipped = slices.DeleteFunc(slices.Clone(listing.Skipped), func(s storage.Skip) bool { return isConfig(s.Path) })
	if c == nil {
		return out
	}
	used := make([]bool, len(c.patterns))
	left := map[int][]storage.Skip{} // by the pattern that leaves them out
	out.listing.Files = nil
	for _, f := range listing.Files {
		s := c.of(f.Path)
		for _, i := range s.match {
			used[i] = true
		}
		switch {
		case s.left != "":
			left[s.by] = append(left[s.by], storage.Skip{Path: f.Path, Reason: s.left})
		case s.also != nil:
			p := c.bothClaim(f.Path, s)
			out.conflicts = append(out.conflicts, p)
			left[-2] = append(left[-2], storage.Skip{Path: f.Path, Reason: p.Error()})
		default:
			out.listing.Files = append(out.listing.Files, f)
		}
	}
	for by, skips := range left {
		if len(skips) > mostExcluded {
			skips = []storage.Skip{{Path: c.shownPattern(by), Reason: fmt.Sprintf("%s: %s", countFiles(len(skips)), skips[0].Reason)}}
		}
		out.listing.Skipped = append(out.listing.Skipped, skips...)
	}
	sort.SliceStable(out.listing.Skipped, func(i, j int) bool { return out.listing.Skipped[i].Path < out.listing.Skipped[j].Path })
	for i, p := range c.patterns {
		if !used[i] {
			out.notices = append(out.notices, c.unmatched(p, listing.Files))
		}
	}
	return out
}

// shownPattern names the pattern that leaves files out.
func (c *config) shownPattern(by int) string {
	if by < 0 {
		return "**"
	}
	return c.patterns[by].Glob
}

// bothClaim tells of a file that is among the files of two tables.
func (c *config) bothClaim(path string, s *saying) lakefile.Problem {
	return lakefile.Problem{File: c.file.Name, Line: s.also.Line, Text: fmt.Sprintf("the file %s is among the files of the tables %s.%s (line %d) and %s.%s "+
		"(line %d), but can be in one only; narrow the globs of one of them", path, s.table.Schema, s.table.Name, s.table.Line,
		s.also.Schema, s.also.Name, s.also.Line)}
}

// unmatched tells of a pattern that covers no file, and of one that would.
func (c *config) unmatched(p pattern, files []storage.File) string {
	text := fmt.Sprintf("%s: the glob %q covers no file of the lake", c.line(p.Line), p.Glob)
	for _, wider := range p.Wider() {
		n := 0
		for _, f := range files {
			if wider.Match(f.Path) {
				n++
			}
		}
		if n > 0 {
			return fmt.Sprintf("%s; %q would cover %s", text, wider.Glob, countFiles(n))
		}
	}
	return text
}

// says is what the crawl's config says of a file.
func (k *crawl) says(path string) *saying { return k.config.of(path) }

// fits reports whether a file was read with the hints that lake.yaml gives now.
func (k *crawl) fits(r *record) bool { return r.print == k.says(r.path).printFor(r.kind) }

// pinsFound reports whether a table is one that the catalog finds, with types for its columns.
func pinsFound(t lakefile.Table) bool { return len(t.Files) == 0 && len(pinnedTypes(&t)) > 0 }
