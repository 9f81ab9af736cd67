-- Inboxes with their channels, people who come and go, notices. Foreign keys are off while this runs and checked
-- before it is committed.

ALTER TABLE members ADD COLUMN language TEXT;
ALTER TABLE members ADD COLUMN removed INTEGER NOT NULL DEFAULT 0;

CREATE TABLE inboxes (
    id              TEXT PRIMARY KEY,
    name            TEXT NOT NULL,
    access_json     TEXT NOT NULL,
    removed         INTEGER NOT NULL
);

CREATE TABLE other_channels (
    id              TEXT PRIMARY KEY,
    inbox           TEXT NOT NULL REFERENCES inboxes (id),
    kind            TEXT NOT NULL,
    name            TEXT NOT NULL
);

-- A mailbox has an owner, or an inbox.
CREATE TABLE mailboxes_2 (
    id              TEXT PRIMARY KEY,
    owner           TEXT REFERENCES members (id),
    inbox           TEXT REFERENCES inboxes (id),
    connected_by    TEXT REFERENCES members (id),
    address         TEXT NOT NULL,
    address_key     TEXT NOT NULL,
    provider        TEXT NOT NULL,
    holder_json     TEXT NOT NULL,
    usage           TEXT NOT NULL CHECK (usage IN ('in_use', 'disabled', 'removed')),
    usage_known_json TEXT NOT NULL,
    link_json       TEXT NOT NULL,
    unreachable_since TEXT,
    grant_id        TEXT REFERENCES grants (id),
    added_at        TEXT NOT NULL,
    added_by        TEXT NOT NULL REFERENCES members (id),
    asked_json      TEXT,
    CHECK ((owner IS NULL) <> (inbox IS NULL))
);
INSERT INTO mailboxes_2 (id, owner, address, address_key, provider, holder_json, usage, usage_known_json, link_json,
        unreachable_since, grant_id, added_at, added_by)
    SELECT id, owner, address, address_key, provider, holder_json, usage, usage_known_json, link_json,
        unreachable_since, grant_id, added_at, added_by FROM mailboxes;
DROP TABLE mailboxes;
ALTER TABLE mailboxes_2 RENAME TO mailboxes;
CREATE UNIQUE INDEX mailboxes_one_row_per_address ON mailboxes (address_key) WHERE usage <> 'removed';

-- After a move the old provider's job may still be open beside a job of the row as it is now, so the rule of one open
-- job is the domain's alone.
DROP INDEX disconnects_one_open_per_mailbox;
ALTER TABLE disconnects ADD COLUMN purpose_json TEXT NOT NULL DEFAULT '{"is":"leave"}';
ALTER TABLE disconnects ADD COLUMN provider TEXT NOT NULL DEFAULT '';
UPDATE disconnects SET provider = (SELECT provider FROM mailboxes WHERE mailboxes.id = disconnects.mailbox);
ALTER TABLE disconnects ADD COLUMN snoozed_by TEXT REFERENCES members (id);

CREATE TABLE notices (
    id              INTEGER PRIMARY KEY,
    member          TEXT NOT NULL REFERENCES members (id),
    what_json       TEXT NOT NULL,
    at              TEXT NOT NULL,
    by              TEXT REFERENCES members (id),
    mailbox         TEXT REFERENCES mailboxes (id),
    job             TEXT REFERENCES disconnects (id),
    address         TEXT,
    address_key     TEXT,
    read            TEXT,
    corrected       TEXT,
    desktop_json    TEXT NOT NULL
);
