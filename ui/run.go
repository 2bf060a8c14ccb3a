package ui

import (
	"context"
	"io"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"lage/internal/text"
)

// Run shows the console on a terminal until the person quits or ctx ends, and leaves the terminal as it was. in and out
// should be a terminal's files. It prints nothing besides: what the Summary says is the caller's to print.
func Run(ctx context.Context, d Deps, in io.Reader, out io.Writer) (Summary, error) {
	a := newApp(d)
	a.first = a.firstPicture(ctx)
	opts := []tea.ProgramOption{tea.WithInput(in), tea.WithOutput(out), tea.WithFPS(60), tea.WithoutSignalHandler()}
	if d.Options.NoColor {
		opts = append(opts, tea.WithColorProfile(colorprofile.ASCII))
	}
	p := tea.NewProgram(a, opts...)
	done := make(chan struct{})
	defer close(done)
	go func() {
		select {
		case <-ctx.Done():
			p.Quit()
		case <-done:
		}
	}()
	_, err := p.Run()
	return Summary{Open: a.e.picture.Incidents, Saved: a.saved}, err
}

// firstPicture reads the situation before the first frame, so that this already shows it. A slow store does not hold the
// screen up for long: it is read again once the screen is there.
func (a *App) firstPicture(ctx context.Context) tea.Cmd {
	ctx, cancel := context.WithTimeout(ctx, patience/5)
	defer cancel()
	p, err := a.e.Reader.Picture(ctx)
	if err != nil {
		a.failed = text.M("ui.unreadable", err.Error())
		return nil
	}
	return a.begin(p)
}
