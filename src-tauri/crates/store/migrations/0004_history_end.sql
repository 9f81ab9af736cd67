-- How long the history is and where it ends, written with every entry: a history that lost its last entries is a whole
-- chain, and only these tell that it is too short.

ALTER TABLE meta ADD COLUMN history_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE meta ADD COLUMN history_head TEXT NOT NULL
    DEFAULT '0000000000000000000000000000000000000000000000000000000000000000';
UPDATE meta SET history_count = (SELECT count(*) FROM history);
UPDATE meta SET history_head = (SELECT hash FROM history ORDER BY seq DESC LIMIT 1) WHERE history_count > 0;
