package store

import (
	"context"
	"database/sql"
	"time"

	"lage/incidents"
)

// LeaseRequest asks to be the one process that polls.
type LeaseRequest struct {
	Kind  string // "run" or "console"
	Owner string // names the process, unlike any other
	Host  string // empty means Options.Host
	PID   int
	TTL   time.Duration // how long the lease holds without being renewed
	Force bool          // a console wants it also where "run" has held it before
}

// Lease says who polls. Held tells whether it is the one who asked; the rest is about the holder, and Kind is empty
// where nobody holds it.
type Lease struct {
	Epoch   int64 // grows with every change of holder
	Held    bool
	Kind    string
	Owner   string
	Host    string
	PID     int
	Expires time.Time
	TTL     time.Duration // of the request, for RenewLease
}

// AcquireLease tries to become the one who polls. "run" takes the lease from a console at once; a console gets it only
// where no "run" has ever held it, or with Force; a lease that ran out can be taken. Who holds it already keeps it. The
// error says that the database could not be asked; a refusal is a Lease that is not Held.
func (s *Store) AcquireLease(ctx context.Context, r LeaseRequest) (Lease, error) {
	if r.Host == "" {
		r.Host = s.host
	}
	var out Lease
	var may bool
	look := func(ctx context.Context, tx *sql.Tx) (l Lease, mine, runSeen bool, err error) {
		if l, runSeen, err = readLease(ctx, tx); err != nil {
			return l, false, false, err
		}
		free := l.Kind == "" || !l.Expires.After(s.now())
		mine = !free && l.Owner == r.Owner
		may = mine || r.Kind == "run" && (free || l.Kind == "console") || r.Kind == "console" && free && (!runSeen || r.Force)
		if out = l; free {
			out = Lease{Epoch: l.Epoch}
		}
		return l, mine, runSeen, nil
	}
	// Looking first spares whoever waits a write each second, of which everybody would be told.
	if err := s.view(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, _, _, err := look(ctx, tx)
		return err
	}); err != nil || !may {
		return out, err
	}
	err := s.change(ctx, s.audit, func(ctx context.Context, tx *sql.Tx) error {
		l, mine, runSeen, err := look(ctx, tx)
		if err != nil || !may {
			return err
		}
		now := s.now()
		if !mine {
			l.Epoch++
		}
		out = Lease{Epoch: l.Epoch, Held: true, Kind: r.Kind, Owner: r.Owner, Host: r.Host, PID: r.PID, Expires: moment(nano(now.Add(r.TTL))), TTL: r.TTL}
		return run(ctx, tx, "UPDATE lease SET epoch = ?, kind = ?, owner = ?, host = ?, pid = ?, expires = ?, run_seen = ?, "+
			"late = iif(epoch = ?, late, 0), trouble = iif(epoch = ?, trouble, '')", out.Epoch, out.Kind, out.Owner, out.Host, out.PID,
			nano(out.Expires), runSeen || r.Kind == "run", out.Epoch, out.Epoch)
	})
	return out, err
}

// RenewLease prolongs a lease by its TTL. One that ran out is prolonged too, where nobody else has taken it meanwhile;
// otherwise ErrLeaseLost.
func (s *Store) RenewLease(ctx context.Context, l Lease) (Lease, error) {
	l.Expires = moment(nano(s.now().Add(l.TTL)))
	err := s.change(ctx, s.audit, func(ctx context.Context, tx *sql.Tx) error {
		if err := fence(ctx, tx, l.Epoch); err != nil {
			return err
		}
		return run(ctx, tx, "UPDATE lease SET expires = ?", nano(l.Expires))
	})
	return l, err
}

// ReleaseLease gives the lease back at once, and keeps when that was. Nothing happens where it is already lost.
func (s *Store) ReleaseLease(ctx context.Context, l Lease) error {
	return s.change(ctx, s.audit, func(ctx context.Context, tx *sql.Tx) error {
		return run(ctx, tx, "UPDATE lease SET epoch = epoch + 1, kind = '', owner = '', expires = ? WHERE epoch = ?", nano(s.now()), l.Epoch)
	})
}

// SetPoller tells others how the poller is doing: how many checks started late since it began, and why results are not
// stored, empty when they are. ErrLeaseLost when the epoch is over.
func (s *Store) SetPoller(ctx context.Context, epoch, late int64, trouble string) error {
	return s.change(ctx, s.audit, func(ctx context.Context, tx *sql.Tx) error {
		if err := fence(ctx, tx, epoch); err != nil {
			return err
		}
		return run(ctx, tx, "UPDATE lease SET late = ?, trouble = ?", late, trouble)
	})
}

// CheckEpoch gives ErrLeaseLost when the epoch is over: what a poller does besides storing results asks it first.
func (s *Store) CheckEpoch(ctx context.Context, epoch int64) error {
	return s.view(ctx, func(ctx context.Context, tx *sql.Tx) error { return fence(ctx, tx, epoch) })
}

// Poller says who polls and how fresh the results are. A lease that ran out or was given back shows as held by nobody, with
// Until in the past.
func (s *Store) Poller(ctx context.Context) (incidents.Poller, error) {
	var p incidents.Poller
	err := s.view(ctx, func(ctx context.Context, tx *sql.Tx) error {
		l, _, err := readLease(ctx, tx)
		if err != nil {
			return err
		}
		p = incidents.Poller{Owner: l.Kind, Host: l.Host, PID: l.PID, Until: l.Expires}
		if !l.Expires.After(s.now()) {
			p.Owner = ""
		}
		if err := tx.QueryRowContext(ctx, "SELECT late, trouble FROM lease").Scan(&p.Late, &p.Trouble); err != nil {
			return err
		}
		return each(ctx, tx, func(scan func(...any) error) error {
			var id int64
			var data string
			if err := scan(&id, &data); err != nil {
				return err
			}
			newest := int64(0)
			unpackBatch(id, data, func(sm sample) { newest = max(newest, sm.at) })
			p.Last = time.UnixMilli(newest).UTC()
			return nil
		}, "SELECT id, data FROM log ORDER BY id DESC LIMIT 1")
	})
	return p, err
}

func readLease(ctx context.Context, tx *sql.Tx) (l Lease, runSeen bool, err error) {
	var expires int64
	err = tx.QueryRowContext(ctx, "SELECT epoch, kind, owner, host, pid, expires, run_seen FROM lease").
		Scan(&l.Epoch, &l.Kind, &l.Owner, &l.Host, &l.PID, &expires, &runSeen)
	l.Expires = moment(expires)
	return l, runSeen, err
}

// fence refuses what a poller of an older epoch wants to write: it slept while another took over.
func fence(ctx context.Context, tx *sql.Tx, epoch int64) error {
	var now int64
	if err := tx.QueryRowContext(ctx, "SELECT epoch FROM lease").Scan(&now); err != nil {
		return err
	}
	if now != epoch {
		return ErrLeaseLost
	}
	return nil
}
