package catalog

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
)

// dateLevel is what the folders below one folder say by their names alone: a year, a day, ...
type dateLevel uint8

const (
	noDate    dateLevel = iota
	yearLevel           // 2024
	monthLevel
	dayLevel
	hourLevel
	dateOfDay   // 2024-01-31, 2024_01_31 or 20240131
	dateOfMonth // 2024-01 or 2024_01
)

// dateColumns are the names of the partition columns, by level.
var dateColumns = [...]string{yearLevel: "year", monthLevel: "month", dayLevel: "day", hourLevel: "hour", dateOfDay: "date", dateOfMonth: "month"}

// dateFolders holds the folders whose subfolders are all named by dates of one level.
type dateFolders map[string]dateLevel

// findDateFolders looks at the folders in which files are, or that lead to them.
func findDateFolders(records []*record) dateFolders {
	children := map[string][]string{}
	seen := map[string]bool{}
	for _, r := range records {
		for dir := dirOf(r.path); dir != "" && !seen[dir]; dir = dirOf(dir) {
			seen[dir] = true
			above := dirOf(dir)
			children[above] = append(children[above], strings.TrimPrefix(dir[len(above):], "/"))
		}
	}
	out := dateFolders{}
	dirs := make([]string, 0, len(children))
	for dir := range children {
		dirs = append(dirs, dir)
	}
	slices.Sort(dirs) // a folder comes before what is in it
	for _, dir := range dirs {
		own := noDate
		if dir != "" {
			own = cmp.Or(out[dirOf(dir)], hiveLevel(path.Base(dir)))
		}
		if level := levelBelow(own, children[dir]); level != noDate && (level != yearLevel || convincing(dir, children)) {
			out[dir] = level
		}
	}
	return out
}

// hiveLevel returns what a folder such as year=2024 says as a date, so that 01/31 may follow.
func hiveLevel(folder string) dateLevel {
	v, ok := hiveValue(folder)
	level := map[string]dateLevel{"year": yearLevel, "month": monthLevel, "day": dayLevel, "date": dateOfDay}[v.Key]
	if !ok || level == noDate || dateValue(level, v.Value) == "" {
		return noDate
	}
	return level
}

// levelBelow returns what all names are, in a folder that is itself named by own.
func levelBelow(own dateLevel, names []string) dateLevel {
	var next []dateLevel
	switch own {
	case yearLevel:
		next = []dateLevel{monthLevel, dateOfDay, dateOfMonth}
	case monthLevel, dateOfMonth:
		next = []dateLevel{dayLevel, dateOfDay}
	case dayLevel, dateOfDay:
		next = []dateLevel{hourLevel}
	case noDate:
		next = []dateLevel{yearLevel, dateOfDay, dateOfMonth}
	}
	for _, level := range next {
		if !slices.ContainsFunc(names, func(n string) bool { return dateValue(level, n) == "" }) {
			return level
		}
	}
	return noDate
}

// convincing reports whether folders named by years are partitions and not just one that is called so: there are two or
// more, or months or dates below them.
func convincing(dir string, children map[string][]string) bool {
	if len(children[dir]) > 1 {
		return true
	}
	below := children[strings.TrimPrefix(dir+"/"+children[dir][0], "/")]
	return len(below) > 0 && levelBelow(yearLevel, below) != noDate
}

// dateValue returns what a folder's name says at a level, as SQL spells it; empty if it is none of that level.
func dateValue(level dateLevel, name string) string {
	switch level {
	case yearLevel:
		return numberWithin(name, 4, 1900, 2100)
	case monthLevel:
		return numberWithin(name, 2, 1, 12)
	case dayLevel:
		return numberWithin(name, 2, 1, 31)
	case hourLevel:
		return numberWithin(name, 2, 0, 23)
	case dateOfMonth:
		return isoOf(name + name[min(len(name), 4):min(len(name), 5)] + "01")
	default:
		return isoOf(name)
	}
}

// numberWithin returns a number of digits without its zeros in front; empty if it is not within the bounds.
func numberWithin(s string, digits, low, high int) string {
	n, err := strconv.Atoi(s)
	if err != nil || len(s) > digits || digits == 4 && len(s) != 4 || s[0] == '+' || s[0] == '-' || n < low || n > high {
		return ""
	}
	return strconv.Itoa(n)
}

// isoOf returns a date spelled with -, _ or nothing between its parts as YYYY-MM-DD; empty if it is none of these.
func isoOf(s string) string {
	switch {
	case len(s) == 8:
		s = s[:4] + "-" + s[4:6] + "-" + s[6:]
	case len(s) == 10 && s[4] == s[7] && s[4] == '_':
		s = strings.ReplaceAll(s, "_", "-")
	}
	if !isISODate(s) || numberWithin(s[:4], 4, 1900, 2100) == "" {
		return ""
	}
	return s
}

// split returns the folder above the first partition folder of a file's path, be it key=value or a date, and what all of
// them say; dated is false if there is no date among them.
func (d dateFolders) split(p string) (base string, values []PartitionValue, dated bool) {
	dir := dirOf(p)
	base = dir
	for at := 0; at < len(dir); {
		folder, _, _ := strings.Cut(dir[at:], "/")
		above := strings.TrimSuffix(dir[:at], "/")
		v, ok := hiveValue(folder)
		if level := d[above]; !ok && level != noDate {
			v, ok, dated = PartitionValue{Key: dateColumns[level], Value: dateValue(level, folder), dated: true}, true, true
		}
		if ok {
			if values == nil {
				base = above
			}
			values = slices.DeleteFunc(values, func(o PartitionValue) bool { return o.Key == v.Key })
			values = append(values, v)
		}
		at += len(folder) + 1
	}
	return base, values, dated
}

// besideOwn gives the columns of folders of dates another name where the files have a column of theirs: the names are made up,
// and must hide nothing.
func besideOwn(files []*File) (out []*File, notices []string) {
	own := map[string]string{} // the first file that has a column
	seen := map[*form]bool{}
	dated := false
	for _, f := range files {
		dated = dated || slices.ContainsFunc(f.Partition, func(p PartitionValue) bool { return p.dated })
		if seen[f.form] {
			continue
		}
		seen[f.form] = true
		for _, c := range f.Columns {
			if _, ok := own[foldName(c.Name)]; !ok {
				own[foldName(c.Name)] = f.Path
			}
		}
	}
	if !dated {
		return files, nil
	}
	out = slices.Clone(files)
	told := map[string]bool{}
	for i, f := range files {
		var keys []PartitionValue
		for j, p := range f.Partition {
			key := p.Key
			for p.dated && own[key] != "" {
				key = "path_" + key
			}
			if key == p.Key {
				continue
			}
			if keys == nil {
				keys = slices.Clone(f.Partition)
			}
			keys[j].Key = key
			if !told[key] {
				told[key] = true
				notices = append(notices, fmt.Sprintf("partition column %s, from the folders, is called so because the files have a column %s of their own, e.g. %s", key, p.Key, own[p.Key]))
			}
		}
		if keys != nil {
			changed := *f
			changed.Partition, changed.of = keys, f.origin()
			out[i] = &changed
		}
	}
	return out, notices
}
