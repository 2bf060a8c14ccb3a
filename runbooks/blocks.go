package runbooks

import (
	"regexp"
	"slices"
	"strings"
)

// blockReader turns code blocks into Blocks, in document order: variables that one block sets are known in the next.
type blockReader struct {
	shell    *shell
	set      map[string]bool // variables that earlier blocks set
	declared map[string]bool // variables of the front matter
	meta     Meta
	warn     func(no int, code string, args ...string)
}

// code is a block as it stands in the tree.
type code struct {
	text     string
	info     string
	no       int
	lead     string // last sentence before it
	indented bool

	announced bool // the sentence says that output follows
	shell     *shell
}

var (
	shells    = set("sh bash shell zsh ksh ash dash console terminal shell-session shellsession sh-session bash-session bashsession shell-script shellscript command cmdline cli commandline cmd prompt")
	untagged  = set("text txt plain plaintext plain-text none raw")
	printed   = set("output log logs stdout stderr ansi traceback trace")
	repls     = set("ruby rb irb python py python3 pycon pry psql sql mysql plsql postgresql postgres pgsql mongo mongodb js javascript node redis cql elixir iex erlang powershell ps1 pwsh ps bat batch dos rails groovy")
	queries   = set("promql logql kql kusto lucene esql spl traceql influxql graphql flux sumo insights jql logsql datadog")
	diagrams  = set("mermaid plantuml puml dot graphviz d2 ditaa seqdiag blockdiag flowchart wavedrom")
	heading   = regexp.MustCompile(`^#{2,6} [A-ZÄÖÜ0-9]|^\d{1,2}\. [A-ZÄÖÜ]\w+ \w+|^\x60{3,}`)
	promQuery = regexp.MustCompile(`^(?:(?:sum|avg|min|max|count|rate|irate|increase|delta|deriv|histogram_quantile|topk|bottomk|absent|time|vector|label_replace|changes|predict_linear|(?:min|max|avg|sum|count|quantile)_over_time)\s*(?:by\s*\([^)]*\)\s*|without\s*\([^)]*\)\s*)?\(|[a-z_:][a-zA-Z0-9_:]*\{(?:[^}]*=|$)|[a-z][a-z0-9]*(?:_[a-z0-9]+){2,}(?:\s*[<>=!]=?\s*[\d.]+)?$|ALERTS\{)`)
	sqlText   = regexp.MustCompile(`(?i)^(?:select\s+.*|update\s+\S+\s+set|delete\s+from|insert\s+into|alter\s+(?:table|role|database|system)|create\s+(?:table|index|user|role|database|extension)|drop\s+(?:table|index|database)|show\s+\w+.*;|explain\s|vacuum\s|grant\s|purge\s+binary|copy\s*\(|copy\s+\S+\s+(?:to|from)\b|reindex\s+(?:table|index|database|system|schema)\b|with\s+\w+\s+as\s*\()`)
	printsIt  = regexp.MustCompile(`(?i)\b(?:output|expected|similar|returns?|returned|looks? like|should see|will see|see something|you(?:'ll| will)? see|should (?:be|show|look|return|print|display)|displays?|prints?|shows?|responds?|response|result|results|error|errors|message|messages|logs? (?:line|entry|entries|like)|appears?|sample|like this one|stack ?trace|excerpt|status looks|ausgabe|erwartet\w*|ähnlich\w*|liefert|zeigt|meldet|antwortet|fehlermeldung|ergebnis|erscheint|sollte\w* .{0,40}(?:stehen|erscheinen|zeigen|aussehen)|sieht .{0,30}aus)\b`)
	goesIn    = regexp.MustCompile(`(?i)\b(?:add|append|insert|paste|edit|change|replace|set|put|write|configure|create a file|modify|update|include|eintragen|hinzufügen|ergänzen|einfügen|ändern|setzen|fügen|tragen)\b`)
	runsIt    = regexp.MustCompile(`(?i)\b(?:run|running|execute|executing|invoke|using|use|with|command|commands|issue|call|type|enter|via|script|by|to|check|verify|get|list|find|restart|start|stop|delete|remove|create|apply|login|log in|ssh|ausführen|befehl\w*|aufrufen|eingeben|starten|stoppen|prüfen|löschen|mit)\b`)
)

