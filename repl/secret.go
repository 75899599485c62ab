package repl

import "regexp"

// secrets are what statements with passwords, keys and tokens look like.
var secrets = []*regexp.Regexp{
	regexp.MustCompile(`(?is)\b(create|alter)\s+(or\s+replace\s+)?(temp\s+|temporary\s+|persistent\s+)*(secret|user|role)\b`),
	regexp.MustCompile(`(?i)\bpassword\b\s*(=|:|to\b|')`),
	regexp.MustCompile(`(?i)[a-z][a-z0-9+.-]*://[^\s/'":@]*:[^\s/'"@]+@`),
	regexp.MustCompile(`(?i)\b(secret_access_key|access_key_id|secret_key|session_token|api_key|bearer_token|secret)\b\s*(=|:)?\s*'`),
}

// secret reports whether a statement holds what the history must not keep.
func secret(statement string) bool {
	for _, s := range secrets {
		if s.MatchString(statement) {
			return true
		}
	}
	return false
}
