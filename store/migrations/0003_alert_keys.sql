-- What other tools say about an incident's service, under keys of their own: where each key stands.
CREATE TABLE alert_keys (
	incident TEXT NOT NULL,
	key      TEXT NOT NULL,
	origin   TEXT NOT NULL,
	state    TEXT NOT NULL,               -- up, degraded, down
	since    INTEGER NOT NULL,
	PRIMARY KEY (incident, key)
) STRICT, WITHOUT ROWID;