// maxShell is how many lines a block may have to be read as commands.
const maxShell = 600

// read makes a Block.
func (r *blockReader) read(c code) Block {
	lang, attrs := fenceInfo(c.info)
	text := strings.Trim(c.text, "\n")
	b := Block{Lang: lang, Source: expandTabs(text), Line: c.no}
	b.apply(attrs, func(k, v string) { r.warn(c.no, "runbooks.attribute", k, v) })
	if c.indented {
		text, lang = r.shownFence(&b, c, text)
	}
	lines := dedent(strings.Split(text, "\n"))
	c.announced, c.shell = announces(c.lead), r.shell
	b.Kind, b.Text, b.Example = classify(lines, lang, c)
	if b.Kind == BlockOutput && shells[lang] && declared(attrs) && text != "" {
		b.Kind, b.Text, b.Example = BlockCommand, text, ""
	}
	if b.Kind == BlockOutput && !printed[lang] && goesIn.MatchString(c.lead) && !c.announced {
		b.Kind = BlockConfig
	}
	b.shows = b.Kind == BlockOutput && (c.lead == "" || c.announced)
	if truth(attrs["interactive"]) && b.Kind == BlockCommand {
		b.Kind = BlockSession
	}
	r.finish(&b, attrs)
	return b
}

// declared tells whether the fence's attributes speak of running it: whoever wrote them means a command, whatever
// program it is.
func declared(attrs map[string]string) bool {
	for _, k := range []string{"name", "reads", "confirm", "danger", "timeout", "expect", "expectExit", "capture", "host", "undo", "dryRun", "retry", "interactive", "user", "shared"} {
		if _, ok := attrs[k]; ok {
			return true
		}
	}
	return false
}

// shownFence reads an indented block that holds a whole fence as that fence.
func (r *blockReader) shownFence(b *Block, c code, text string) (string, string) {
	lines := strings.Split(text, "\n")
	first, last := strings.TrimSpace(lines[0]), strings.TrimSpace(lines[len(lines)-1])
	if len(lines) < 2 || !strings.HasPrefix(first, "```") || strings.Trim(last, "`") != "" || len(last) < 3 {
		return text, b.Lang
	}
	lang, attrs := fenceInfo(strings.TrimLeft(first, "`"))
	b.Lang = lang
	b.apply(attrs, func(k, v string) { r.warn(c.no, "runbooks.attribute", k, v) })
	return strings.Join(lines[1:len(lines)-1], "\n"), lang
}

// classify is the order of tests that tells what a block is. It gives the text to run or copy, and sample output.
func classify(lines []string, lang string, c code) (BlockKind, string, string) {
	text := strings.Join(lines, "\n")
	trimmed := strings.TrimSpace(text)
	shellish := lang == "" || shells[lang] || untagged[lang]
	switch {
	case trimmed == "":
		return BlockOutput, "", ""
	case shellish && slices.ContainsFunc(lines, headingLike) && !strings.HasPrefix(trimmed, "#!") && !insideHeredoc(lines) && !remarksOnly(c.shell, lines):
		return BlockSuspect, text, ""
	case diagrams[lang]:
		return BlockDiagram, text, ""
	case strings.HasPrefix(trimmed, "#!") && len(lines) > 2:
		return BlockFile, text, ""
	case printed[lang]:
		return BlockOutput, text, ""
	case repls[lang]:
		return BlockREPL, text, ""
	case queries[lang]:
		return BlockQuery, text, ""
	case !shellish:
		return BlockConfig, text, ""
	}
	if len(lines) > maxShell { // nobody types that
		return BlockOutput, text, ""
	}
	if cmd, example, ok := transcript(c.shell, lines); ok {
		if onHosts(lines) {
			return BlockSession, cmd, example
		}
		return BlockCommand, cmd, example
	}
	if first := firstLine(lines); strings.ContainsAny(first, ">#") && replPrompt.MatchString(first) {
		return BlockREPL, text, ""
	}
	if allComments(lines) && !c.announced {
		return BlockTodo, text, ""
	}
	return classifyPlain(lines, lang, c)
}

