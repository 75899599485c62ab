package catalog

import (
	"path"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// noName is the name of what has no letter or digit in its name.
const noName = "table"

// cleanName turns the name of a file or folder into one that SQL takes unquoted, as far as it can: composed (NFC) and in
// lower case, each run of characters other than letters, marks, digits and _ becomes one _, none at either end, and one
// in front of a digit. A name without any of them is "table".
func cleanName(s string) string {
	name := cleanPart(s)
	if name != "" && unicode.IsDigit([]rune(name)[0]) {
		name = "_" + name
	}
	if name == "" {
		return noName
	}
	return name
}

// cleanPart is cleanName for a part of a name.
func cleanPart(s string) string {
	var b strings.Builder
	gap := false
	for _, r := range strings.ToLower(norm.NFC.String(s)) {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) {
			gap = true
			continue
		}
		if gap && b.Len() > 0 {
			b.WriteByte('_')
		}
		gap = false
		b.WriteRune(r)
	}
	return b.String()
}

// dataSuffixes end the names of data files; compressions come after them.
var dataSuffixes = map[string]bool{
	".parquet": true, ".csv": true, ".tsv": true, ".txt": true, ".dat": true, ".json": true, ".jsonl": true, ".ndjson": true,
	".gz": true, ".zst": true, ".zstd": true, ".snappy": true,
}

// stem returns the last part of a path without the suffixes of formats and compressions; a suffix that is neither goes
// too if it stands alone, so that readings.log is readings and v1.2.csv stays v1.2.
func stem(p string) string {
	name := path.Base(p)
	for first := true; ; first = false {
		ext := path.Ext(name)
		rest := strings.TrimSuffix(name, ext)
		if ext == "" || rest == "" || !dataSuffixes[strings.ToLower(ext)] && !first {
			return name
		}
		name = rest
		if !dataSuffixes[strings.ToLower(ext)] {
			return name
		}
	}
}

// reservedSchemas are names of schemas and databases that the engine and PostgreSQL clients know.
var reservedSchemas = map[string]bool{
	"tarn": true, "tarndb": true, "information_schema": true, "main": true, "temp": true, "system": true,
}

// schemaName returns the schema of a table whose folders, from the root down, are those of dir ("" is the root): their
// names cleaned and joined by _, or public at the root. A name that is taken gets _lake.
func schemaName(dir string) string {
	if dir == "" {
		return "public"
	}
	var parts []string
	for part := range strings.SplitSeq(dir, "/") {
		if part = cleanPart(part); part == "" {
			part = noName
		}
		parts = append(parts, part)
	}
	name := cleanName(strings.Join(parts, "_"))
	if reservedSchemas[name] || strings.HasPrefix(name, "pg_") {
		name += "_lake"
	}
	return name
}

// uniqueNames returns a name for each wanted one, in the same order: the first that wants a name gets it, the others
// get _2, _3 and so on, leaving out names that another one wants.
func uniqueNames(wanted []string) []string {
	taken := make(map[string]bool, len(wanted))
	for _, w := range wanted {
		taken[w] = true
	}
	out, seen := make([]string, len(wanted)), map[string]int{}
	for i, w := range wanted {
		out[i] = w
		if seen[w] == 0 {
			seen[w] = 1
			continue
		}
		for taken[out[i]] {
			seen[w]++
			out[i] = w + "_" + strconv.Itoa(seen[w])
		}
		taken[out[i]] = true
	}
	return out
}
