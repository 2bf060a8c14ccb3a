package notify

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"lage/internal/clean"
	"lage/internal/text"
	"lage/services"
)

func TestCommand(t *testing.T) {
	out := filepath.Join(t.TempDir(), "out")
	t.Setenv("LAGE_TEST_PARENT_SECRET", "x")
	a := alert(1, "")
	a.Channel = services.Channel{Command: []string{"bash", "-c", `{ printf '[%s]' "$@"; echo; env | grep -E 'LAGE|SECRET' | sort; cat; } >"$0"`, out, "a b", "$(id)", "--flag"}}
	n := &Notifier{Lang: text.English}
	if err := n.byChannel(t.Context(), one(a)); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	want := `[a b][$(id)][--flag]
LAGE_CONTACT=ops
LAGE_INCIDENT=INC-2026-031
LAGE_KEY=key-1
LAGE_SUBJECT=[INC-2026-031] Ausfall
[INC-2026-031] Ausfall

Wohngeld: gestört

Incident INC-2026-031. To acknowledge: lage ack INC-2026-031
`
	// The mark by which processes are found is none of the command's business.
	lines := strings.SplitAfter(string(got), "\n")
	var rest strings.Builder
	for _, l := range lines {
		if !strings.HasPrefix(l, "LAGE_PROC=") {
			rest.WriteString(l)
		}
	}
	if rest.String() != want {
		t.Errorf("got\n%s\nwant\n%s", rest.String(), want)
	}
}

func TestCommandFails(t *testing.T) {
	n := &Notifier{Lang: text.German, Redact: clean.NewRedactor("tok-secret")}
	for script, want := range map[string]string{
		`echo "some output"; echo "modem: no tok-secret carrier" >&2; echo more >&2; exit 7`: "Befehl endete mit 7: modem: no [***] carrier",
		"printf '\\n\\x1b[31mbad\\x1b[0m\\rworse\\n'; exit 1":                                "Befehl endete mit 1: worse",
		`kill -KILL $$`: "Befehl endete mit -1:",
	} {
		a := alert(1, "")
		a.Channel.Command = []string{"bash", "-c", script}
		err := n.byChannel(t.Context(), one(a))
		if err == nil {
			t.Errorf("%s: no error", script)
			continue
		}
		if got := strings.TrimSpace(n.reason(t.Context(), err).In(text.German)); got != want {
			t.Errorf("%s: got %q, want %q", script, got, want)
		}
	}
	a := alert(1, "/no/such/program")
	if got := n.reason(t.Context(), n.byChannel(t.Context(), one(a))).In(text.German); !strings.HasPrefix(got, "Befehl ließ sich nicht starten: ") {
		t.Errorf("got %q", got)
	}
}

func TestCommandThatHangs(t *testing.T) {
	n := &Notifier{}
	a := alert(1, "")
	a.Channel.Command = []string{"bash", "-c", "setsid sleep 300 & wait"}
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	err := n.byChannel(ctx, one(a))
	if !errors.Is(err, context.DeadlineExceeded) || n.reason(ctx, err).Code != "notify.timeout" {
		t.Errorf("got %v", err)
	}
}

func TestNoChannel(t *testing.T) {
	n := &Notifier{}
	a := alert(1, "")
	a.Channel = services.Channel{}
	if err := n.byChannel(t.Context(), one(a)); !final(err) {
		t.Errorf("got %v", err)
	}
	a.Channel.Email = "ops@example.org"
	if err := n.byChannel(t.Context(), one(a)); !final(err) || n.reason(t.Context(), err).Code != "notify.no_mail" {
		t.Errorf("got %v", err)
	}
}
