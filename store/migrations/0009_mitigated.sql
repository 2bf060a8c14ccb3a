-- When the effect on users ended, as a person said; 0 where nobody has.
ALTER TABLE incidents ADD COLUMN mitigated INTEGER NOT NULL DEFAULT 0;
