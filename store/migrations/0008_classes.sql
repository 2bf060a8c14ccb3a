-- How grave an incident is; empty for those of before there were classes.
ALTER TABLE incidents ADD COLUMN class TEXT NOT NULL DEFAULT '';
