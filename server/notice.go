package server

import (
	"strings"

	"github.com/jackc/pgx/v5/pgproto3"

	"tarn/engine"
)

// notice is what the server itself tells beside a result.
type notice struct {
	severity, code, message, hint string
}

// severities are the levels of client_min_messages, from the lowest.
var severities = map[string]int{"debug5": 0, "debug4": 0, "debug3": 0, "debug2": 0, "debug1": 0, "log": 1, "notice": 2, "warning": 3, "error": 4}

// warn tells the client of something that went otherwise than it may think.
func (k *client) warn(code, message string) {
	k.pending = append(k.pending, notice{severity: "WARNING", code: code, message: message})
}

// remark tells the client of something that it may like to know.
func (k *client) remark(message, hint string) {
	k.pending = append(k.pending, notice{severity: "NOTICE", code: "00000", message: message, hint: hint})
}

// sendNotices sends what has been noted, and what the engine says of a result, as far as the client wants it.
func (k *client) sendNotices(more []engine.Notice) {
	least := severities[k.settings.get("client_min_messages")]
	for _, n := range k.pending {
		if n.severity == "WARNING" && least <= severities["warning"] || least <= severities["notice"] {
			k.out.send(&pgproto3.NoticeResponse{Severity: n.severity, SeverityUnlocalized: n.severity, Code: n.code, Message: n.message, Hint: n.hint})
		}
	}
	k.pending = nil
	for _, n := range more {
		if m := noticeResponse(n); least <= severities[strings.ToLower(m.Severity)] {
			k.out.send(m)
		}
	}
}
