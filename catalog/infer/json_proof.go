package infer

import (
	"math/bits"
	"unicode/utf8"

	"tarn/catalog/sqltype"
)

// jsonProof is what may have decided the type of a column: the first value of each shape, and the first string of each
// form.
type jsonProof struct {
	shapes [9]string // in the order of the bits of jsonSeen
	forms  [6]Proof  // in the order of the bits of jsonForms
}

// jsonMaxProof is how many bytes of a value are kept as proof.
const jsonMaxProof = 60

// jsonProofText cuts a value short.
func jsonProofText(text []byte) string {
	if len(text) <= jsonMaxProof {
		return string(text)
	}
	cut := jsonMaxProof
	for cut > 0 && !utf8.RuneStart(text[cut]) {
		cut--
	}
	return string(text[:cut]) + "…"
}

func (p *jsonProof) shape(s jsonSeen, text []byte) {
	p.shapes[bits.TrailingZeros16(uint16(s))] = jsonProofText(text)
}

func (p *jsonProof) form(f jsonForms, line int64, text []byte) {
	p.forms[bits.TrailingZeros8(uint8(f))] = Proof{Line: line, Value: jsonProofText(text)}
}

// decided returns the value without which the column would have a narrower type than k.
func (n *jsonNode) decided(k sqltype.Kind) Proof {
	switch {
	case n.proof == nil || n.seen&(n.seen-1) == 0 && n.seen != jsonString && n.digits.odd == 0:
		return Proof{}
	case n.opaque != "":
		return Proof{Line: n.opaqueLine}
	case n.seen == jsonString:
		return n.decidedForm(k)
	case n.seen&^jsonNumbers == 0:
		return n.decidedNumber(k)
	case n.seen&^jsonBools == 0:
		return Proof{}
	}
	var last Proof
	for i, family := range [...]jsonSeen{jsonBools, jsonNumbers, jsonString, jsonArray, jsonObject} {
		if line := n.firstOf(n.seen & family); line > last.Line {
			last = n.firstShape(n.seen & family)
			if i >= 3 {
				last.Value = [...]string{"[…", "{…"}[i-3]
			}
		}
	}
	return last
}

// decidedForm is decided for strings alone. Text that is all of one form proves nothing by one value.
func (n *jsonNode) decidedForm(k sqltype.Kind) Proof {
	forms := n.text.forms
	switch {
	case forms&(forms-1) == 0:
		return Proof{}
	case forms&jsonPlainText != 0:
		return n.proof.forms[bits.TrailingZeros8(uint8(jsonPlainText))]
	case k == sqltype.Timestamp:
		return n.proof.forms[bits.TrailingZeros8(uint8(jsonStamp))]
	case k == sqltype.TimestampNS:
		return n.proof.forms[bits.TrailingZeros8(uint8(jsonStampNS))]
	}
	var last Proof
	for _, p := range n.proof.forms {
		if p.Line > last.Line {
			last = p
		}
	}
	return last
}

// decidedNumber is decided for numbers alone.
func (n *jsonNode) decidedNumber(k sqltype.Kind) Proof {
	d := &n.digits
	switch {
	case k == sqltype.HugeInt && n.seen != jsonWide:
		return n.firstShape(jsonWide)
	case k == sqltype.Varchar && n.seen&jsonHuge != 0:
		return n.firstShape(jsonHuge)
	case k == sqltype.Decimal && d.odd > 0 && d.lossy > 0:
		return Proof{Line: d.lossy, Value: jsonProofText([]byte(n.roundedAs))}
	case k == sqltype.Double && d.cents:
		return Proof{Line: d.odd, Value: d.oddAs}
	case n.seen != jsonFloat && k != sqltype.BigInt && k != sqltype.HugeInt:
		return n.firstShape(jsonFloat)
	}
	return Proof{}
}

// firstShape returns the first value among the shapes of s.
func (n *jsonNode) firstShape(s jsonSeen) Proof {
	line := n.firstOf(s)
	for i, l := range n.first {
		if s&(1<<i) != 0 && l == line {
			return Proof{Line: line, Value: n.proof.shapes[i]}
		}
	}
	return Proof{}
}
