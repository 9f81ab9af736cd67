-- Devices that have used the workspace: what a token, a sign-in or an intention is kept on. Nothing that was written before
-- says on which device that was; `device` stays out of its JSON, and null here, until the entry is read in a keyring.

CREATE TABLE devices (
    id              TEXT PRIMARY KEY,
    name            TEXT NOT NULL,
    file            TEXT NOT NULL,
    since           TEXT NOT NULL,
    origin          TEXT NOT NULL CHECK (origin IN ('began', 'unknown', 'moved', 'copied', 'restored')),
    earlier_of      TEXT,
    gone_to         TEXT
);

ALTER TABLE intentions ADD COLUMN device TEXT;
