-- What happened to identities, for people who look; nothing is decided by it. It goes with its pool, and stays when an
-- identity is deleted.
CREATE TABLE identity_events (
  id INTEGER PRIMARY KEY,
  account TEXT NOT NULL,
  identity_pool_id TEXT NOT NULL REFERENCES identity_pools (id) ON DELETE CASCADE,
  identity_id TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN (
    'created', 'login-added', 'merged', 'login-unlinked', 'disabled', 'deleted', 'credentials'
  )),
  -- The survivor of a merge.
  other_id TEXT,
  details TEXT NOT NULL CHECK (json_valid(details)),
  -- Credentials alone: how many the identity has had, this one included. Old ones are dropped, the number goes on.
  number INTEGER,
  at INTEGER NOT NULL
) STRICT;

CREATE INDEX identity_events_by_identity ON identity_events (identity_pool_id, identity_id);
CREATE INDEX identity_events_by_survivor ON identity_events (identity_pool_id, other_id) WHERE other_id IS NOT NULL;
CREATE UNIQUE INDEX identity_events_by_number ON identity_events (identity_id, number) WHERE number IS NOT NULL;
CREATE INDEX identity_events_by_account ON identity_events (account);

-- What is known of identities that are older than their history.
INSERT INTO identity_events (account, identity_pool_id, identity_id, kind, other_id, details, at)
SELECT account, identity_pool_id, id, 'created', NULL, '{}', created_at FROM identities
UNION ALL
SELECT identity_logins.account, identity_pool_id, identity_id, 'login-added', NULL,
  json_object('providers', json_array(provider)), linked_at
  FROM identity_logins JOIN identities ON identities.id = identity_id
UNION ALL
SELECT account, identity_pool_id, id, iif(merged_into IS NULL, 'disabled', 'merged'), merged_into, '{}', modified_at
  FROM identities WHERE disabled = 1
ORDER BY 7;
