package lakefile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// MaxSize is how long a lake.yaml may be, in bytes.
const MaxSize = 1 << 20

// Parse reads the text of a lake.yaml called name. The error is Problems, with all mistakes.
func Parse(name string, text []byte) (*File, error) {
	p := &parser{name: name}
	out := &File{Name: name, OnReject: Skip}
	if root := p.document(text); root != nil {
		p.file(out, root)
	}
	if len(p.problems) > 0 {
		return nil, p.problems.Sorted()
	}
	return out, nil
}

// parser collects the mistakes of one file.
type parser struct {
	name     string
	problems Problems
}

// fail notes a mistake at a node; nil means that no line is known.
func (p *parser) fail(n *yaml.Node, format string, args ...any) {
	line := 0
	if n != nil {
		line = n.Line
	}
	p.problems = append(p.problems, Problem{p.name, line, fmt.Sprintf(format, args...)})
}

// syntaxLine finds the line in an error of the YAML parser.
var syntaxLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?`)

// document returns the content of the file as a tree, nil if there is none.
func (p *parser) document(text []byte) *yaml.Node {
	if len(text) > MaxSize {
		p.fail(nil, "the file is larger than %d bytes; replace lists of files by globs", MaxSize)
		return nil
	}
	d := yaml.NewDecoder(bytes.NewReader(text))
	var doc, more yaml.Node
	err := d.Decode(&doc)
	if err == nil {
		if second := d.Decode(&more); second == nil {
			p.fail(&more, "a second document begins here; put everything into one and remove the line ---")
			return nil
		} else if !errors.Is(second, io.EOF) {
			err = second
		}
	}
	switch {
	case errors.Is(err, io.EOF):
		return nil
	case err != nil:
		m := syntaxLine.FindStringSubmatch(err.Error())
		n := &yaml.Node{}
		if m != nil {
			n.Line, _ = strconv.Atoi(m[1])
		}
		p.fail(n, "this is no valid YAML: %s; look at the indentation, quotes and brackets around this line", syntaxLine.ReplaceAllString(err.Error(), ""))
		return nil
	case len(doc.Content) == 0:
		return nil
	}
	return doc.Content[0]
}

// keys are what a mapping may hold, each with what reads its value.
type keys map[string]func(key, value *yaml.Node)

// mapping reads the keys of a mapping in their order; what names it in messages. An empty value is an empty mapping.
func (p *parser) mapping(n *yaml.Node, what string, known keys) {
	p.each(n, what, func(key, value *yaml.Node) {
		if read := known[key.Value]; read != nil {
			read(key, value)
			return
		}
		p.fail(key, "%s has no key %q; %s", what, key.Value, didYouMean(key.Value, slices.Sorted(maps.Keys(known))))
	})
}

// each calls read for every key of a mapping. A key that comes twice is a mistake.
func (p *parser) each(n *yaml.Node, what string, read func(key, value *yaml.Node)) {
	n = resolve(n)
	if isNull(n) {
		return
	}
	if n.Kind != yaml.MappingNode {
		p.fail(n, "%s must be keys with values, not %s; write it as key: value, one a line and indented", what, kindOf(n))
		return
	}
	first := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := resolve(n.Content[i]), resolve(n.Content[i+1])
		switch {
		case n.Content[i].Tag == "!!merge":
			p.fail(key, "merge keys (<<) are not supported; write the keys out, or use defaults:")
		case key.Kind != yaml.ScalarNode:
			p.fail(key, "a key of %s must be a word, not %s", what, kindOf(key))
		case first[key.Value] > 0:
			p.fail(key, "%q is in %s twice, first on line %d; keep one", key.Value, what, first[key.Value])
		default:
			first[key.Value] = key.Line
			read(key, value)
		}
	}
}

// text reads a scalar as it is spelled; an empty one, or null, is none.
func (p *parser) text(n *yaml.Node, what string) (string, bool) {
	switch {
	case n.Kind != yaml.ScalarNode:
		p.fail(n, "%s must be one value, not %s", what, kindOf(n))
	case isNull(n) && n.Value != "":
		p.fail(n, `%s is %s, which YAML takes for nothing; write it in quotes: "%s"`, what, n.Value, n.Value)
	case isNull(n):
		p.fail(n, `%s has no value; give one, or remove the line (empty text is "")`, what)
	default:
		return n.Value, true
	}
	return "", false
}

// texts reads a list of scalars, or one of them without a list. It returns their nodes too.
func (p *parser) texts(n *yaml.Node, what string) (out []string, nodes []*yaml.Node) {
	items := []*yaml.Node{n}
	if n.Kind == yaml.SequenceNode {
		items = n.Content
	}
	out = []string{}
	for _, item := range items {
		item = resolve(item)
		if s, ok := p.text(item, what); ok {
			out, nodes = append(out, s), append(nodes, item)
		}
	}
	return out, nodes
}

// word reads one of several words.
func (p *parser) word(n *yaml.Node, what string, among ...string) (string, bool) {
	s, ok := p.text(n, what)
	if ok && !slices.Contains(among, s) {
		p.fail(n, "%s cannot be %q; %s", what, s, didYouMean(s, among))
		return "", false
	}
	return s, ok
}

// patterns reads a list of globs.
func (p *parser) patterns(n *yaml.Node, what string) (out []Pattern) {
	first := map[string]bool{}
	globs, nodes := p.texts(n, "a glob of "+what)
	for i, g := range globs {
		switch bad := badGlob(g); {
		case bad != "":
			p.fail(nodes[i], "the glob %q of %s %s", g, what, bad)
		case first[g]:
			p.fail(nodes[i], "the glob %q is in %s twice; keep one", g, what)
		default:
			first[g] = true
			out = append(out, Pattern{nodes[i].Line, g})
		}
	}
	return out
}

// resolve follows an alias to what it stands for, which keeps its own line.
func resolve(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.Tag == "!!null" }

// kindOf names what a node is.
func kindOf(n *yaml.Node) string {
	switch {
	case n.Kind == yaml.MappingNode:
		return "keys with values"
	case n.Kind == yaml.SequenceNode:
		return "a list"
	case isNull(n):
		return "nothing"
	case len(n.Value) > 30:
		return strconv.Quote(strings.ToValidUTF8(n.Value[:30], "")) + "..."
	}
	return strconv.Quote(n.Value)
}
