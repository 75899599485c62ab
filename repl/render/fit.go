package render

// narrowest is the width in cells below which columns are left out rather than cut further.
const narrowest = 12

// gap stands for the columns that are left out.
const gap = -1

// gapWidth is how many cells the gap takes with its border.
const gapWidth = 4

// fit chooses which columns are shown, and how wide, in a line of width cells; borders take three cells for each column
// and one more. Wide columns are cut first; if that is not enough, columns in the middle are left out, and gap stands
// in their place. A width of 0 means no limit.
func fit(natural []int, width int) (shown, widths []int) {
	for i := range natural {
		shown = append(shown, i)
	}
	if width <= 0 || total(natural) <= width {
		return shown, natural
	}
	limit := widestCut(natural, width)
	if limit >= narrowest || len(natural) == 1 {
		return shown, clamp(natural, max(limit, 1))
	}
	left, right := chooseEnds(clamp(natural, narrowest), width)
	shown = append(append(append([]int{}, shown[:left]...), gap), shown[right:]...)
	ends := append(append([]int{}, natural[:left]...), natural[right:]...)
	return shown, clamp(natural, max(widestCut(ends, width-gapWidth), 1))
}

// chooseEnds returns how many columns from the left, and from which on at the right, fit beside a gap. At least the
// first is shown.
func chooseEnds(widths []int, width int) (left, right int) {
	left, right = 0, len(widths)
	room := width - 1 - gapWidth
	for turn := 0; left < right; turn++ {
		next := left
		if turn%2 == 1 {
			next = right - 1
		}
		if room -= widths[next] + 3; room < 0 {
			break
		}
		if turn%2 == 1 {
			right--
		} else {
			left++
		}
	}
	return max(left, 1), right
}

// total is how many cells a line with columns of these widths takes.
func total(widths []int) int {
	n := 1
	for _, w := range widths {
		n += w + 3
	}
	return n
}

// widestCut returns the largest limit with which the columns fit, or 0.
func widestCut(natural []int, width int) int {
	low, high := 0, width
	for low < high {
		mid := (low + high + 1) / 2
		if total(clamp(natural, mid)) <= width {
			low = mid
		} else {
			high = mid - 1
		}
	}
	return low
}

func clamp(widths []int, limit int) []int {
	out := make([]int, len(widths))
	for i, w := range widths {
		out[i] = min(w, limit)
	}
	return out
}
