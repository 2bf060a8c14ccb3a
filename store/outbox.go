package store

import (
	"cmp"
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"lage/incidents"
	"lage/internal/text"
	"lage/services"
)

// claimFor is how long an alert that was taken is kept from other processes.
const claimFor = time.Minute

// Take gives alerts that are due, oldest first, at most limit, and keeps them for the caller for a minute: no other
// process gets them meanwhile. What becomes of them is written with Decision.Delivered; without that they are given out
// again when the minute is over.
func (s *Store) Take(ctx context.Context, now time.Time, limit int) ([]incidents.Alert, error) {
	const due = "done = 0 AND next_try <= ? AND claimed <= ?"
	var waiting bool // looking first spares a write transaction each second
	if err := s.view(ctx, func(ctx context.Context, tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM outbox WHERE "+due+")", nano(now), nano(now)).Scan(&waiting)
	}); err != nil || !waiting {
		return nil, err
	}
	var out []incidents.Alert
	err := s.change(ctx, s.audit, func(ctx context.Context, tx *sql.Tx) error {
		out = nil
		if err := each(ctx, tx, func(scan func(...any) error) error {
			a, err := scanAlert(scan)
			out = append(out, a)
			return err
		}, "SELECT id, key, incident, contact, channel, subject, body, created, next_try, tries FROM outbox WHERE "+due+
			" ORDER BY next_try, id LIMIT ?", nano(now), nano(now), limit); err != nil {
			return err
		}
		for _, a := range out {
			if err := run(ctx, tx, "UPDATE outbox SET claimed = ? WHERE id = ?", nano(now.Add(claimFor)), a.ID); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// channelColumn is a channel as it stands in the column of that name. Its names are part of the schema. Of a webhook only
// that it is one: its address and its secret never stand in a database.
type channelColumn struct {
	Email   string   `json:"email,omitempty"`
	Command []string `json:"command,omitempty"`
	Webhook string   `json:"webhook,omitempty"` // its format
	Needs   []string `json:"needs,omitempty"`
}

// hookAddress stands in place of a webhook's address, for the process that sends to fill in.
const hookAddress = "${webhook}"

func columnOf(c services.Channel) channelColumn {
	out := channelColumn{Email: c.Email, Command: c.Command, Needs: c.Needs}
	if c.Webhook.URL != "" {
		out.Webhook = string(cmp.Or(c.Webhook.Format, services.HookJSON))
	}
	return out
}

func (c channelColumn) channel() services.Channel {
	out := services.Channel{Email: c.Email, Command: c.Command, Needs: c.Needs}
	if c.Webhook != "" {
		out.Webhook = services.Webhook{URL: hookAddress, Format: services.HookFormat(c.Webhook)}
	}
	return out
}

func scanAlert(scan func(...any) error) (incidents.Alert, error) {
	var a incidents.Alert
	var channel, subject, body string
	var created, nextTry int64
	if err := scan(&a.ID, &a.Key, &a.Incident, &a.Contact, &channel, &subject, &body, &created, &nextTry, &a.Tries); err != nil {
		return a, err
	}
	var ch channelColumn
	if err := json.Unmarshal([]byte(channel), &ch); err != nil {
		return a, fmt.Errorf("alert %d: channel: %w", a.ID, err)
	}
	a.Channel = ch.channel()
	a.Subject, a.Body = parseMessage(subject), parseMessage(body)
	a.Created, a.NextTry = moment(created), moment(nextTry)
	return a, nil
}

// parseMessage reads a message of a column. What is no message is shown as it stands.
func parseMessage(s string) text.Message {
	var m text.Message
	if s != "" && json.Unmarshal([]byte(s), &m) != nil {
		return text.Raw(s)
	}
	return m
}

// writeOutbox writes the decision's alerts, and what became of an older one.
func (s *Store) writeOutbox(ctx context.Context, tx *sql.Tx, d incidents.Decision, now time.Time, out incidents.Recorded) error {
	for _, a := range d.Alerts {
		if a.Incident == "" && out.Incident != nil {
			a.Incident = out.Incident.ID
		}
		channel, err := json.Marshal(columnOf(a.Channel))
		if err != nil {
			return err
		}
		if a.Created.IsZero() {
			a.Created = now
		}
		if a.NextTry.IsZero() {
			a.NextTry = a.Created
		}
		// The same key means the same message: it is already waiting, or gone.
		if err := run(ctx, tx, "INSERT INTO outbox (key, incident, contact, channel, subject, body, created, next_try, tries, claimed, done, sent) "+
			"VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0) ON CONFLICT (key) DO NOTHING", cmp.Or(a.Key, rand.Text()), a.Incident, a.Contact,
			string(channel), messageJSON(a.Subject), messageJSON(a.Body), nano(a.Created), nano(a.NextTry), a.Tries); err != nil {
			return err
		}
	}
	if d.Delivered == nil {
		return nil
	}
	return deliver(ctx, tx, *d.Delivered, now)
}

// deliver writes what became of an alert. Message and address are not kept once it is sent or given up.
func deliver(ctx context.Context, tx *sql.Tx, d incidents.Delivery, now time.Time) error {
	if d.At.IsZero() {
		d.At = now
	}
	if d.Sent || d.GiveUp {
		return run(ctx, tx, "UPDATE outbox SET done = ?, sent = ?, tries = tries + 1, claimed = 0, subject = '', body = '', channel = '{}' "+
			"WHERE id = ? AND done = 0", nano(d.At), d.Sent, d.Alert.ID)
	}
	return run(ctx, tx, "UPDATE outbox SET next_try = ?, tries = tries + 1, claimed = 0 WHERE id = ? AND done = 0", nano(d.NextTry), d.Alert.ID)
}
