package chart

import "math"

// Bars is a chart of horizontal bars on one logarithmic scale, in groups.
type Bars struct {
	Title    string
	Subtitle string
	Format   func(float64) string // writes a value, also at the axis
	Groups   []Group
	Footnote string
}

// Group is some bars under a heading.
type Group struct {
	Heading string
	Bars    []Bar
}

// Bar is one value with its range. A missing one has a reason instead, which is written in its place.
type Bar struct {
	Label   string
	Value   float64
	Lo, Hi  float64
	Note    string // behind the value
	Missing string
	Strong  bool // in the strong colour: what the chart is about
	Tint    bool // in its lighter shade
}

// The measures of bars, in pixels.
const (
	barsWidth  = 860
	barsLeft   = 178 // right end of the labels
	barsRight  = 168 // room for the values behind the longest bar
	barHeight  = 17
	barStep    = 22
	groupGap   = 16
	headHeight = 78
)

// SVG draws the chart.
func (b Bars) SVG() string {
	c := &canvas{width: barsWidth}
	c.text(24, 34, 18, "start", ink, "600", b.Title)
	c.text(24, 56, 12.5, "start", quiet, "400", b.Subtitle)
	scale := axis(b.values(), barsLeft+12, barsWidth-barsLeft-12-barsRight)
	bottom := b.bottom()
	b.drawAxis(c, scale, bottom)
	y := float64(headHeight)
	for _, g := range b.Groups {
		c.text(24, y+12, 13, "start", ink, "600", g.Heading)
		y += 22
		for _, bar := range g.Bars {
			b.draw(c, scale, bar, y)
			y += barStep
		}
		y += groupGap
	}
	c.height = bottom + 34
	if b.Footnote != "" {
		c.text(24, bottom+42, 11.5, "start", quiet, "400", b.Footnote)
		c.height += 24
	}
	return c.String()
}

// values are all that must fit the axis.
func (b Bars) values() (values []float64) {
	for _, g := range b.Groups {
		for _, bar := range g.Bars {
			for _, v := range []float64{bar.Value, bar.Lo, bar.Hi} {
				if bar.Missing == "" && v > 0 {
					values = append(values, v, v*0.7) // the shortest bar is to be seen
				}
			}
		}
	}
	return values
}

func (b Bars) bottom() float64 {
	y := float64(headHeight)
	for _, g := range b.Groups {
		y += 22 + float64(len(g.Bars))*barStep + groupGap
	}
	return y
}

// drawAxis draws a line at each power of ten.
func (b Bars) drawAxis(c *canvas, scale decades, bottom float64) {
	for p := scale.from; p <= scale.to; p++ {
		v := math.Pow10(p)
		c.line(scale.at(v), headHeight, scale.at(v), bottom-6, grid, 1)
		c.text(scale.at(v), bottom+12, 11.5, "middle", quiet, "400", b.Format(v))
	}
}

func (b Bars) draw(c *canvas, scale decades, bar Bar, y float64) {
	weight, colour := "400", "#a9b4c0"
	switch {
	case bar.Tint:
		colour = colours[1]
	case bar.Strong:
		weight, colour = "600", colours[0]
	}
	middle := y + barHeight/2 + 4.5
	c.text(barsLeft, middle, 12.5, "end", ink, weight, bar.Label)
	if bar.Missing != "" {
		c.text(scale.x+4, middle, 12, "start", "#a33a3a", "400", bar.Missing)
		return
	}
	end := scale.at(bar.Value)
	c.rect(scale.x, y, max(2, end-scale.x), barHeight, colour, bar.Label+": "+b.Format(bar.Value))
	if bar.Hi > bar.Lo && bar.Lo > 0 {
		c.line(scale.at(bar.Lo), y+barHeight/2, scale.at(bar.Hi), y+barHeight/2, ink, 1.2)
		end = max(end, scale.at(bar.Hi))
	}
	value := b.Format(bar.Value)
	c.text(end+7, middle, 12.5, "start", ink, weight, value)
	if bar.Note != "" {
		width := textWidth(value, 12.5)
		if weight != "400" {
			width *= 1.12
		}
		c.text(end+7+width+12, middle, 12, "start", quiet, "400", bar.Note)
	}
}
