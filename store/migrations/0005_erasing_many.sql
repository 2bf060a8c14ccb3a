-- One redaction may erase parts of several entries of its record: its target is 0 then, and parts names each with the number
-- of its entry, "who:3 text:3 who:7".
DROP TRIGGER timeline_update;

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
		WHERE record = OLD.record AND kind = 'redacted' AND seq > OLD.seq
			AND seq = (SELECT max(seq) FROM timeline WHERE record = OLD.record)
			AND (target = OLD.seq AND (parts = '' OR (NEW.who IS OLD.who OR instr(parts, 'who') > 0)
					AND (NEW.body IS OLD.body OR instr(parts, 'text') > 0)
					AND (NEW.output IS OLD.output OR instr(parts, 'output') > 0))
				OR target = 0 AND (NEW.who IS OLD.who OR instr(' ' || parts || ' ', ' who:' || OLD.seq || ' ') > 0)
					AND (NEW.body IS OLD.body OR instr(' ' || parts || ' ', ' text:' || OLD.seq || ' ') > 0)
					AND (NEW.output IS OLD.output OR instr(' ' || parts || ' ', ' output:' || OLD.seq || ' ') > 0)))
BEGIN
	SELECT raise(ABORT, 'timeline: entries are never changed; parts can be erased after a redaction entry');
END;
