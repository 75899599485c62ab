// Command record runs a session of a program in a real terminal, tmux, and draws what the screen shows as an animated SVG.
package main
