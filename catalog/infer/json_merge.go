package infer

// merge adds what was seen at another place to n, as if all had been seen at n. It keeps no bounds for statistics, and
// leaves o as it is.
func (n *jsonNode) merge(o *jsonNode) {
	n.mergeNumbers(o)
	n.count += o.count
	n.nulls += o.nulls
	n.seen |= o.seen
	for i, line := range o.first {
		if line > 0 && (n.first[i] == 0 || line < n.first[i]) {
			n.first[i] = line
		}
	}
	if o.text != nil {
		if n.text == nil {
			n.text = &jsonText{}
		}
		n.text.forms |= o.text.forms
		if o.text.timed {
			n.text.span(o.text.from, o.text.to)
		}
	}
	if o.twice > 0 && (n.twice == 0 || o.twice < n.twice) {
		n.twice, n.twiceKey = o.twice, o.twiceKey
	}
	if o.opaque != "" {
		n.hide(o.opaque, o.opaqueLine)
	}
	if n.opaque != "" {
		return
	}
	if o.elem != nil {
		if n.elem == nil {
			n.elem = &jsonNode{}
		}
		n.elem.merge(o.elem)
	}
	if o.object != nil {
		if n.object == nil {
			n.object = newJSONFields()
		}
		n.mergeFields(o)
	}
}

func (n *jsonNode) mergeNumbers(o *jsonNode) {
	n.digits.merge(&o.digits)
	if o.seen&jsonInt != 0 {
		had := n.seen&jsonInt != 0
		if !had || o.minInt < n.minInt {
			n.minInt = o.minInt
		}
		if !had || o.maxInt > n.maxInt {
			n.maxInt = o.maxInt
		}
	}
	if o.seen&jsonFloat != 0 {
		had := n.seen&jsonFloat != 0
		if !had || o.minFloat < n.minFloat {
			n.minFloat = o.minFloat
		}
		if !had || o.maxFloat > n.maxFloat {
			n.maxFloat = o.maxFloat
		}
	}
}

// mergeFields joins the keys of objects; too many make a map.
func (n *jsonNode) mergeFields(o *jsonNode) {
	from, to := o.object, n.object
	if from.value != nil && to.value == nil {
		to.collapse(0)
	}
	if to.value != nil {
		if from.value != nil {
			to.value.merge(from.value)
		}
		for _, f := range from.list {
			to.value.merge(f.node)
		}
		return
	}
	for _, f := range from.list {
		i := to.find([]byte(f.name))
		if i < 0 {
			if bad := to.add(f.name, &jsonNode{}, 0, false); bad != "" {
				n.hide(bad, f.node.firstOf(jsonScalars|jsonArray|jsonObject))
				return
			}
			i = len(to.list) - 1
		}
		to.list[i].node.merge(f.node)
	}
	if len(to.list) > jsonMaxFields {
		to.collapse(0)
	}
}
