package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"syscall"

	"lage/incidents"
	"lage/internal/clean"
	"lage/internal/text"
	"lage/notify"
	"lage/runbooks"
	"lage/store"
)

// fault is an error with an exit code. It says what is wrong and what the person can do.
type fault struct {
	code int
	msg  text.Message
	hint text.Message // may be zero
	err  error        // the cause, for errors.Is; may be nil
}

func (f *fault) Error() string { return f.msg.In(text.English) }

func (f *fault) Unwrap() error { return f.err }

// exitWith ends the program with a code and without a word: the output has said it all.
type exitWith int

func (e exitWith) Error() string { return "exit " + strconv.Itoa(int(e)) }

// usage says that the command line is wrong. State commands answer with UNKNOWN, as monitoring plugins do.
func (a *app) usage(msg text.Message) *fault {
	code, hint := exitUsage, text.M("cli.hint_help")
	if a.cmd != nil {
		hint = text.M("cli.hint_help_command", a.cmd.name)
		if a.cmd.state {
			code = exitConfig
		}
	}
	return &fault{code: code, msg: msg, hint: hint}
}

// failed says that something did not work, with the cause's own words.
func failed(code string, err error, args ...any) *fault {
	return &fault{code: exitFailed, msg: text.M(code, append(args, reason(err))...), err: err}
}

// reason makes a message of an error: our own refusals in words of the tables, others as they are.
func reason(err error) text.Message {
	var f *fault
	var r *incidents.Refusal
	var db *store.Error
	var file *runbooks.FileError
	var unsent *notify.Failed
	switch {
	case errors.As(err, &f):
		return f.msg
	case errors.As(err, &unsent):
		return unsent.Reason
	case errors.As(err, &r):
		return r.Message
	case errors.As(err, &db):
		return db.Message
	case errors.As(err, &file):
		return file.Message()
	}
	for _, s := range systemErrors() {
		if errors.Is(err, s.err) {
			return text.M(s.code)
		}
	}
	return text.Raw(clean.Line(err.Error()))
}

// systemError is an error that people meet often enough to read it in their language.
type systemError struct {
	err  error
	code string
}

func systemErrors() []systemError {
	return []systemError{
		{fs.ErrNotExist, "cli.os_missing"}, {fs.ErrPermission, "cli.os_denied"}, {syscall.EISDIR, "cli.os_folder"},
		{syscall.ENOTDIR, "cli.os_no_folder"}, {syscall.ENOSPC, "cli.os_full"}, {syscall.EROFS, "cli.os_read_only"},
		{errTooBig, "cli.os_too_big"},
	}
}

// finish writes the document that --out asked for, says what went wrong, and gives the exit code.
func (a *app) finish(ctx context.Context, err error) int {
	var code exitWith
	spoke := errors.As(err, &code) // a state command's answer is not an error
	broke := exitFailed
	if a.cmd != nil && a.cmd.state { // 1 would mean that a service is degraded
		broke = exitConfig
	}
	if (err == nil || spoke) && a.file != nil {
		if werr := writeFile(a.flag("out"), a.file.Bytes()); werr != nil {
			err, spoke = &fault{code: broke, msg: text.M("cli.err_write", a.flag("out"), reason(cause(werr))), err: werr}, false
		}
	}
	if errors.Is(a.out.err, syscall.EPIPE) {
		return exitOK
	}
	if (err == nil || spoke) && a.out.err != nil {
		err, spoke = &fault{code: broke, msg: text.M("cli.err_stdout", reason(cause(a.out.err))), err: a.out.err}, false
	}
	switch {
	case err == nil:
		return exitOK
	case spoke:
		return int(code)
	case ctx.Err() != nil && errors.Is(err, context.Canceled):
		return exitInterrupted
	}
	return a.report(err)
}

// report writes an error for people and gives its exit code.
func (a *app) report(err error) int {
	f := a.asFault(err)
	a.warn(text.M("cli.error", f.msg))
	if !f.hint.IsZero() {
		fmt.Fprintln(a.env.Stderr, f.hint.In(a.lang))
	}
	return f.code
}

// asFault gives every error an exit code.
func (a *app) asFault(err error) *fault {
	var f *fault
	var r *incidents.Refusal
	var db *store.Error
	code := exitFailed
	if a.cmd != nil && a.cmd.state {
		code = exitConfig
	}
	switch {
	case errors.As(err, &f):
		if f.hint.IsZero() && errors.As(f.err, &db) { // what the database advises holds whoever asked it
			return &fault{code: f.code, msg: f.msg, hint: a.comeback(db), err: f.err}
		}
		return f
	case errors.As(err, &r):
		code := exitFailed
		if r.Role {
			code = exitRefused
		}
		return &fault{code: code, msg: r.Message, err: err}
	case errors.Is(err, incidents.ErrStale):
		return &fault{code: exitFailed, msg: text.M("cli.err_stale"), hint: text.M("cli.hint_again"), err: err}
	case errors.Is(err, incidents.ErrNotFound):
		return &fault{code: exitNotFound, msg: text.M("cli.err_not_found"), hint: text.M("cli.hint_incident_list"), err: err}
	case errors.As(err, &db):
		return &fault{code: code, msg: db.Message, hint: a.comeback(db), err: err}
	}
	return &fault{code: code, msg: reason(err), err: err}
}

// warn writes a remark for people; it never ends the program.
func (a *app) warn(m text.Message) { fmt.Fprintln(a.env.Stderr, m.In(a.lang)) }
