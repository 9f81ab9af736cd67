-- What the history is searched by: its own words in both languages, with the address and the name, and the kind of an
-- entry. Neither is hashed: they can be made anew from what is. The words of entries that are there already are filled
-- in by the program.

ALTER TABLE history ADD COLUMN kind TEXT NOT NULL DEFAULT '';
ALTER TABLE history ADD COLUMN words TEXT NOT NULL DEFAULT '';
CREATE INDEX history_of_kind ON history (kind, seq);
-- Three letters at a time, as Japanese has no spaces between words (https://www.sqlite.org/fts5.html, section 4.3.4).
CREATE VIRTUAL TABLE history_search USING fts5 (words, content = 'history', content_rowid = 'seq', tokenize = 'trigram');
