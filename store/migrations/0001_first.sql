-- The first layout. All times are UTC unix nanoseconds, 0 for "never", unless a column's name says otherwise.
PRAGMA application_id = 0x6c616765; -- "lage"

-- ---------------------------------------------------------------------------------------------------- what is watched

CREATE TABLE checks (
	no      INTEGER PRIMARY KEY,          -- short number for the tables below
	id      TEXT NOT NULL UNIQUE,         -- "service/check"
	service TEXT NOT NULL,
	hidden  INTEGER NOT NULL DEFAULT 0    -- 1: left the configuration; its history stays
) STRICT;

-- One row per check answers "what stands now". data is packed (states.go); status stands beside it because every new
-- result is compared with it.
CREATE TABLE states (
	check_no INTEGER PRIMARY KEY REFERENCES checks (no),
	status   TEXT NOT NULL,
	data     BLOB NOT NULL
) STRICT;

-- The newest one to two hours of results of all checks: one row per batch, appended (results.go).
CREATE TABLE log (
	id   INTEGER PRIMARY KEY,             -- unix nanoseconds, not before any result in data
	data BLOB NOT NULL
) STRICT;

-- Older results, moved here from the log once an hour: short blocks of one check, so that its hours lie side by side.
CREATE TABLE blocks (
	check_no INTEGER NOT NULL REFERENCES checks (no),
	hour     INTEGER NOT NULL,            -- hours since 1970
	part     INTEGER NOT NULL,
	data     BLOB NOT NULL,
	PRIMARY KEY (check_no, hour, part)
) STRICT, WITHOUT ROWID;

CREATE TABLE hours (
	check_no INTEGER NOT NULL REFERENCES checks (no),
	hour     INTEGER NOT NULL,            -- hours since 1970
	total    INTEGER NOT NULL,            -- counted results
	bad      INTEGER NOT NULL,
	warn     INTEGER NOT NULL,
	unknown  INTEGER NOT NULL,            -- not in total
	down_ms  INTEGER NOT NULL,            -- time in status down
	max_us   INTEGER NOT NULL,
	latency  BLOB NOT NULL,               -- histogram (histogram.go)
	PRIMARY KEY (check_no, hour)
) STRICT, WITHOUT ROWID;

-- Days already summed from hours, in one zone: a cache that may be emptied at any time.
CREATE TABLE days (
	zone     TEXT NOT NULL,
	check_no INTEGER NOT NULL REFERENCES checks (no),
	until    INTEGER NOT NULL,            -- unix seconds: the first moment that is not in data
	data     BLOB NOT NULL,
	PRIMARY KEY (zone, check_no)
) STRICT, WITHOUT ROWID;

CREATE TABLE transitions (
	check_no    INTEGER NOT NULL REFERENCES checks (no),
	at          INTEGER NOT NULL,         -- when the deciding result was measured
	since       INTEGER NOT NULL,         -- when the new status began
	until       INTEGER NOT NULL,         -- when it ended; 0 while it lasts
	from_status TEXT NOT NULL,
	to_status   TEXT NOT NULL,
	message     TEXT NOT NULL,            -- JSON
	PRIMARY KEY (check_no, at, to_status)
) STRICT, WITHOUT ROWID;
CREATE INDEX transitions_down ON transitions (until, since) WHERE to_status = 'down';

CREATE TABLE configs (
	n      INTEGER PRIMARY KEY AUTOINCREMENT,
	path   TEXT NOT NULL,
	sha256 TEXT NOT NULL,
	source BLOB NOT NULL,
	at     INTEGER NOT NULL
) STRICT;

-- One row: who polls. epoch grows with every change of holder.
CREATE TABLE lease (
	id       INTEGER PRIMARY KEY CHECK (id = 1),
	epoch    INTEGER NOT NULL,
	kind     TEXT NOT NULL,               -- run, console, or empty when nobody holds it
	owner    TEXT NOT NULL,
	host     TEXT NOT NULL,
	pid      INTEGER NOT NULL,
	expires  INTEGER NOT NULL,
	run_seen INTEGER NOT NULL,            -- 1: "run" has held it at some time
	late     INTEGER NOT NULL,
	trouble  TEXT NOT NULL
) STRICT;
INSERT INTO lease VALUES (1, 0, '', '', '', 0, 0, 0, 0, '');

