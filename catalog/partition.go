package catalog

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"tarn/catalog/infer"
	"tarn/catalog/sqltype"
)

// hiveNull is how Hive and Spark spell NULL in the name of a partition folder
// (org.apache.hadoop.hive.conf.HiveConf, DEFAULTPARTITIONNAME). DuckDB writes it too.
const hiveNull = "__HIVE_DEFAULT_PARTITION__"

// partitionKey splits the name of a folder at the first =. It is a partition folder if it has a name in front of it.
func partitionKey(folder string) (key, value string, ok bool) {
	key, value, ok = strings.Cut(folder, "=")
	return key, value, ok && key != ""
}

// splitPartitions returns the folder above the first partition folder of a file's path ("" is the root), and what the
// partition folders say. A file below none has its own folder and no values. Keys are unescaped, then cleaned as the
// names of tables are; a key that comes twice has the value nearest the file. An empty value is NULL, as Hive's word is.
func splitPartitions(p string) (base string, values []PartitionValue) {
	dir := dirOf(p)
	if !strings.Contains(dir, "=") {
		return dir, nil
	}
	base = dir
	for at := 0; at < len(dir); {
		folder, _, _ := strings.Cut(dir[at:], "/")
		if v, ok := hiveValue(folder); ok {
			if values == nil {
				base = strings.TrimSuffix(dir[:at], "/")
			}
			values = slices.DeleteFunc(values, func(o PartitionValue) bool { return o.Key == v.Key })
			values = append(values, v)
		}
		at += len(folder) + 1
	}
	return base, values
}

// hiveValue returns what a folder key=value says.
func hiveValue(folder string) (v PartitionValue, ok bool) {
	key, value, ok := partitionKey(folder)
	if !ok {
		return v, false
	}
	v = PartitionValue{Key: cleanName(unescape(key)), Value: unescape(value), Null: value == hiveNull || value == ""}
	if v.Null {
		v.Value = ""
	}
	return v, true
}

// unescape undoes percent-encoding; what is none stays as it is.
func unescape(s string) string {
	if out, err := url.PathUnescape(s); err == nil {
		return out
	}
	return s
}

// dirOf returns the folder of a path below the root; "" is the root.
func dirOf(p string) string {
	if i := strings.LastIndexByte(p, '/'); i >= 0 {
		return p[:i]
	}
	return ""
}

// partitionType returns the type that all values of a key have: BIGINT for integers without leading zeros, DATE for
// dates as YYYY-MM-DD, else VARCHAR, which keeps month=01 as it is.
func partitionType(values []string) sqltype.Type {
	if len(values) == 0 {
		return sqltype.Of(sqltype.Varchar)
	}
	if !slices.ContainsFunc(values, func(v string) bool { return !isInteger(v) }) {
		return sqltype.Of(sqltype.BigInt)
	}
	if !slices.ContainsFunc(values, func(v string) bool { return !isISODate(v) }) {
		return sqltype.Of(sqltype.Date)
	}
	return sqltype.Of(sqltype.Varchar)
}

// isInteger reports whether v is exactly what a BIGINT prints as.
func isInteger(v string) bool {
	n, err := strconv.ParseInt(v, 10, 64)
	return err == nil && strconv.FormatInt(n, 10) == v
}

// isISODate reports whether v is a date of the years 1 to 9999, spelled YYYY-MM-DD.
func isISODate(v string) bool {
	if len(v) != 10 || v[4] != '-' || v[7] != '-' {
		return false
	}
	y, err1 := strconv.ParseUint(v[:4], 10, 16)
	m, err2 := strconv.ParseUint(v[5:7], 10, 8)
	d, err3 := strconv.ParseUint(v[8:], 10, 8)
	if err1 != nil || err2 != nil || err3 != nil || y < 1 || m < 1 || m > 12 || d < 1 {
		return false
	}
	days := [...]uint64{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}[m-1]
	if m == 2 && (y%4 == 0 && y%100 != 0 || y%400 == 0) {
		days = 29
	}
	return d <= days
}

// partitionColumns returns the partition columns of files, in order of first appearance, and what is odd about them:
// keys that some paths lack, and columns of the files that a key hides.
func partitionColumns(files []*File) (columns []Column, notices []string) {
	values, distinct := map[string][]string{}, map[[2]string]bool{}
	lacking := map[string]int{}
	var keys []string
	for _, f := range files {
		for _, p := range f.Partition {
			if _, ok := lacking[p.Key]; !ok {
				lacking[p.Key] = len(files)
				keys = append(keys, p.Key)
			}
			lacking[p.Key]--
			if id := [2]string{p.Key, p.Value}; !p.Null && !distinct[id] {
				distinct[id] = true
				values[p.Key] = append(values[p.Key], p.Value)
			}
		}
	}
	for _, k := range keys {
		columns = append(columns, Column{Name: k, Type: partitionType(values[k]), Partition: true})
		if n := lacking[k]; n > 0 {
			i := slices.IndexFunc(files, func(f *File) bool { return !hasKey(f, k) })
			notices = append(notices, fmt.Sprintf("partition column %s is NULL for %s whose path does not tell it, e.g. %s",
				k, countFiles(n), files[i].Path))
		}
		if f, c := hiddenColumn(files, k); f != nil {
			notices = append(notices, fmt.Sprintf("partition column %s hides the column %s that is in the files, e.g. %s; "+
				"rename one of them to see both", k, c.Name, f.Path))
		}
	}
	return columns, notices
}

func hasKey(f *File, key string) bool {
	return slices.ContainsFunc(f.Partition, func(p PartitionValue) bool { return p.Key == key })
}

// hiddenColumn returns the first file that itself has a column of the name of a partition key.
func hiddenColumn(files []*File, key string) (*File, *infer.Column) {
	var last *form
	for _, f := range files {
		if f.form == last {
			continue
		}
		last = f.form
		for i := range f.Columns {
			if foldName(f.Columns[i].Name) == foldName(key) {
				return f, &f.Columns[i]
			}
		}
	}
	return nil, nil
}

// foldName makes names equal that SQL takes for one.
func foldName(name string) string { return strings.ToLower(name) }

// countFiles says how many files in words.
func countFiles(n int) string {
	if n == 1 {
		return "1 file"
	}
	return strconv.Itoa(n) + " files"
}
