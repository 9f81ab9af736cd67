-- One workspace. Text ids are UUIDs, text times RFC 3339 in UTC; columns named *_json hold one of the
-- domain's closed lists with its fields. No secret is ever in here: `token_json` names a keyring entry.

CREATE TABLE meta (
    id              INTEGER PRIMARY KEY CHECK (id = 1),
    revision        INTEGER NOT NULL,
    settings_json   TEXT    NOT NULL
);
INSERT INTO meta (id, revision, settings_json) VALUES (1, 0, '{}');

CREATE TABLE members (
    id              TEXT PRIMARY KEY,
    name            TEXT NOT NULL,
    super_admin     INTEGER NOT NULL
);

CREATE TABLE grants (
    id              TEXT PRIMARY KEY,
    provider        TEXT NOT NULL,
    subject_json    TEXT NOT NULL,
    client          TEXT NOT NULL,
    generation      INTEGER NOT NULL CHECK (generation > 0),
    consent_json    TEXT NOT NULL,
    token_json      TEXT NOT NULL,
    tried_json      TEXT,
    UNIQUE (provider, subject_json, client, generation)
);

CREATE TABLE mailboxes (
    id              TEXT PRIMARY KEY,
    owner           TEXT NOT NULL REFERENCES members (id),
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
    added_by        TEXT NOT NULL REFERENCES members (id)
);
-- The rule is the domain's; this holds it should two versions of the app ever disagree.
CREATE UNIQUE INDEX mailboxes_one_row_per_address ON mailboxes (address_key) WHERE usage <> 'removed';

CREATE TABLE disconnects (
    id              TEXT PRIMARY KEY,
    mailbox         TEXT NOT NULL REFERENCES mailboxes (id),
    opened_at       TEXT NOT NULL,
    opened_by       TEXT NOT NULL REFERENCES members (id),
    ended_json      TEXT,
    snoozed_until   TEXT
);
CREATE UNIQUE INDEX disconnects_one_open_per_mailbox ON disconnects (mailbox) WHERE ended_json IS NULL;

CREATE TABLE steps (
    disconnect      TEXT NOT NULL REFERENCES disconnects (id) ON DELETE CASCADE,
    position        INTEGER NOT NULL,
    kind            TEXT NOT NULL,
    grant_id        TEXT REFERENCES grants (id),
    record_json     TEXT NOT NULL,
    PRIMARY KEY (disconnect, kind)
);

CREATE TABLE intentions (
    id              TEXT PRIMARY KEY,
    at              TEXT NOT NULL,
    by              TEXT NOT NULL REFERENCES members (id),
    kind_json       TEXT NOT NULL
);

CREATE TABLE history (
    seq             INTEGER PRIMARY KEY,
    at              TEXT NOT NULL,
    by              TEXT,
    by_name         TEXT,
    mailbox         TEXT,
    address         TEXT,
    what            TEXT NOT NULL,
    prev            TEXT NOT NULL,
    hash            TEXT NOT NULL
);
CREATE INDEX history_of_mailbox ON history (mailbox, seq);
