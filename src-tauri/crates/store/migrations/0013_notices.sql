-- Notices in pages, and those that are old enough to be forgotten.

CREATE INDEX notices_of_member ON notices (member, id);
CREATE INDEX notices_read ON notices (read) WHERE read IS NOT NULL;
