-- What could not be read: people whose lists a search could not read, and lists that were to be read again.

-- `id` is the provider's identifier, or the address where no more is known.
CREATE TABLE unread_people (
    organisation    INTEGER NOT NULL REFERENCES organisations (number),
    id              TEXT NOT NULL,
    address         TEXT NOT NULL COLLATE NOCASE,
    name            TEXT,
    why             TEXT NOT NULL,
    at              TEXT NOT NULL,
    PRIMARY KEY (organisation, id)
) WITHOUT ROWID;
CREATE INDEX unread_people_by_address ON unread_people (organisation, address, id);

ALTER TABLE runs ADD COLUMN verified_json TEXT;

-- When an item's list was last to be read again, and why it was not read where it was not.
ALTER TABLE items ADD COLUMN look_at TEXT;
ALTER TABLE items ADD COLUMN look_failed TEXT;
-- By which other grants HubSpot still reaches the item's person.
ALTER TABLE items ADD COLUMN through_json TEXT;
CREATE INDEX items_not_read ON items (run, seq) WHERE look_failed IS NOT NULL;
