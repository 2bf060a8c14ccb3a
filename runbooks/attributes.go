package runbooks

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

var langWord = regexp.MustCompile(`^[^\s{,;:]+`)

// fenceInfo splits a fence's info string into the language and its attributes: JSON in braces, k=v in braces, or k=v
// behind the language. Values may be quoted. Unknown keys are kept.
func fenceInfo(info string) (lang string, attrs map[string]string) {
	info = strings.TrimSpace(info)
	head, rest := info, ""
	if i := strings.IndexByte(info, '{'); i >= 0 {
		head, rest = strings.TrimSpace(info[:i]), info[i:]
	}
	if m := langWord.FindString(head); m != "" && !strings.Contains(m, "=") {
		lang, head = strings.ToLower(m), strings.TrimSpace(head[len(m):])
	}
	attrs = map[string]string{}
	pairs(head, attrs)
	if rest != "" && !jsonAttrs(rest, attrs) {
		if end := strings.IndexByte(rest, '}'); end > 0 {
			pairs(rest[1:end], attrs)
		}
	}
	if len(attrs) == 0 {
		attrs = nil
	}
	return strings.TrimPrefix(lang, "."), attrs
}

func jsonAttrs(s string, into map[string]string) bool {
	for _, end := range []int{strings.LastIndexByte(s, '}'), strings.IndexByte(s, '}')} {
		var v map[string]any
		if end > 0 && json.Unmarshal([]byte(s[:end+1]), &v) == nil {
			for k, x := range v {
				into[k] = fmt.Sprint(x)
			}
			return true
		}
	}
	return false
}

var pair = regexp.MustCompile(`([A-Za-z_][\w.-]*)=("[^"]*"|'[^']*'|[^\s,]*)`)

func pairs(s string, into map[string]string) {
	for _, m := range pair.FindAllStringSubmatch(s, -1) {
		into[m[1]] = strings.Trim(m[2], `"'`)
	}
}

// apply fills a block's fields from its attributes. It reports values that it cannot read.
func (b *Block) apply(attrs map[string]string, warn func(key, value string)) {
	b.Attrs = attrs
	b.Name, b.Host, b.User, b.Cwd = attrs["name"], attrs["host"], attrs["user"], attrs["cwd"]
	b.DryRun, b.Undo, b.Capture, b.Confirm = attrs["dryRun"], attrs["undo"], attrs["capture"], attrs["confirm"]
	b.Redact = truth(attrs["redact"])
	b.Background = truth(attrs["background"])
	b.Excluded = truth(attrs["excludeFromRunAll"])
	b.Own = denied(attrs["shared"])
	b.promptEnv(attrs["promptEnv"], warn)
	b.retry(attrs["retry"], warn)
	for _, t := range strings.Split(attrs["tag"]+","+attrs["category"], ",") {
		if t = strings.TrimSpace(t); t != "" {
			b.Tags = append(b.Tags, t)
		}
	}
	switch b.Confirm {
	case "", "auto", "ask", "type", "never":
	default:
		warn("confirm", b.Confirm)
		b.Confirm = ""
	}
	if v := attrs["timeout"]; v != "" {
		if d, err := time.ParseDuration(v); err == nil && d > 0 {
			b.Timeout = d
		} else {
			warn("timeout", v)
		}
	}
	if v := attrs["expectExit"]; v != "" && v != "any" {
		for _, part := range strings.Split(v, ",") {
			n, err := strconv.Atoi(strings.TrimSpace(part))
			if err != nil || n < 0 || n > 255 {
				warn("expectExit", v)
				b.ExpectExit = nil
				break
			}
			b.ExpectExit = append(b.ExpectExit, n)
		}
	} else if v == "any" {
		for n := range 256 {
			b.ExpectExit = append(b.ExpectExit, n)
		}
	}
}

// promptEnv reads when the variables that a block exports are asked for.
func (b *Block) promptEnv(v string, warn func(key, value string)) {
	switch low := strings.ToLower(v); {
	case v == "" || low == "auto":
		b.PromptEnv = low
	case low == "always" || truth(v):
		b.PromptEnv = "always"
	case low == "never" || denied(v):
		b.PromptEnv = "never"
	default:
		warn("promptEnv", v)
	}
}

// maxRetries bounds how often a block may be repeated.
const maxRetries = 1000

// retry reads "5/30s": five times, thirty seconds apart.
func (b *Block) retry(v string, warn func(key, value string)) {
	if v == "" {
		return
	}
	times, every, _ := strings.Cut(v, "/")
	n, err := strconv.Atoi(times)
	d := duration(every)
	if err != nil || n < 1 || n > maxRetries || every != "" && d == 0 {
		warn("retry", v)
		return
	}
	b.Retries, b.RetryEvery = n, d
}

func truth(s string) bool {
	switch strings.ToLower(s) {
	case "true", "yes", "1", "on":
		return true
	}
	return false
}

func denied(s string) bool {
	switch strings.ToLower(s) {
	case "false", "no", "0", "off":
		return true
	}
	return false
}
