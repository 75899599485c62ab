package pgcatalog

/*
#include <stdint.h>
#include <stdlib.h>
#include <stdbool.h>

// Of DuckDB's C API, what its Go bindings leave out.
typedef bool (*tarn_cast_t)(void *info, uint64_t count, void *in, void *out);
void *duckdb_create_cast_function(void);
void duckdb_destroy_cast_function(void **);
void duckdb_cast_function_set_source_type(void *, void *);
void duckdb_cast_function_set_target_type(void *, void *);
void duckdb_cast_function_set_implicit_cast_cost(void *, int64_t);
void duckdb_cast_function_set_function(void *, tarn_cast_t);
void duckdb_cast_function_set_extra_info(void *, void *, void (*)(void *));
void *duckdb_cast_function_get_extra_info(void *);
void duckdb_cast_function_set_error(void *, const char *);
void duckdb_cast_function_set_row_error(void *, const char *, uint64_t, void *);
int duckdb_register_cast_function(void *, void *);
void duckdb_vector_reference_vector(void *, void *);

bool tarn_pg_cast(void *, uint64_t, void *, void *);
void tarn_pg_call(void *, void *, void *);
void tarn_pg_free(void *);

static bool tarn_pg_same(void *info, uint64_t count, void *in, void *out) {
	duckdb_vector_reference_vector(out, in);
	return true;
}

// tarn_pg_register makes a cast known: by Go if keep is given, else the value as it is.
static int tarn_pg_register(void *con, void *from, void *to, int64_t cost, void *keep) {
	void *f = duckdb_create_cast_function();
	duckdb_cast_function_set_source_type(f, from);
	duckdb_cast_function_set_target_type(f, to);
	duckdb_cast_function_set_implicit_cast_cost(f, cost);
	duckdb_cast_function_set_function(f, keep ? tarn_pg_cast : tarn_pg_same);
	if (keep) duckdb_cast_function_set_extra_info(f, keep, tarn_pg_free);
	int state = duckdb_register_cast_function(con, f);
	duckdb_destroy_cast_function(&f);
	return state;
}

static void tarn_pg_fail(void *info, char *text) {
	duckdb_cast_function_set_error(info, text);
	free(text);
}

static void tarn_pg_fail_row(void *info, char *text, uint64_t row, void *out) {
	duckdb_cast_function_set_row_error(info, text, row, out);
	free(text);
}

// DuckDB keeps pointers only. Go's handle is a number, so it lives in memory of C's own.
static void *tarn_pg_keep(uintptr_t handle) {
	uintptr_t *p = malloc(sizeof *p);
	if (p) *p = handle;
	return p;
}
*/
import "C"

import (
	"fmt"
	"maps"
	"runtime/cgo"
	"slices"
	"unsafe"

	duck "github.com/duckdb/duckdb-go/v2/mapping"
)

// cast turns count values of in into values of out.
type cast func(in, out duck.Vector, count int) error

// keep returns a pointer that DuckDB may hold until it calls tarn_pg_free.
func keep(v any) unsafe.Pointer { return C.tarn_pg_keep(C.uintptr_t(cgo.NewHandle(v))) }

func kept[T any](p unsafe.Pointer) T { return cgo.Handle(*(*C.uintptr_t)(p)).Value().(T) }

//export tarn_pg_free
func tarn_pg_free(p unsafe.Pointer) {
	cgo.Handle(*(*C.uintptr_t)(p)).Delete()
	C.free(p)
}

// registerCast makes a cast known to the database of con. Without do, the value stays as it is. An implicit cast of a low
// cost is taken where a function has no variant for the type.
func registerCast(con duck.Connection, from, to duck.LogicalType, cost int64, do cast) error {
	var p unsafe.Pointer
	if do != nil {
		p = keep(do)
	}
	if C.tarn_pg_register(con.Ptr, from.Ptr, to.Ptr, C.int64_t(cost), p) != 0 {
		return fmt.Errorf("DuckDB does not take the cast from %s to %s", duck.LogicalTypeGetAlias(from), duck.LogicalTypeGetAlias(to))
	}
	return nil
}

//export tarn_pg_cast
func tarn_pg_cast(info unsafe.Pointer, count C.uint64_t, in, out unsafe.Pointer) (ok C.bool) {
	defer func() {
		if r := recover(); r != nil {
			C.tarn_pg_fail(info, C.CString(fmt.Sprint("internal error: ", r)))
			ok = false
		}
	}()
	do := kept[cast](C.duckdb_cast_function_get_extra_info(info))
	err := do(duck.Vector{Ptr: in}, duck.Vector{Ptr: out}, int(count))
	if rows, ok := err.(rowErrors); ok {
		for _, row := range slices.Sorted(maps.Keys(rows)) {
			C.tarn_pg_fail_row(info, C.CString(rows[row].Error()), C.uint64_t(row), out)
		}
		return false
	}
	if err != nil {
		C.tarn_pg_fail(info, C.CString(err.Error()))
		return false
	}
	return true
}

// Scalar computes a value of out for each row of the arguments; nil is NULL.
type Scalar func(args []*string) (*string, error)

// RegisterScalar makes a function of any number of texts known, which returns a text. A volatile one is computed whenever it
// is asked, also in a statement that was bound before.
func RegisterScalar(con duck.Connection, name string, volatile bool, do Scalar) error {
	f := duck.CreateScalarFunction()
	defer duck.DestroyScalarFunction(&f)
	text := duck.CreateLogicalType(duck.TypeVarchar)
	defer duck.DestroyLogicalType(&text)
	duck.ScalarFunctionSetName(f, name)
	duck.ScalarFunctionSetVarargs(f, text)
	duck.ScalarFunctionSetReturnType(f, text)
	duck.ScalarFunctionSetSpecialHandling(f)
	if volatile {
		duck.ScalarFunctionSetVolatile(f)
	}
	duck.ScalarFunctionSetExtraInfo(f, keep(do), unsafe.Pointer(C.tarn_pg_free))
	duck.ScalarFunctionSetFunction(f, unsafe.Pointer(C.tarn_pg_call))
	if duck.RegisterScalarFunction(con, f) != duck.StateSuccess {
		return fmt.Errorf("DuckDB does not take the function %s", name)
	}
	return nil
}

//export tarn_pg_call
func tarn_pg_call(info, input, output unsafe.Pointer) {
	fi := duck.FunctionInfo{Ptr: info}
	defer func() {
		if r := recover(); r != nil {
			duck.ScalarFunctionSetError(fi, fmt.Sprint("internal error: ", r))
		}
	}()
	do := kept[Scalar](duck.ScalarFunctionGetExtraInfo(fi))
	chunk, out := duck.DataChunk{Ptr: input}, duck.Vector{Ptr: output}
	vectors := make([]reading, duck.DataChunkGetColumnCount(chunk))
	for i := range vectors {
		vectors[i] = newReading(duck.DataChunkGetVector(chunk, duck.IdxT(i)))
	}
	args := make([]*string, len(vectors))
	for row := range int(duck.DataChunkGetSize(chunk)) {
		for i := range vectors {
			args[i] = vectors[i].text(row)
		}
		v, err := do(args)
		if err != nil {
			duck.ScalarFunctionSetError(fi, err.Error())
			return
		}
		if v == nil {
			setNull(out, row)
		} else {
			duck.VectorAssignStringElement(out, duck.IdxT(row), *v)
		}
	}
}
