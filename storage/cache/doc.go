// Package cache keeps Parquet copies of text files under the state directory, bounded, checked and never half visible.
package cache
