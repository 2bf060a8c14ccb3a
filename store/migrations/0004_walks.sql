-- A walk without an incident is a record of its own: a maintenance or a drill, with what it was about.
ALTER TABLE walks ADD COLUMN kind TEXT NOT NULL DEFAULT '';   -- incident, maintenance, drill
ALTER TABLE walks ADD COLUMN asset TEXT NOT NULL DEFAULT '';
ALTER TABLE walks ADD COLUMN reason TEXT NOT NULL DEFAULT '';
ALTER TABLE walks ADD COLUMN change TEXT NOT NULL DEFAULT '';
ALTER TABLE walks ADD COLUMN data TEXT NOT NULL DEFAULT '{}'; -- JSON: sign-offs, inputs, detours (walks.go)
UPDATE walks SET kind = CASE incident WHEN '' THEN 'maintenance' ELSE 'incident' END;
CREATE INDEX walks_runbook ON walks (runbook, started);
