package plan

import (
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"regexp"
	"strconv"

	"tarn/engine/prune"
)

// uuid reads a UUID, which DuckDB keeps as an integer of 128 bits whose first bit is turned over.
func uuid(raw []byte) (prune.Value, bool) {
	upper, lower, ok := halves(raw)
	b := binary.BigEndian.AppendUint64(nil, uint64(upper)^(1<<63))
	h := hex.EncodeToString(binary.BigEndian.AppendUint64(b, lower))
	return prune.Text(h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]), ok
}

// blob reads bytes, of which all but letters, digits and plain punctuation are written \xHH.
func blob(raw []byte) (prune.Value, bool) {
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return prune.Value{}, false
	}
	var b []byte
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' {
			b = append(b, s[i])
			continue
		}
		if len(s) < i+4 || s[i+1] != 'x' {
			return prune.Value{}, false
		}
		n, err := strconv.ParseUint(s[i+2:i+4], 16, 8)
		if err != nil {
			return prune.Value{}, false
		}
		b = append(b, byte(n))
		i += 3
	}
	return prune.Text(string(b)), true
}

// notNumber finds the numbers that JSON has no spelling for. Within a string, quotes have a backslash in front.
var notNumber = regexp.MustCompile(`([{,]\s*"value":\s*)(-?(?:NaN|Infinity))(\s*[,}])`)

// Finite makes JSON of a tree of DuckDB's that has numbers in it which JSON has no spelling for, as 1e400: they become texts.
func Finite(tree []byte) []byte {
	return notNumber.ReplaceAll(tree, []byte(`$1"$2"$3`))
}
