package render

import (
	"bufio"
	"io"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"

	"tarn/engine/cell"
)

// rowGroup is how many rows of a Parquet file are in one row group; so many are in memory.
const rowGroup = 122_880

// parquetWriter writes a Parquet file, one row group after the other.
type parquetWriter struct {
	out     *bufio.Writer
	export  exporter
	columns []Column
	schema  *arrow.Schema
	w       *pqarrow.FileWriter
	rows    int64 // in the open row group
}

func newParquet(out io.Writer, _ Options) Writer {
	return &parquetWriter{out: bufio.NewWriterSize(out, pieceSize)}
}

func (w *parquetWriter) Begin(columns []Column, style cell.Style) (err error) {
	w.export = exporter{style: style}
	w.columns, w.schema = columns, w.export.schema(columns)
	props := parquet.NewWriterProperties(parquet.WithCompression(compress.Codecs.Zstd), parquet.WithMaxRowGroupLength(rowGroup),
		parquet.WithCreatedBy("tarn"))
	w.w, err = pqarrow.NewFileWriter(w.schema, struct{ io.Writer }{w.out}, props, pqarrow.NewArrowWriterProperties())
	return err
}

func (w *parquetWriter) Batch(rec arrow.RecordBatch) error {
	out, err := w.export.batch(w.schema, w.columns, rec)
	if err != nil {
		return err
	}
	defer out.Release()
	if w.rows += out.NumRows(); w.rows > rowGroup {
		w.w.NewBufferedRowGroup()
		w.rows = out.NumRows()
	}
	return w.w.WriteBuffered(out)
}

func (w *parquetWriter) End(Summary) error {
	if err := w.w.Close(); err != nil {
		return err
	}
	return w.out.Flush()
}
