package infer

import "encoding/json"

// jsonFixer changes the text of records where the engine would read it differently from what it says:
//   - A number whose digits DOUBLE does not hold becomes a string, because the engine reads every number with a point
//     through DOUBLE, but strings to the last digit. So does a number that is a record and no 64 bits hold.
//   - A key that is another's but for upper and lower case becomes that one.
type jsonFixer struct {
	keys  map[string][]byte // JSON text by key
	fixes []jsonFix
	text  []byte
}

// jsonFix replaces a part of the text by a key, or puts it in quotes if there is none.
type jsonFix struct {
	from, to int64
	key      []byte
}

func newJSONFixer(keys map[string]string) *jsonFixer {
	f := &jsonFixer{keys: make(map[string][]byte, len(keys))}
	for from, to := range keys {
		f.keys[from], _ = json.Marshal(to) // a string always can be
	}
	return f
}

// reset forgets the fixes of the records before.
func (f *jsonFixer) reset() {
	if f != nil {
		f.fixes = f.fixes[:0]
	}
}

// number notes a number that ends at an offset.
func (f *jsonFixer) number(tok []byte, num jsonNumber, end int64, depth int) {
	bare := depth == 0 && (num.kind == jsonHuge || num.kind == jsonWide)
	if bare || num.lossy || num.long && num.money() {
		f.fixes = append(f.fixes, jsonFix{from: end - int64(len(tok)), to: end})
	}
}

// name notes a key of a record that is written between two offsets, with its quotes.
func (f *jsonFixer) name(key []byte, from, to int64) {
	if f == nil || len(f.keys) == 0 {
		return
	}
	if k := f.keys[string(key)]; k != nil {
		f.fixes = append(f.fixes, jsonFix{from, to, k})
	}
}

// fix returns the text, which begins at an offset, as the engine is to read it.
func (f *jsonFixer) fix(text []byte, start int64) []byte {
	if f == nil || len(f.fixes) == 0 {
		return text
	}
	f.text = f.text[:0]
	at := start
	for _, x := range f.fixes {
		if x.from < start || x.to > start+int64(len(text)) {
			continue // of another record on the line
		}
		f.text = append(f.text, text[at-start:x.from-start]...)
		if x.key != nil {
			f.text = append(f.text, x.key...)
		} else {
			f.text = append(append(append(f.text, '"'), text[x.from-start:x.to-start]...), '"')
		}
		at = x.to
	}
	f.text = append(f.text, text[at-start:]...)
	return f.text
}
