package main

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"tarn/engine"
)

// cacheSize is the value of --cache-size: a number of bytes as engine.Options has it.
type cacheSize int64

// sizeUnits are the suffixes of sizes, the longer before those that they end with.
var sizeUnits = []struct {
	suffix string
	bytes  float64
}{
	{"kib", 1 << 10}, {"mib", 1 << 20}, {"gib", 1 << 30}, {"tib", 1 << 40}, {"kb", 1e3}, {"mb", 1e6}, {"gb", 1e9}, {"tb", 1e12}, {"b", 1}, {"", 1},
}

// addCacheSize adds --cache-size to a command that reads or makes columnar copies.
func (p *program) addCacheSize(cmd *cobra.Command) {
	cmd.Flags().Var(&p.cache, "cache-size", "most `bytes` of columnar copies, e.g. 512MB or 20GiB; 0 turns them off (default: a tenth of the free disk, at most 20GiB)")
}

// addCopyParquet adds --copy-parquet to a command that makes columnar copies in the background.
func (p *program) addCopyParquet(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&p.copyParquet, "copy-parquet", true, "make columnar copies of compressed Parquet files, too, on which queries have spent as long as a copy takes")
}

// Set reads a size.
func (c *cacheSize) Set(text string) error {
	lower := strings.ToLower(strings.TrimSpace(text))
	for _, u := range sizeUnits {
		number, ok := strings.CutSuffix(lower, u.suffix)
		if !ok {
			continue
		}
		n, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
		if n *= u.bytes; err != nil || n < 0 || n >= math.MaxInt64 || math.IsNaN(n) {
			break
		}
		if n < 1 {
			*c = engine.NoCache
		} else {
			*c = cacheSize(n)
		}
		return nil
	}
	return fmt.Errorf("%q is no size; write a number of bytes such as 512MB or 20GiB, or 0", text)
}

// String returns the size; the flag's default is shown so.
func (c *cacheSize) String() string {
	switch *c {
	case 0:
		return "" // the default, which depends on the disk
	case engine.NoCache:
		return "0"
	}
	return strconv.FormatInt(int64(*c), 10)
}

// Type names the kind of value.
func (c *cacheSize) Type() string { return "bytes" }
