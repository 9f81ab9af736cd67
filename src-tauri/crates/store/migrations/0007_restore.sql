-- What is needed to give a deleted permission back at Microsoft, and the organisation's consent policy.

ALTER TABLE organisations ADD COLUMN consent_policy_json TEXT;

-- What the scopes are of. Without it a permission can't be given back.
ALTER TABLE accesses ADD COLUMN resource TEXT;
ALTER TABLE items ADD COLUMN resource TEXT;
