package proc

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// Descriptors that a supervisor of a job with a terminal gets from the console.
const (
	linkFD    = 4
	consoleFD = 5
)

// Frames that a console sends: a kind, the length of what follows in four bytes, and that.
const (
	frameInput  = 'i'
	frameWindow = 'w'
	frameBye    = 'b' // the console leaves, and puts the terminal right by itself
	frameMax    = 32 << 10
)

// Window is a terminal's size in cells, and its settings before the job, for putting it right should the console die.
type Window struct {
	Rows  uint16        `json:"rows"`
	Cols  uint16        `json:"cols"`
	Saved *unix.Termios `json:"saved"`
}

// StartOn runs a job on a terminal of its own, spliced with the one that in and out are, until it ends or ctx does. What
// the job prints is kept as evidence, with secrets taken out; what the person types is not. The terminal is as it was when
// StartOn returns, and also when this program dies: the job is then hung up, and its supervisor sets the terminal right.
// Errors are about the start; how it ended is to be had from State.
func (s *Supervisor) StartOn(ctx context.Context, id string, job Job, in, out *os.File) error {
	job.Terminal = &Window{}
	if err := control(in, func(fd int) (err error) {
		job.Terminal.Saved, err = unix.IoctlGetTermios(fd, unix.TCGETS)
		return err
	}); err != nil {
		return ErrNoTerminal
	}
	job.Terminal.Rows, job.Terminal.Cols = sizeOf(out)
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		return err
	}
	ours, theirs := os.NewFile(uintptr(pair[0]), "link"), os.NewFile(uintptr(pair[1]), "link")
	defer ours.Close()
	err = s.start(ctx, id, job, theirs, in)
	theirs.Close()
	if err != nil {
		return err
	}
	raw := *job.Terminal.Saved
	makeRaw(&raw)
	if err := control(in, func(fd int) error { return unix.IoctlSetTermios(fd, unix.TCSETS, &raw) }); err != nil {
		return err
	}
	splice(ctx, ours, in, out)
	// Keys typed after the end belong to nobody: they are thrown away.
	return control(in, func(fd int) error { return unix.IoctlSetTermios(fd, unix.TCSETSF, job.Terminal.Saved) })
}

// ErrNoTerminal says that there is no terminal to hand over.
var ErrNoTerminal = errors.New("no terminal")

// sizeOf gives a terminal's rows and columns; zero where it is none.
func sizeOf(f *os.File) (rows, cols uint16) {
	_ = control(f, func(fd int) error {
		ws, err := unix.IoctlGetWinsize(fd, unix.TIOCGWINSZ)
		if err == nil {
			rows, cols = ws.Row, ws.Col
		}
		return err
	})
	return rows, cols
}

func makeRaw(t *unix.Termios) {
	t.Iflag &^= unix.IGNBRK | unix.BRKINT | unix.PARMRK | unix.ISTRIP | unix.INLCR | unix.IGNCR | unix.ICRNL | unix.IXON
	t.Oflag &^= unix.OPOST
	t.Lflag &^= unix.ECHO | unix.ECHONL | unix.ICANON | unix.ISIG | unix.IEXTEN
	t.Cflag = t.Cflag&^(unix.CSIZE|unix.PARENB) | unix.CS8
	t.Cc[unix.VMIN], t.Cc[unix.VTIME] = 1, 0
}

// splice passes on what is typed, what is printed, and the terminal's size, until the other side is through.
func splice(ctx context.Context, link, in, out *os.File) {
	stop, cancel := context.WithCancel(ctx)
	wake, waker, err := os.Pipe()
	if err != nil {
		cancel()
		return
	}
	var wg sync.WaitGroup
	var send sync.Mutex
	frame := func(kind byte, b []byte) error {
		send.Lock()
		defer send.Unlock()
		_, err := link.Write(append(binary.BigEndian.AppendUint32([]byte{kind}, uint32(len(b))), b...))
		return err
	}
	sizes := make(chan os.Signal, 1)
	signal.Notify(sizes, syscall.SIGWINCH)
	wg.Add(2)
	go func() {
		defer wg.Done()
		for {
			select {
			case <-stop.Done():
				_ = frame(frameBye, nil)
				link.Close()
				return
			case <-sizes:
				rows, cols := sizeOf(out)
				_ = frame(frameWindow, binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16(nil, rows), cols))
			}
		}
	}()
	go func() {
		defer wg.Done()
		typed(in, wake, func(b []byte) error { return frame(frameInput, b) })
	}()
	_, _ = io.Copy(struct{ io.Writer }{out}, link) // until the job is over, or its supervisor gone
	signal.Stop(sizes)
	cancel()
	waker.Close()
	wg.Wait()
	wake.Close()
}

// typed passes on what is typed, and stops reading as soon as the other end of wake is closed, so that it takes no key
// that is meant for whoever reads the terminal next.
func typed(in, wake *os.File, send func([]byte) error) {
	_ = control(in, func(tty int) error {
		return control(wake, func(wake int) error { readTyped(tty, wake, send); return nil })
	})
}

