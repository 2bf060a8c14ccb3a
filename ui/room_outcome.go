package ui

import (
	"strings"
	"time"

	"lage/incidents"
	"lage/runbooks"
)

// outcomeWords say how a run ended, or that it goes on.
func outcomeWords(e *env, st incidents.RunState) string {
	dot := " " + e.style.dot + " "
	if !st.Ended {
		return e.t("room.runs_stop")
	}
	words := e.duration(st.Result.Duration) + dot
	switch st.Result.Outcome {
	case "timeout":
		return words + e.t("room.outcome_timeout")
	case "stopped":
		words += e.t("room.outcome_stopped")
		if len(st.Result.Survivors) > 0 {
			words += dot + e.t("exec.survivors", strings.Join(st.Result.Survivors, ", "))
		}
		return words
	case "lost":
		return words + e.t("room.outcome_lost")
	case "failed_to_start":
		return words + e.t("room.outcome_not_started")
	}
	words += e.t("room.exit", st.Result.ExitCode)
	if st.Result.Redactions > 0 {
		words += dot + e.t("exec.redactions", st.Result.Redactions)
	}
	if st.Result.Cut {
		words += dot + e.t("room.cut", st.Result.Bytes)
	}
	return words
}

// stepHint says what to do with the step at hand.
func (r *room) stepHint(e *env, s *runbooks.Step) string {
	if f := r.runs[s.ID]; f != nil && !f.ended() {
		if long := e.now.Sub(r.status(s.ID).At); r.status(s.ID).Status == runbooks.StepRunning && long >= time.Minute {
			return e.t("room.hint_still", long.Truncate(time.Minute))
		}
		return e.t("room.hint_runs")
	}
	switch r.status(s.ID).Status {
	case runbooks.StepRunning:
		return e.t("room.hint_runs")
	case runbooks.StepFailed:
		for _, b := range s.Commands {
			if b.Undo != "" {
				return e.t("exec.undo", b.Undo)
			}
		}
		return e.t("room.hint_failed", stepName(s))
	case runbooks.StepDone, runbooks.StepSkipped:
		if next := r.place(r.next()); next >= 0 {
			return e.t("room.hint_still_open", stepName(r.flat[next].Step))
		}
		return e.t("room.hint_all_done")
	}
	if f := r.data.Fitting; len(f) > 0 && len(r.data.Walks) == 0 && r.book.Name == f[0].Book.Name {
		return e.t("room.hint_proposed", stepName(s), f[0].Why(e.Options.Lang))
	}
	return e.t("room.hint_next", stepName(s))
}