-- How often rows of hours have been written: tells readers when what they have summed is old.
CREATE TABLE counters (
	name TEXT PRIMARY KEY,                -- "INC-2026", "W-2026", "hours"
	n    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- -------------------------------------------------------------------------------------------------- what is happening

CREATE TABLE incidents (
	n            INTEGER PRIMARY KEY,     -- order of creation
	id           TEXT NOT NULL UNIQUE,
	service      TEXT NOT NULL,
	title        TEXT NOT NULL,
	state        TEXT NOT NULL,
	lead         TEXT NOT NULL,
	checks       TEXT NOT NULL,           -- JSON list
	runbook      TEXT NOT NULL,
	cause        TEXT NOT NULL,
	started      INTEGER NOT NULL,
	detected     INTEGER NOT NULL,
	acknowledged INTEGER NOT NULL,
	recovered    INTEGER NOT NULL,
	resolved     INTEGER NOT NULL,
	stage        INTEGER NOT NULL,
	version      INTEGER NOT NULL
) STRICT;
CREATE INDEX incidents_open ON incidents (service) WHERE state <> 'resolved';

CREATE TABLE revisions (
	sha256 TEXT PRIMARY KEY,
	name   TEXT NOT NULL,
	path   TEXT NOT NULL,
	title  TEXT NOT NULL,
	source TEXT NOT NULL
) STRICT;

CREATE TABLE walks (
	n        INTEGER PRIMARY KEY,         -- order of creation
	id       TEXT NOT NULL UNIQUE,
	incident TEXT NOT NULL,               -- empty for a walk without one
	runbook  TEXT NOT NULL,
	revision TEXT NOT NULL,
	title    TEXT NOT NULL,
	started  INTEGER NOT NULL,
	ended    INTEGER NOT NULL,
	current  TEXT NOT NULL,
	steps    TEXT NOT NULL,               -- JSON
	version  INTEGER NOT NULL
) STRICT;
CREATE INDEX walks_incident ON walks (incident);

-- The timeline is a hash chain (timeline.go). who, body and output can be blanked together with their salts; the hashes
-- of what they were stay.
CREATE TABLE timeline (
	n           INTEGER PRIMARY KEY,      -- order over all records
	record      TEXT NOT NULL,            -- incident, or walk without one
	seq         INTEGER NOT NULL,         -- 1, 2, 3 ... within the record
	kind        TEXT NOT NULL,
	occurred_at INTEGER NOT NULL,
	recorded_at INTEGER NOT NULL,
	check_id    TEXT NOT NULL,
	walk        TEXT NOT NULL,
	step        TEXT NOT NULL,
	run         TEXT NOT NULL,
	target      INTEGER NOT NULL,
	who         TEXT,                     -- JSON
	who_salt    BLOB,
	who_hash    BLOB NOT NULL,            -- empty where there never was one
	body        TEXT,                     -- JSON: message and command
	body_salt   BLOB,
	body_hash   BLOB NOT NULL,
	output      TEXT,
	output_salt BLOB,
	output_hash BLOB NOT NULL,
	prev_hash   BLOB NOT NULL,
	hash        BLOB NOT NULL CHECK (length(hash) = 32),
	UNIQUE (record, seq)
) STRICT;

CREATE TRIGGER timeline_insert BEFORE INSERT ON timeline
WHEN EXISTS (SELECT 1 FROM timeline WHERE n >= NEW.n)
	OR NEW.seq <> 1 + (SELECT coalesce(max(seq), 0) FROM timeline WHERE record = NEW.record)
BEGIN
	SELECT raise(ABORT, 'timeline: entries are appended, never replaced');
END;

CREATE TRIGGER timeline_delete BEFORE DELETE ON timeline
BEGIN
	SELECT raise(ABORT, 'timeline: entries are never deleted');
END;

CREATE TRIGGER timeline_update BEFORE UPDATE ON timeline
WHEN NEW.n IS NOT OLD.n OR NEW.record IS NOT OLD.record OR NEW.seq IS NOT OLD.seq OR NEW.kind IS NOT OLD.kind
	OR NEW.occurred_at IS NOT OLD.occurred_at OR NEW.recorded_at IS NOT OLD.recorded_at
	OR NEW.check_id IS NOT OLD.check_id OR NEW.walk IS NOT OLD.walk OR NEW.step IS NOT OLD.step
	OR NEW.run IS NOT OLD.run OR NEW.target IS NOT OLD.target
	OR NEW.who_hash IS NOT OLD.who_hash OR NEW.body_hash IS NOT OLD.body_hash
	OR NEW.output_hash IS NOT OLD.output_hash OR NEW.prev_hash IS NOT OLD.prev_hash OR NEW.hash IS NOT OLD.hash
	OR NOT (NEW.who IS OLD.who AND NEW.who_salt IS OLD.who_salt OR NEW.who IS NULL AND NEW.who_salt IS NULL)
	OR NOT (NEW.body IS OLD.body AND NEW.body_salt IS OLD.body_salt OR NEW.body IS NULL AND NEW.body_salt IS NULL)
	OR NOT (NEW.output IS OLD.output AND NEW.output_salt IS OLD.output_salt
		OR NEW.output IS NULL AND NEW.output_salt IS NULL)
	OR NOT EXISTS (SELECT 1 FROM timeline
		WHERE record = OLD.record AND kind = 'redacted' AND target = OLD.seq AND seq > OLD.seq)
BEGIN
	SELECT raise(ABORT, 'timeline: entries are never changed; parts can be erased after a redaction entry');
END;

CREATE TRIGGER incidents_delete BEFORE DELETE ON incidents
BEGIN
	SELECT raise(ABORT, 'incidents are never deleted');
END;
CREATE TRIGGER incidents_rename BEFORE UPDATE ON incidents WHEN NEW.id IS NOT OLD.id OR NEW.n IS NOT OLD.n
BEGIN
	SELECT raise(ABORT, 'incidents are never renamed');
END;
CREATE TRIGGER incidents_replace BEFORE INSERT ON incidents WHEN EXISTS (SELECT 1 FROM incidents WHERE n = NEW.n OR id = NEW.id)
BEGIN
	SELECT raise(ABORT, 'incidents are never replaced');
END;
CREATE TRIGGER walks_delete BEFORE DELETE ON walks
BEGIN
	SELECT raise(ABORT, 'walks are never deleted');
END;
CREATE TRIGGER walks_rename BEFORE UPDATE ON walks WHEN NEW.id IS NOT OLD.id OR NEW.n IS NOT OLD.n
BEGIN
	SELECT raise(ABORT, 'walks are never renamed');
END;
CREATE TRIGGER walks_replace BEFORE INSERT ON walks WHEN EXISTS (SELECT 1 FROM walks WHERE n = NEW.n OR id = NEW.id)
BEGIN
	SELECT raise(ABORT, 'walks are never replaced');
END;

CREATE TABLE outbox (
	id       INTEGER PRIMARY KEY AUTOINCREMENT,
	key      TEXT NOT NULL UNIQUE,
	incident TEXT NOT NULL,
	contact  TEXT NOT NULL,
	channel  TEXT NOT NULL,               -- JSON
	subject  TEXT NOT NULL,               -- JSON; blanked when done, like body
	body     TEXT NOT NULL,
	created  INTEGER NOT NULL,
	next_try INTEGER NOT NULL,
	tries    INTEGER NOT NULL,
	claimed  INTEGER NOT NULL,            -- until when a process has it in hand
	done     INTEGER NOT NULL,            -- 0 while it waits
	sent     INTEGER NOT NULL             -- 1: accepted by the channel; 0 with done: given up
) STRICT;
CREATE INDEX outbox_due ON outbox (next_try) WHERE done = 0;

-- Decisions already written, so that a repeated try is harmless.
CREATE TABLE ops (
	op       TEXT PRIMARY KEY,
	at       INTEGER NOT NULL,
	incident TEXT NOT NULL,
	walk     TEXT NOT NULL,
	first_n  INTEGER NOT NULL,            -- entries of the timeline; first_n > last_n for none
	last_n   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE presence (
	session  TEXT PRIMARY KEY,
	incident TEXT NOT NULL,
	person   TEXT NOT NULL,               -- JSON
	at       INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
