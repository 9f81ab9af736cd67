-- Hosts that answered for a run in the provider's place, as the settings had them then.

ALTER TABLE runs ADD COLUMN hosts_json TEXT NOT NULL DEFAULT '[]';
