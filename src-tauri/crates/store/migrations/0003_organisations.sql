-- Organisations with an administrator's sign-in; what searches through them found; plans and runs.
--
-- What a search finds may be tens of thousands of rows, so nothing of it is part of the state that every change loads.
-- Times that are compared here have nine digits after the second, so that their texts sort like the times do.

-- Whatever tens of thousands of rows refer to has a number beside its identity: the rows and their indexes stay small.

CREATE TABLE organisations (
    number          INTEGER PRIMARY KEY,
    id              TEXT NOT NULL UNIQUE,
    suite           TEXT NOT NULL CHECK (suite IN ('google', 'microsoft')),
    key             TEXT NOT NULL,
    name            TEXT NOT NULL,
    sign_in_json    TEXT,
    apps_json       TEXT NOT NULL,
    searched_json   TEXT,
    UNIQUE (suite, key)
);

-- Without a name: an access of it was found, and the app itself not yet.
CREATE TABLE found_apps (
    number          INTEGER PRIMARY KEY,
    organisation    INTEGER NOT NULL REFERENCES organisations (number),
    key             TEXT NOT NULL,
    client_id       TEXT,
    name            TEXT,
    publisher       TEXT,
    verified        INTEGER,
    likeness        TEXT CHECK (likeness IN ('named', 'look_alike', 'other')),
    UNIQUE (organisation, key),
    CHECK ((name IS NULL) = (client_id IS NULL) AND (name IS NULL) = (likeness IS NULL))
);

-- Everybody whose list was read, also those who have no access.
CREATE TABLE found_people (
    number          INTEGER PRIMARY KEY,
    organisation    INTEGER NOT NULL REFERENCES organisations (number),
    id              TEXT NOT NULL,
    read            TEXT NOT NULL,
    UNIQUE (organisation, id)
);

CREATE TABLE found_keys (
    person          INTEGER NOT NULL REFERENCES found_people (number) ON DELETE CASCADE,
    key             TEXT NOT NULL,
    PRIMARY KEY (person, key)
) WITHOUT ROWID;
CREATE INDEX found_keys_by_key ON found_keys (key, person);

-- Without a person: a consent for everybody. A number is never given twice: a selection that is still on somebody's
-- screen must not mean another access.
CREATE TABLE accesses (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    organisation    INTEGER NOT NULL REFERENCES organisations (number),
    app             INTEGER NOT NULL REFERENCES found_apps (number),
    person          INTEGER REFERENCES found_people (number) ON DELETE CASCADE,
    provider_grant  TEXT,
    address         TEXT NOT NULL COLLATE NOCASE,
    keys_json       TEXT NOT NULL,
    name            TEXT,
    suspended       INTEGER NOT NULL,
    scopes_json     TEXT NOT NULL,
    read            TEXT NOT NULL,
    since           TEXT,
    last_use        TEXT
);
CREATE UNIQUE INDEX accesses_of_person ON accesses (person, app, ifnull(provider_grant, ''));
CREATE UNIQUE INDEX accesses_for_everybody ON accesses (app, ifnull(provider_grant, '')) WHERE person IS NULL;
CREATE INDEX accesses_of_app ON accesses (app);
-- One for each order of the list, with all that its filters look at; the first has what a search for text looks at, too.
CREATE INDEX accesses_by_address ON accesses (address, id, organisation, app, person, last_use, since, name);
CREATE INDEX accesses_by_last_use ON accesses (last_use, address, id, organisation, app, person);
CREATE INDEX accesses_by_since ON accesses (since DESC, address, id, organisation, app, person, last_use);
-- The index that there is leaves removed rows out.
CREATE INDEX mailboxes_by_address ON mailboxes (address_key);

-- A plan, from the first line of its list on. It has a row in `runs` once it was made. `made` is set when all of the
-- list is there and a plan was made of it: a line that comes then begins another list.
CREATE TABLE plans (
    number          INTEGER PRIMARY KEY AUTOINCREMENT,
    id              TEXT NOT NULL UNIQUE,
    begun           INTEGER NOT NULL DEFAULT (unixepoch()),
    made            INTEGER NOT NULL DEFAULT 0,
    refused_as_put  INTEGER NOT NULL DEFAULT 0,
    refused_by_plan INTEGER NOT NULL DEFAULT 0
);

-- As put: a list of a million lines is written in its own order, and sorted once. It stays until the run is started, so
-- that the plan can be made anew.
CREATE TABLE list_lines (
    plan            INTEGER NOT NULL REFERENCES plans (number) ON DELETE CASCADE,
    nth             INTEGER NOT NULL,
    line            INTEGER NOT NULL,
    text            TEXT NOT NULL,
    key             TEXT NOT NULL,
    PRIMARY KEY (plan, nth)
) WITHOUT ROWID;

-- The first of those that were refused as they were put, and of those that the plan refused.
CREATE TABLE refused_lines (
    id              INTEGER PRIMARY KEY,
    plan            INTEGER NOT NULL REFERENCES plans (number) ON DELETE CASCADE,
    by_plan         INTEGER NOT NULL,
    line            INTEGER NOT NULL,
    text            TEXT NOT NULL,
    why             TEXT NOT NULL
);
CREATE INDEX refused_lines_by_line ON refused_lines (plan, line, id);

CREATE TABLE runs (
    number          INTEGER PRIMARY KEY REFERENCES plans (number) ON DELETE CASCADE,
    organisation    INTEGER NOT NULL REFERENCES organisations (number),
    state           TEXT NOT NULL,
    paused          TEXT,
    leaver          TEXT,
    planned_at      TEXT NOT NULL,
    planned_by      TEXT NOT NULL REFERENCES members (id),
    partial         INTEGER NOT NULL,
    not_before      TEXT,
    started         TEXT,
    ended           TEXT
);

-- `stage` and `why` are read from `state_json`, for counting.
CREATE TABLE items (
    run             INTEGER NOT NULL REFERENCES runs (number) ON DELETE CASCADE,
    seq             INTEGER NOT NULL,
    everybody       INTEGER NOT NULL,
    person          TEXT NOT NULL,
    app             TEXT NOT NULL,
    app_name        TEXT NOT NULL,
    provider_grant  TEXT,
    address         TEXT NOT NULL,
    keys_json       TEXT NOT NULL,
    name            TEXT,
    suspended       INTEGER NOT NULL,
    scopes_json     TEXT NOT NULL,
    read            TEXT NOT NULL,
    stage           TEXT NOT NULL CHECK (stage IN ('planned', 'under_way', 'proven', 'left')),
    why             TEXT,
    state_json      TEXT NOT NULL,
    PRIMARY KEY (run, seq),
    CHECK ((stage = 'left') = (why IS NOT NULL))
) WITHOUT ROWID;
-- All that filters and a search for text look at.
CREATE INDEX items_by_text ON items (run, seq, stage, address, name, app_name);
CREATE INDEX items_by_stage ON items (run, stage, seq, why);
CREATE INDEX items_open ON items (run, seq) WHERE stage IN ('planned', 'under_way');
CREATE INDEX items_for_everybody ON items (run, app) WHERE everybody = 1;
