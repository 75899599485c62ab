package render

import (
	"io"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/ipc"

	"tarn/engine/cell"
)

// batchWriter writes Arrow batches: ipc's two writers.
type batchWriter interface {
	Write(arrow.RecordBatch) error
	Close() error
}

// arrowWriter writes Arrow's own format, as a stream or as a file.
type arrowWriter struct {
	out     io.Writer
	file    bool
	export  exporter
	columns []Column
	schema  *arrow.Schema
	w       batchWriter
}

func newArrowStream(out io.Writer, _ Options) Writer { return &arrowWriter{out: out} }

func newArrowFile(out io.Writer, _ Options) Writer { return &arrowWriter{out: out, file: true} }

func (w *arrowWriter) Begin(columns []Column, style cell.Style) error {
	w.export = exporter{style: style, intervals: true}
	w.columns, w.schema = columns, w.export.schema(columns)
	if !w.file {
		w.w = ipc.NewWriter(w.out, ipc.WithSchema(w.schema))
		return nil
	}
	fw, err := ipc.NewFileWriter(w.out, ipc.WithSchema(w.schema))
	w.w = fw
	return err
}

func (w *arrowWriter) Batch(rec arrow.RecordBatch) error {
	out, err := w.export.batch(w.schema, w.columns, rec)
	if err != nil {
		return err
	}
	defer out.Release()
	return w.w.Write(out)
}

func (w *arrowWriter) End(Summary) error { return w.w.Close() }
