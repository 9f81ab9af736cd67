-- What a use case may touch is loaded by these, whatever else the file holds: rows of a grant, of a home, of a subject,
-- jobs of a row, steps of a grant, notices that are still of use.

CREATE INDEX mailboxes_by_grant ON mailboxes (grant_id);
CREATE INDEX mailboxes_by_owner ON mailboxes (owner);
CREATE INDEX mailboxes_by_inbox ON mailboxes (inbox);
CREATE INDEX mailboxes_held_here ON mailboxes (provider) WHERE holder_json = '{"is":"workspace"}';

CREATE INDEX grants_by_subject ON grants (subject_json);
CREATE INDEX grants_with_token ON grants (token_json ->> '$.secret') WHERE token_json ->> '$.secret' IS NOT NULL;

CREATE INDEX disconnects_by_mailbox ON disconnects (mailbox);
CREATE INDEX disconnects_put_off ON disconnects (snoozed_until) WHERE snoozed_until IS NOT NULL;
CREATE INDEX steps_by_grant ON steps (grant_id);

CREATE INDEX intentions_by_grant ON intentions (kind_json ->> '$.grant');

CREATE INDEX notices_that_hold ON notices (mailbox) WHERE corrected IS NULL;
CREATE INDEX notices_by_member ON notices (member, at);
CREATE INDEX notices_unread ON notices (member) WHERE read IS NULL;
CREATE INDEX notices_due ON notices (member) WHERE desktop_json ->> '$.is' = 'due';
CREATE INDEX notices_stale ON notices (member)
    WHERE desktop_json ->> '$.is' = 'shown' AND (read IS NOT NULL OR corrected IS NOT NULL);
