-- Which column of a list was read for a plan: {"index": 2, "name": "Email"}.
ALTER TABLE plans ADD COLUMN column_json TEXT;
