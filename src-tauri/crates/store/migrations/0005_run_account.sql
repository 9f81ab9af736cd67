-- The administrator's account under which the provider was asked last for a run: a report names it.

ALTER TABLE runs ADD COLUMN account TEXT;
