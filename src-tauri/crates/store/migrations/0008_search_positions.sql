-- Where a search that was stopped goes on, and how many people have let each app in.

CREATE TABLE search_positions (
    organisation    INTEGER PRIMARY KEY REFERENCES organisations (number),
    position_json   TEXT NOT NULL
);

-- `counting` adds up while a search goes; `counted` is what the last one that came to its end added up to. Null: nobody
-- counted, which is not the same as nobody.
ALTER TABLE found_apps ADD COLUMN counting INTEGER NOT NULL DEFAULT 0;
ALTER TABLE found_apps ADD COLUMN counted INTEGER;
