package notify

import (
	"context"
	"errors"
	"time"

	"lage/internal/text"
)

// failure is why an alert could not be sent, in words. Its detail comes from outside and may hold secrets: reason takes
// them out.
type failure struct {
	code   string
	args   []any         // from the configuration or made here
	detail string        // from outside; stands after args
	final  bool          // trying again will hardly help
	after  time.Duration // how long the other side wants to be left alone; 0 means that it said nothing
}

func (f *failure) Error() string {
	return text.M(f.code, append(f.args, f.detail)...).In(text.English)
}

func final(err error) bool {
	var f *failure
	return errors.As(err, &f) && f.final
}

// asked gives how long the other side wants to be left alone, as far as that is reasonable.
func asked(err error) time.Duration {
	var f *failure
	if errors.As(err, &f) {
		return min(f.after, longWait)
	}
	return 0
}

// longWait is how long the other side may have us wait at most: people are waiting too.
const longWait = 10 * time.Minute

// reason puts a failure into words that may be stored and shown.
func (n *Notifier) reason(ctx context.Context, err error) text.Message {
	var f *failure
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return text.M("notify.timeout", sendLimit)
	case errors.As(err, &f):
		args := append([]any{}, f.args...)
		for i, a := range args {
			if s, ok := a.(string); ok {
				args[i] = n.safe(s)
			}
		}
		return text.M(f.code, append(args, n.safe(f.detail))...)
	}
	return text.M("notify.failed", n.safe(err.Error()))
}
