package main

import (
	"encoding/xml"
	"fmt"
	"strings"
	"time"
)

// The drawing's measures, in its own units.
const (
	cellWidth  = 8.4
	cellHeight = 18.0
	margin     = 12.0
	ink, paper = "#d8dee9", "#1e222a"
	cursorInk  = "#a9b1c0"
)

// piece is something that is drawn for a part of the film.
type piece struct {
	from, to time.Duration
	body     string
}

// draw makes the film of frames, the last of which is its end. A row is drawn once for as long as it stays as it is.
func draw(frames []frame, columns, lines int) string {
	total := frames[len(frames)-1].at
	var pieces []piece
	for y := range lines {
		pieces = append(pieces, changes(frames, total, func(f frame) string {
			if y >= len(f.rows) {
				return ""
			}
			return drawRow(f.rows[y], y)
		})...)
	}
	pieces = append(pieces, changes(frames, total, drawCursor)...)
	width, height := margin*2+cellWidth*float64(columns), margin*2+cellHeight*float64(lines)
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" xml:space="preserve" viewBox="0 0 %.0f %.0f" width="%.0f" height="%.0f" font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace" font-size="14" fill="%s">`+"\n",
		width, height, width, height, ink)
	fmt.Fprintf(&b, `<rect width="100%%" height="100%%" rx="8" fill="%s"/>`+"\n<style>.b{font-weight:bold}.i{font-style:italic}.u{text-decoration:underline}.d{opacity:.6}</style>\n", paper)
	for _, p := range pieces {
		b.WriteString(p.svg(total))
	}
	b.WriteString("</svg>\n")
	return b.String()
}

// changes returns a piece for every stretch of frames in which what is drawn stays the same; none where nothing is.
func changes(frames []frame, total time.Duration, drawn func(frame) string) (all []piece) {
	for _, f := range frames[:len(frames)-1] {
		body := drawn(f)
		if n := len(all); n > 0 && all[n-1].body == body {
			continue
		}
		if n := len(all); n > 0 {
			all[n-1].to = f.at
		}
		all = append(all, piece{f.at, total, body})
	}
	shown := all[:0]
	for _, p := range all {
		if p.body != "" {
			shown = append(shown, p)
		}
	}
	return shown
}

// svg shows the piece in its part of a film that begins again and again. Without animation the last picture is seen.
func (p piece) svg(total time.Duration) string {
	if p.from == 0 && p.to == total {
		return p.body + "\n"
	}
	at := func(d time.Duration) string {
		return strings.TrimRight(fmt.Sprintf("%.4f", d.Seconds()/total.Seconds()), "0")
	}
	values, times, rest := "hidden;visible;hidden", "0;"+at(p.from)+";"+at(p.to), "hidden"
	switch {
	case p.from == 0:
		values, times = "visible;hidden", "0;"+at(p.to)
	case p.to == total:
		values, times, rest = "hidden;visible", "0;"+at(p.from), "visible"
	}
	return fmt.Sprintf(`<g visibility="%s">%s<animate attributeName="visibility" values="%s" keyTimes="%s" dur="%.2fs" calcMode="discrete" repeatCount="indefinite"/></g>`+"\n",
		rest, p.body, values, times, total.Seconds())
}

// drawRow draws a row of the screen.
func drawRow(row []span, y int) string {
	var b strings.Builder
	for _, s := range row {
		fore, back := s.fore, s.back
		if s.reversed {
			fore, back = orElse(back, paper), orElse(fore, ink)
		}
		x, top := margin+cellWidth*float64(s.column), margin+cellHeight*float64(y)
		if back != "" {
			fmt.Fprintf(&b, `<rect x="%.1f" y="%.0f" width="%.1f" height="%.0f" fill="%s"/>`, x, top, cellWidth*float64(s.width), cellHeight, back)
		}
		text := strings.TrimRight(s.text, " ")
		lead := len(text) - len(strings.TrimLeft(text, " "))
		if text = text[lead:]; text == "" {
			continue
		}
		fmt.Fprintf(&b, `<text x="%.1f" y="%.0f" textLength="%.1f"`, x+cellWidth*float64(lead), top+13.5, cellWidth*float64(s.width-lead-(len(s.text)-lead-len(text))))
		if fore != "" {
			fmt.Fprintf(&b, ` fill="%s"`, fore)
		}
		if c := s.classes(); c != "" {
			fmt.Fprintf(&b, ` class="%s"`, c)
		}
		b.WriteString(">")
		xml.EscapeText(&b, []byte(text))
		b.WriteString("</text>")
	}
	return b.String()
}

func (s style) classes() string {
	var c []string
	for i, on := range []bool{s.bold, s.italic, s.underline, s.dim} {
		if on {
			c = append(c, string("biud"[i]))
		}
	}
	return strings.Join(c, " ")
}

func orElse(a, b string) string {
	if a == "" {
		return b
	}
	return a
}

func drawCursor(f frame) string {
	if f.x < 0 {
		return ""
	}
	return fmt.Sprintf(`<rect x="%.1f" y="%.0f" width="%.1f" height="%.0f" fill="%s" opacity=".7"/>`, margin+cellWidth*float64(f.x), margin+cellHeight*float64(f.y), cellWidth, cellHeight, cursorInk)
}
