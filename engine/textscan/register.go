package textscan

/*
#include <stdlib.h>
#include <stdint.h>

void tarn_text_bind(void *);
void tarn_text_init(void *);
void tarn_text_local_init(void *);
void tarn_text_read(void *, void *);
void tarn_text_free(void *);

// DuckDB keeps pointers only. Go's handle is a number, so it lives in memory of C's own.
static void *tarn_text_keep(uintptr_t handle) {
	uintptr_t *p = malloc(sizeof *p);
	if (p) *p = handle;
	return p;
}
*/
import "C"

import (
	"fmt"
	"runtime/cgo"
	"sync"
	"unsafe"

	duck "github.com/duckdb/duckdb-go/v2/mapping"

	"tarn/storage"
)

// Function is the function as one database has it.
type Function struct {
	root  *storage.Root
	stops sync.Map // by connection ID: *Stop
}

// Register makes the function known to the database of c. It reads files below root only.
func Register(c duck.Connection, root *storage.Root) (*Function, error) {
	fn := &Function{root: root}
	f := duck.CreateTableFunction()
	defer duck.DestroyTableFunction(&f)
	duck.TableFunctionSetName(f, Name)
	text := duck.CreateLogicalType(duck.TypeVarchar)
	defer duck.DestroyLogicalType(&text)
	duck.TableFunctionAddParameter(f, text)
	duck.TableFunctionAddParameter(f, text)
	duck.TableFunctionSetExtraInfo(f, keep(fn), unsafe.Pointer(C.tarn_text_free))
	duck.TableFunctionSetBind(f, unsafe.Pointer(C.tarn_text_bind))
	duck.TableFunctionSetInit(f, unsafe.Pointer(C.tarn_text_init))
	duck.TableFunctionSetLocalInit(f, unsafe.Pointer(C.tarn_text_local_init))
	duck.TableFunctionSetFunction(f, unsafe.Pointer(C.tarn_text_read))
	duck.TableFunctionSupportsProjectionPushdown(f, true)
	if duck.RegisterTableFunction(c, f) != duck.StateSuccess {
		return nil, fmt.Errorf("DuckDB does not take the table function %s", Name)
	}
	return fn, nil
}

// keep returns a pointer that DuckDB may hold; kept gives the value back, tarn_text_free ends it.
func keep(v any) unsafe.Pointer {
	return C.tarn_text_keep(C.uintptr_t(cgo.NewHandle(v)))
}

func kept[T any](p unsafe.Pointer) T { return cgo.Handle(*(*C.uintptr_t)(p)).Value().(T) }

//export tarn_text_free
func tarn_text_free(p unsafe.Pointer) {
	h := cgo.Handle(*(*C.uintptr_t)(p))
	defer func() {
		h.Delete()
		C.free(p)
	}()
	defer guard(func(string) {})
	if w, ok := h.Value().(*worker); ok {
		w.close() // a statement that ends early; what it has read is right whatever the close says
	}
}

//export tarn_text_bind
func tarn_text_bind(p unsafe.Pointer) {
	info := duck.BindInfo{Ptr: p}
	fail := func(message string) { duck.BindSetError(info, message) }
	defer guard(fail)
	fn := kept[*Function](duck.BindGetExtraInfo(info))
	c, err := newCall(fn.root, parameter(info, 0), parameter(info, 1))
	if err != nil {
		fail(err.Error())
		return
	}
	c.stop = fn.stopOf(info)
	add := func(name string, t duck.Type) {
		typ := duck.CreateLogicalType(t)
		defer duck.DestroyLogicalType(&typ)
		duck.BindAddResultColumn(info, name, typ)
	}
	for _, name := range c.spec.names() {
		add(name, duck.TypeVarchar)
	}
	add("line", duck.TypeBigInt)
	add("file_index", duck.TypeUBigInt)
	add("file", duck.TypeVarchar)
	if c.spec.Rows >= 0 {
		duck.BindSetCardinality(info, duck.IdxT(c.spec.Rows), false)
	}
	duck.BindSetBindData(info, keep(c), unsafe.Pointer(C.tarn_text_free))
}

// parameter returns one argument; NULL is empty.
func parameter(info duck.BindInfo, i duck.IdxT) string {
	v := duck.BindGetParameter(info, i)
	defer duck.DestroyValue(&v)
	if duck.IsNullValue(v) {
		return ""
	}
	return duck.GetVarchar(v)
}

//export tarn_text_init
func tarn_text_init(p unsafe.Pointer) {
	info := duck.InitInfo{Ptr: p}
	defer guard(func(message string) { duck.InitSetError(info, message) })
	c := kept[*call](duck.InitGetBindData(info))
	columns := make([]duck.IdxT, duck.InitGetColumnCount(info))
	for i := range columns {
		columns[i] = duck.InitGetColumnIndex(info, duck.IdxT(i))
	}
	duck.InitSetMaxThreads(info, duck.IdxT(max(1, len(c.paths))))
	duck.InitSetInitData(info, keep(newScan(c, columns)), unsafe.Pointer(C.tarn_text_free))
}

// scans are found by the local state through the bind data only, so each worker is given its scan when it first reads.
//
//export tarn_text_local_init
func tarn_text_local_init(p unsafe.Pointer) {
	info := duck.InitInfo{Ptr: p}
	defer guard(func(message string) { duck.InitSetError(info, message) })
	duck.InitSetInitData(info, keep(&worker{}), unsafe.Pointer(C.tarn_text_free))
}

//export tarn_text_read
func tarn_text_read(p, chunk unsafe.Pointer) {
	info, out := duck.FunctionInfo{Ptr: p}, duck.DataChunk{Ptr: chunk}
	fail := func(message string) { duck.FunctionSetError(info, message) }
	defer guard(fail)
	w := kept[*worker](duck.FunctionGetLocalInitData(info))
	if w.scan == nil {
		w.scan = kept[*scan](duck.FunctionGetInitData(info))
	}
	n, err := w.fill(out)
	if err != nil {
		fail(err.Error())
		return
	}
	duck.DataChunkSetSize(out, duck.IdxT(n))
}
