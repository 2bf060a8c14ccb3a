-- A redaction entry says what it erases, and that is part of its hash: a name erased for a reason must not be a pretext for
-- erasing the text later. Entries written before this have no parts, which means all of them.
ALTER TABLE timeline ADD COLUMN parts TEXT NOT NULL DEFAULT ''; -- of a redaction: "who", "text", "output", with blanks between

DROP TRIGGER timeline_update;

-- Only the newest entry of the record can be the redaction: erasing belongs to the transaction that appends it.
CREATE TRIGGER timeline_update BEFORE UPDATE ON timeline
WHEN NEW.n IS NOT OLD.n OR NEW.record IS NOT OLD.record OR NEW.seq IS NOT OLD.seq OR NEW.kind IS NOT OLD.kind
	OR NEW.occurred_at IS NOT OLD.occurred_at OR NEW.recorded_at IS NOT OLD.recorded_at
	OR NEW.check_id IS NOT OLD.check_id OR NEW.walk IS NOT OLD.walk OR NEW.step IS NOT OLD.step
	OR NEW.run IS NOT OLD.run OR NEW.target IS NOT OLD.target OR NEW.parts IS NOT OLD.parts
	OR NEW.who_hash IS NOT OLD.who_hash OR NEW.body_hash IS NOT OLD.body_hash
	OR NEW.output_hash IS NOT OLD.output_hash OR NEW.prev_hash IS NOT OLD.prev_hash OR NEW.hash IS NOT OLD.hash
	OR NOT (NEW.who IS OLD.who AND NEW.who_salt IS OLD.who_salt OR NEW.who IS NULL AND NEW.who_salt IS NULL)
	OR NOT (NEW.body IS OLD.body AND NEW.body_salt IS OLD.body_salt OR NEW.body IS NULL AND NEW.body_salt IS NULL)
	OR NOT (NEW.output IS OLD.output AND NEW.output_salt IS OLD.output_salt
		OR NEW.output IS NULL AND NEW.output_salt IS NULL)
	OR NOT EXISTS (SELECT 1 FROM timeline
		WHERE record = OLD.record AND kind = 'redacted' AND target = OLD.seq AND seq > OLD.seq
			AND seq = (SELECT max(seq) FROM timeline WHERE record = OLD.record)
			AND (parts = '' OR (NEW.who IS OLD.who OR instr(parts, 'who') > 0)
				AND (NEW.body IS OLD.body OR instr(parts, 'text') > 0)
				AND (NEW.output IS OLD.output OR instr(parts, 'output') > 0)))
BEGIN
	SELECT raise(ABORT, 'timeline: entries are never changed; parts can be erased after a redaction entry');
END;
