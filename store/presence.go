package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"lage/services"
)

// presentFor is how long somebody counts as present after the last Touch.
const presentFor = 30 * time.Second

// Touch says that a person looks at an incident, or with an empty incident that the session is over. session names the
// console. Names of those who left are not kept.
func (s *Store) Touch(ctx context.Context, p services.Person, session, incident string) error {
	who, err := json.Marshal(p)
	if err != nil {
		return err
	}
	return s.change(ctx, s.results, func(ctx context.Context, tx *sql.Tx) error {
		now := s.now()
		if err := run(ctx, tx, "DELETE FROM presence WHERE session = ? OR at <= ?", session, nano(now.Add(-presentFor))); err != nil || incident == "" {
			return err
		}
		return run(ctx, tx, "INSERT INTO presence (session, incident, person, at) VALUES (?, ?, ?, ?)", session, incident, string(who), nano(now))
	})
}

// Present lists the persons who looked at an incident in the last 30 seconds, each once, by name.
func (s *Store) Present(ctx context.Context, incident string) ([]services.Person, error) {
	var out []services.Person
	err := s.view(ctx, func(ctx context.Context, tx *sql.Tx) error {
		return each(ctx, tx, func(scan func(...any) error) error {
			var p services.Person
			var who string
			if err := scan(&who); err != nil {
				return err
			}
			if err := json.Unmarshal([]byte(who), &p); err != nil {
				return err
			}
			out = append(out, p)
			return nil
		}, "SELECT DISTINCT person FROM presence WHERE incident = ? AND at > ? ORDER BY person", incident, nano(s.now().Add(-presentFor)))
	})
	return out, err
}
