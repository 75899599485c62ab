package lakefile

import (
	"path"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
)

// Pattern is a glob over the paths of files below the root: * and ? stay in a folder, ** spans any number of folders,
// {a,b} and [0-9] choose. One that ends with a slash means all that is in the folder.
type Pattern struct {
	Line int
	Glob string
}

// Match reports whether the pattern covers a path.
func (p Pattern) Match(file string) bool {
	return doublestar.MatchUnvalidated(p.whole(), file)
}

func (p Pattern) whole() string {
	if strings.HasSuffix(p.Glob, "/") {
		return p.Glob + "**"
	}
	return p.Glob
}

// Wider returns a pattern that the user may have meant with one that covers no file: the same in any folder, or all that
// is in the folder of that name.
func (p Pattern) Wider() []Pattern {
	return []Pattern{{p.Line, "**/" + p.Glob}, {p.Line, strings.TrimSuffix(p.Glob, "/") + "/**"}}
}

// badGlob says what is wrong with a glob, or "".
func badGlob(glob string) string {
	switch {
	case glob == "":
		return `is empty; give a glob such as "raw/*.csv"`
	case strings.Contains(glob, `\`) && !strings.ContainsAny(glob, `*?[{`):
		return "has a backslash; folders are parted by / on every system"
	case strings.HasPrefix(glob, "/"), len(glob) > 1 && glob[1] == ':':
		return "is an absolute path; globs are below the root of the lake: leave out what is above"
	case strings.HasPrefix(path.Clean(glob), ".."):
		return "leads out of the lake; globs are below its root"
	case strings.HasPrefix(glob, "./"), strings.Contains(glob, "//"), strings.Contains(glob, "/./"), strings.Contains(glob, "/../"):
		return "never matches, since paths are compared as they are; write it as " + path.Clean(glob)
	case !doublestar.ValidatePattern(glob):
		return "is no valid glob; a [ or { is never closed, or a backslash ends it"
	}
	return ""
}
