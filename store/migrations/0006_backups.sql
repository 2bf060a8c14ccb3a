-- Copies of this database that were made, or why one was not; the newest hundred.
CREATE TABLE backups (
	n       INTEGER PRIMARY KEY AUTOINCREMENT,
	at      INTEGER NOT NULL,
	path    TEXT NOT NULL,
	bytes   INTEGER NOT NULL,
	entries INTEGER NOT NULL,
	records INTEGER NOT NULL,
	trouble TEXT NOT NULL                 -- JSON message; empty when it is good
) STRICT;

-- When this database was put back from a copy, and how many anchored entries were lost with what stood there before.
CREATE TABLE restores (
	n       INTEGER PRIMARY KEY AUTOINCREMENT,
	at      INTEGER NOT NULL,
	source  TEXT NOT NULL,
	newest  INTEGER NOT NULL,             -- when the newest entry in the copy was recorded
	entries INTEGER NOT NULL,
	lost    INTEGER NOT NULL
) STRICT;