// classifyPlain judges a block without prompts whose language says shell or nothing.
func classifyPlain(lines []string, lang string, c code) (BlockKind, string, string) {
	text := strings.Join(lines, "\n")
	first := strings.TrimSpace(firstLine(lines))
	lead := c.lead
	switch {
	case (containsAny(first, "(", "{") || strings.Count(first, "_") > 1) && (promQuery.MatchString(first) || metrics.MatchString(first)) && !programs[firstWord(first)]:
		return BlockQuery, text, ""
	case first != "" && strings.IndexByte("GHPD", first[0]) >= 0 && restCall.MatchString(first) && !c.announced:
		if strings.HasPrefix(first, "GET") || strings.HasPrefix(first, "HEAD") {
			return BlockQuery, text, ""
		}
		return BlockREPL, text, ""
	case sqlVerbs[strings.ToLower(firstField(first))] && sqlText.MatchString(first):
		return BlockREPL, text, ""
	}
	if strings.HasPrefix(first, "apiVersion:") || yamlShaped(lines) && !c.announced {
		return BlockConfig, text, ""
	}
	sure := commandLine(first)
	if sure == notCommand && unknownProgram(first, lang, c) {
		sure = surelyCommand
	}
	if sure == maybeCommand && c.announced && !strings.Contains(strings.ToLower(lead), " run") {
		sure = notCommand
	}
	if sure == maybeCommand && untagged[lang] {
		sure = notCommand
	}
	if sure == notCommand {
		return BlockOutput, text, ""
	}
	cmd, example, clean := splitPrinted(c.shell, lines)
	if !clean {
		return BlockOutput, text, ""
	}
	if example == "" && len(lines) > 1 && !plausible(lines) && !c.shell.understand(cmd).ok {
		return BlockOutput, text, ""
	}
	return BlockCommand, cmd, example
}

// unknownProgram accepts a program that the list does not know when everything around it speaks for a command.
func unknownProgram(first, lang string, c code) bool {
	f := strings.Fields(first)
	if len(f) == 0 || looksPrinted(first) || strings.HasSuffix(first, ":") || strings.HasSuffix(first, ".") && !strings.HasSuffix(first, " .") {
		return false
	}
	w := firstWord(first)
	if !isPlainWord(w) || strings.HasSuffix(w, ".") || len(f) < 2 {
		return false
	}
	if c.announced {
		return false
	}
	flagged := hasOption(first)
	switch {
	case shells[lang] || c.indented:
		if !flagged && len(f) > 3 && !asked(c.lead) {
			return false
		}
	case lang != "" || !flagged || !asked(c.lead):
		return false
	}
	return strings.HasSuffix(first, "\\") || c.shell.understand(first).ok
}

// runsWords are those of runsIt that are one word.
var runsWords = set(`run running execute executing invoke using use with command commands issue call type enter via script by to check verify get list find restart start stop delete remove create apply login ssh befehl befehle
befehls befehlen aufrufen eingeben starten stoppen mit`)

// asked tells whether a sentence asks for something to be run.
func asked(lead string) bool {
	return strings.HasSuffix(strings.TrimSpace(lead), ":") || anyWord(lead, runsWords) || isImperative(lead) || runsIt.MatchString(lead)
}

// runOrSession tells commands from blocks that open another shell, host or program to type in.
func runOrSession(sh *shell, text string, sc script) BlockKind {
	if !sc.ok {
		for _, l := range strings.Split(text, "\n") {
			for _, c := range sh.understand(l).commands {
				if opens(c) {
					return BlockSession
				}
			}
		}
		return BlockCommand
	}
	found := false
	for _, c := range sc.commands {
		c.each(0, func(c command) { found = found || opens(c) })
	}
	if found {
		return BlockSession
	}
	return BlockCommand
}

