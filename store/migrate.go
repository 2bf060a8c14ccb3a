package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strconv"

	"github.com/mattn/go-sqlite3"

	"lage/internal/text"
)

//go:embed migrations/*.sql
var migrations embed.FS

// applicationID stands in the header of our databases.
const applicationID = 0x6c616765

// steps lists the migrations in order: the first one leads to schema version 1.
func steps(dir fs.FS) ([]string, error) {
	names, err := fs.Glob(dir, "migrations/*.sql") // sorted
	if err != nil {
		return nil, err
	}
	var out []string
	for i, name := range names {
		if n, err := strconv.Atoi(name[len("migrations/"):][:4]); err != nil || n != i+1 {
			return nil, fmt.Errorf("migration %s is not number %d", name, i+1)
		}
		b, err := fs.ReadFile(dir, name)
		if err != nil {
			return nil, err
		}
		out = append(out, string(b))
	}
	return out, nil
}

// convert brings the database to the schema of this program. What it was before stays beside it, as one file:
// lage.db.schema-3. Without room for that nothing is converted.
func (s *Store) convert(ctx context.Context, copyFirst bool) error {
	all, err := steps(migrations)
	if err != nil {
		return err
	}
	v, err := schemaOf(ctx, s.audit, s.path, len(all))
	if err != nil {
		return err
	}
	if copyFirst && v > 0 && v < len(all) {
		if err := keepOld(s.path, v); err != nil {
			return &Error{Message: text.M("backup.no_copy", s.path, v, len(all)), Hint: text.M("backup.no_copy_hint"), Cause: err}
		}
	}
	if v < len(all) {
		s.was = v
	}
	return migrate(ctx, s.audit, s.path)
}

// keepOld copies a database of an old schema. Where another process has converted it meanwhile, its copy stands.
func keepOld(path string, schema int) error {
	dst := fmt.Sprintf("%s.schema-%d", path, schema)
	tmp, err := besides(dst)
	if err != nil {
		return err
	}
	defer removeDatabase(tmp)
	if err := copyHeads(headsOf(path), headsOf(tmp)); err != nil {
		return err
	}
	is, err := copyDatabase(path, tmp)
	if err != nil || is != schema {
		return err
	}
	if err := intact(tmp); err != nil {
		return err
	}
	return place(tmp, dst)
}

// intact looks at the structure of a copy that nobody uses.
func intact(path string) error {
	c, err := dial(readDSN(path, true))
	if err != nil {
		return err
	}
	rows, err := c.Query("PRAGMA quick_check(1)", nil)
	if err != nil {
		return errors.Join(err, c.Close())
	}
	row := make([]driver.Value, 1)
	err = rows.Next(row)
	if s, _ := row[0].(string); err == nil && s != "ok" {
		err = sqlite3.Error{Code: sqlite3.ErrCorrupt}
	}
	return errors.Join(err, rows.Close(), c.Close())
}

// migrate brings the database to the schema of this program, each step in a transaction of its own. Several processes may
// try at once: each step looks again at what stands.
func migrate(ctx context.Context, db *sql.DB, path string) error {
	all, err := steps(migrations)
	if err != nil {
		return err
	}
	for {
		done, err := migrateOnce(ctx, db, path, all)
		if err != nil || done {
			return err
		}
	}
}

func migrateOnce(ctx context.Context, db *sql.DB, path string, all []string) (done bool, err error) {
	if v, err := schemaOf(ctx, db, path, len(all)); err != nil || v == len(all) {
		return true, err // nothing to do: no need to wait for other writers
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return false, err
	}
	defer func() { _ = tx.Rollback() }() // does nothing after a commit
	v, err := schemaOf(ctx, tx, path, len(all))
	if err != nil || v == len(all) {
		return true, err
	}
	if v == 0 {
		if err := refuseLost(path); err != nil {
			return true, err
		}
	}
	if _, err := tx.ExecContext(ctx, all[v]); err != nil {
		return false, fmt.Errorf("migration %d: %w", v+1, err)
	}
	if _, err := tx.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d", v+1)); err != nil {
		return false, err
	}
	return false, tx.Commit()
}

type querier interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// schemaOf gives the schema version, 0 for an empty file. Databases of other programs and of a newer lage are refused.
func schemaOf(ctx context.Context, q querier, path string, newest int) (int, error) {
	var version, app, tables int
	err := q.QueryRowContext(ctx, "SELECT (SELECT user_version FROM pragma_user_version), "+
		"(SELECT application_id FROM pragma_application_id), (SELECT count(*) FROM sqlite_schema)").Scan(&version, &app, &tables)
	switch {
	case err != nil:
		return 0, err
	case tables > 0 && app != applicationID:
		return 0, &Error{Message: text.M("store.foreign", path), Hint: text.M("store.not_a_database_hint")}
	case version > newest:
		return 0, &Error{Message: text.M("store.newer", path, version, newest), Hint: text.M("store.newer_hint")}
	}
	return version, nil
}

// checkSchema makes sure that a database can be read as it is.
func checkSchema(ctx context.Context, db *sql.DB, path string) error {
	all, err := steps(migrations)
	if err != nil {
		return err
	}
	v, err := schemaOf(ctx, db, path, len(all))
	if err == nil && v == 0 {
		err = refuseLost(path)
	}
	if err == nil && v < len(all) {
		return &Error{Message: text.M("store.older", path, v, len(all)), Hint: text.M("store.older_hint")}
	}
	return err
}

// refuseLost refuses an empty database beside which anchors of a timeline stand: what was in it is lost, most often because
// its write-ahead log was deleted or left behind. To begin anew in it would hide that.
func refuseLost(path string) error {
	heads, err := readHeads(headsOf(path))
	if err != nil || len(heads) == 0 {
		return err
	}
	return &Error{Message: text.M("store.lost", path), Hint: text.M("store.lost_hint", path, headsOf(path))}
}