func readTyped(tty, wake int, send func([]byte) error) {
	buf := make([]byte, 4096)
	fds := []unix.PollFd{{Fd: int32(tty), Events: unix.POLLIN}, {Fd: int32(wake), Events: unix.POLLIN}}
	for {
		if _, err := unix.Poll(fds, -1); err != nil && !errors.Is(err, unix.EINTR) {
			return
		}
		switch {
		case fds[1].Revents != 0:
			return
		case fds[0].Revents == 0:
			continue
		}
		n, err := unix.Read(tty, buf)
		if errors.Is(err, unix.EINTR) || errors.Is(err, unix.EAGAIN) {
			continue
		}
		if err != nil || n == 0 || send(buf[:n]) != nil {
			return
		}
	}
}

// link is a supervisor's connection with the console whose terminal the job uses.
type link struct {
	conn, pty *os.File
	console   *os.File
	saved     *unix.Termios
	over      atomic.Bool   // nobody needs the console's terminal to be put right
	gone      chan struct{} // closed when the console is gone
	printed   chan struct{} // closed when everything that the job printed is through
}

// lost is closed when the console is gone; nil for a job without one.
func (l *link) lost() <-chan struct{} {
	if l == nil {
		return nil
	}
	return l.gone
}

// isLost tells whether the console is gone.
func (l *link) isLost() bool {
	select {
	case <-l.lost():
		return true
	default:
		return false
	}
}

// close ends the connection when all output is through, or soon, where somebody still holds the terminal.
func (l *link) close() {
	if l == nil {
		return
	}
	select {
	case <-l.printed:
	case <-time.After(drainGrace):
	}
	l.pty.Close()
	<-l.printed
	l.over.Store(true)
	l.conn.Close()
	<-l.gone
	l.console.Close()
}

// startOnTerminal starts the job on a new terminal.
func (sv *supervision) startOnTerminal(spec Spec, text *os.File) (*process, error) {
	pty, tty, err := openPTY()
	if err != nil {
		return nil, err
	}
	defer tty.Close()
	w := sv.job.Terminal
	setSize(pty, w.Rows, w.Cols)
	if err := unix.SetNonblock(linkFD, true); err != nil {
		return nil, err
	}
	l := &link{conn: os.NewFile(linkFD, "link"), console: os.NewFile(consoleFD, "console"), pty: pty, saved: w.Saved,
		gone: make(chan struct{}), printed: make(chan struct{})}
	spec.tty = tty
	p, err := start(spec, nil, nil, text)
	if err != nil {
		return nil, err
	}
	sv.link = l
	keep := sv.redacting()
	go func() {
		defer close(l.printed)
		buf := make([]byte, frameMax)
		for {
			n, err := pty.Read(buf)
			if n > 0 {
				_, _ = keep.Write(buf[:n])
				_, _ = l.conn.Write(buf[:n]) // a console that is gone does not matter to the record
			}
			if err != nil { // EIO: nobody has the terminal open any more
				return
			}
		}
	}()
	go l.obey()
	return p, nil
}

// obey does what the console sends until it is gone. Then the job loses its terminal, as with any connection that drops.
func (l *link) obey() {
	head := make([]byte, 5)
	for {
		if _, err := io.ReadFull(l.conn, head); err != nil {
			break
		}
		n := binary.BigEndian.Uint32(head[1:])
		if n > frameMax {
			break
		}
		b := make([]byte, n)
		if _, err := io.ReadFull(l.conn, b); err != nil {
			break
		}
		switch {
		case head[0] == frameInput:
			_, _ = l.pty.Write(b)
		case head[0] == frameBye:
			l.over.Store(true)
		case head[0] == frameWindow && n == 4:
			setSize(l.pty, binary.BigEndian.Uint16(b), binary.BigEndian.Uint16(b[2:]))
		}
	}
	if l.saved != nil && !l.over.Load() { // the console died without putting it right
		_ = control(l.console, func(fd int) error { return unix.IoctlSetTermios(fd, unix.TCSETS, l.saved) })
	}
	close(l.gone) // before anybody is hung up, so that nobody's end is taken for an ordinary one
	l.pty.Close()
}

// control does something to a file's descriptor and leaves its mode alone.
func control(f *os.File, do func(fd int) error) error {
	c, err := f.SyscallConn()
	if err != nil {
		return err
	}
	var failed error
	err = c.Control(func(fd uintptr) { failed = do(int(fd)) })
	return errors.Join(err, failed)
}

func setSize(pty *os.File, rows, cols uint16) {
	if rows == 0 || cols == 0 {
		rows, cols = 24, 80
	}
	_ = control(pty, func(fd int) error {
		return unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: rows, Col: cols})
	})
}

// openPTY makes a new terminal: pty is our end of it, tty the job's.
func openPTY() (pty, tty *os.File, err error) {
	fd, err := unix.Open("/dev/ptmx", unix.O_RDWR|unix.O_CLOEXEC|unix.O_NOCTTY|unix.O_NONBLOCK, 0)
	if err != nil {
		return nil, nil, fmt.Errorf("/dev/ptmx: %w", err)
	}
	pty = os.NewFile(uintptr(fd), "/dev/ptmx")
	n, err := unix.IoctlGetUint32(fd, unix.TIOCGPTN)
	if err == nil {
		err = unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0)
	}
	if err == nil {
		tty, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	}
	if err != nil {
		pty.Close()
		return nil, nil, err
	}
	return pty, tty, nil
}