// finish fills what follows from kind and text: risk, placeholders, whether it may run and why not.
func (r *blockReader) finish(b *Block, attrs map[string]string) {
	if b.Kind == BlockCommand || b.Kind == BlockSession {
		b.Text = shellText(b.Text)
	} else {
		b.Text = expandTabs(b.Text)
	}
	b.inherit(r.meta)
	sc := script{}
	switch b.Kind {
	case BlockCommand, BlockSession, BlockFile:
		sc = r.shell.understand(b.Text)
		if b.Kind == BlockCommand {
			b.Kind = runOrSession(r.shell, b.Text, sc)
		}
		b.Risk = r.risk(b, sc, attrs)
		if b.Kind != BlockFile {
			b.Placeholders = placeholders(b.Text, sc, r.set, r.declared)
			b.Background = b.Background || endless(sc)
			for _, s := range sc.sets {
				r.set[s] = true
			}
			if b.Capture != "" {
				r.set[b.Capture] = true
			}
		}
	case BlockREPL, BlockQuery:
		b.Risk = RiskRead
		if b.Kind == BlockREPL {
			b.Risk = RiskChange
			if dangerousSQL(b.Text) || truth(attrs["danger"]) {
				b.Risk = RiskDanger
			}
		}
	}
	b.Why = why(b, sc, attrs)
	if b.Why == "" && len(sc.commands) > 1 && !declared(attrs) && doubtful(r.shell, b.Text) {
		b.Why = "runbooks.why_doubtful"
	}
	b.Runnable = b.Why == ""
}

func (r *blockReader) risk(b *Block, sc script, attrs map[string]string) Risk {
	switch {
	case truth(attrs["danger"]):
		return RiskDanger
	case isDangerous(b.Text, sc, r.meta.DangerWords) && !denied(attrs["danger"]):
		return RiskDanger
	case truth(attrs["reads"]) || isReadOnly(sc):
		return RiskRead
	}
	return RiskChange
}

// whys says for each kind why it does not run.
var whys = map[BlockKind]string{
	BlockSession: "runbooks.why_session", BlockREPL: "runbooks.why_repl", BlockQuery: "runbooks.why_query", BlockFile: "runbooks.why_file", BlockOutput: "runbooks.why_output",
	BlockConfig: "runbooks.why_config", BlockDiagram: "runbooks.why_diagram", BlockTodo: "runbooks.why_todo", BlockSuspect: "runbooks.why_suspect",
}

func why(b *Block, sc script, attrs map[string]string) string {
	switch {
	case b.Kind == BlockOutput && attrs["expect"] != "":
		return "runbooks.why_expected"
	case b.Kind != BlockCommand:
		return whys[b.Kind]
	case truth(attrs["ignore"]):
		return "runbooks.why_ignored"
	case len(b.Placeholders) > 0:
		return "runbooks.why_placeholder"
	case !sc.ok:
		return "runbooks.why_incomplete"
	case b.Host != "" && !IsHost(b.Host):
		return "runbooks.why_host"
	case len(sc.commands) == 0 && strings.TrimSpace(b.Text) == "":
		return "runbooks.why_output"
	}
	return ""
}

// shellText makes a command's text ready: blanks that a shell does not know as blanks, and tabs that only indent.
func shellText(s string) string {
	s = strings.ReplaceAll(s, "\u00a0", " ")
	s = strings.TrimRight(s, " \t\n")
	if strings.Contains(s, "<<") || !strings.Contains(s, "\t") {
		return s
	}
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		if t := strings.IndexByte(l, '\t'); t >= 0 && !strings.ContainsAny(strings.TrimLeft(l, "\t "), "\t") {
			lines[i] = strings.Repeat("    ", strings.Count(l, "\t")) + strings.ReplaceAll(l, "\t", "")
		}
	}
	return strings.Join(lines, "\n")
}
