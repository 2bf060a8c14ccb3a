-- How long results are kept. The log and the tables blocks and hours hold the newest two days; what is older lies here, one
-- day after the other, so that it is appended in whole pages and dropped in whole pages.

-- Every result of one check and UTC day, in parts. id: day since 1970 << 34 | check << 10 | part.
CREATE TABLE archive (
	id   INTEGER PRIMARY KEY,
	data BLOB NOT NULL                    -- block.go
) STRICT;

-- The hours of one check and UTC day. id: day since 1970 << 24 | check.
CREATE TABLE hourly (
	id   INTEGER PRIMARY KEY,
	data BLOB NOT NULL                    -- archive.go
) STRICT;

-- Sums of days that are over, in the zone of the configuration at that time.
CREATE TABLE daily (
	check_no INTEGER NOT NULL REFERENCES checks (no),
	start    INTEGER NOT NULL,            -- unix seconds
	until    INTEGER NOT NULL,            -- unix seconds: the first moment that is not in data
	data     BLOB NOT NULL,
	PRIMARY KEY (check_no, start)
) STRICT, WITHOUT ROWID;

-- Where a check stood: up, degraded, down, unknown, not_observed. Without gaps from its first result on. Every availability is
-- computed from these rows.
CREATE TABLE intervals (
	check_no INTEGER NOT NULL REFERENCES checks (no),
	since    INTEGER NOT NULL,
	until    INTEGER NOT NULL,            -- 0 for the one that lasts
	state    TEXT NOT NULL,
	PRIMARY KEY (check_no, since)
) STRICT, WITHOUT ROWID;

INSERT OR REPLACE INTO intervals (check_no, since, until, state)
	SELECT check_no, since, until, iif(to_status = 'flapping', 'down', to_status) FROM transitions
	WHERE until = 0 OR until > since ORDER BY check_no, at;

-- How far apart the results of a check are to be, in milliseconds; 0 where that is not known. Longer pauses are not observed.
ALTER TABLE checks ADD COLUMN every_ms INTEGER NOT NULL DEFAULT 0;
