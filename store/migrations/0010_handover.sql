-- Since when an incident alarms nobody any more (0: it does), and the lead that is offered to somebody (JSON, empty: none is).
ALTER TABLE incidents ADD COLUMN quiet INTEGER NOT NULL DEFAULT 0;
ALTER TABLE incidents ADD COLUMN handover TEXT NOT NULL DEFAULT '';
