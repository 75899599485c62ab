package pgvalue

import (
	"slices"

	"tarn/engine/pgtype"
)

// textual are the types whose binary form is text.
var textual = []uint32{oidText, oidVarchar, oidBPChar, oidName, oidJSON, oidUnknown}

// IsText reports whether values of the type are text in both formats.
func IsText(oid uint32) bool { return slices.Contains(textual, oid) || oid == oidJSONB }

// IsTextArray reports whether the type is an array of such values.
func IsTextArray(oid uint32) bool {
	b, ok := pgtype.ElementOf(oid)
	return ok && IsText(b.OID)
}
