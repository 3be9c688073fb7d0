CREATE TABLE identity_pools (
  id TEXT PRIMARY KEY,
  account TEXT NOT NULL,
  region TEXT NOT NULL,
  name TEXT NOT NULL,
  allows_guests INTEGER NOT NULL CHECK (allows_guests IN (0, 1)),
  -- What AWS treats as one piece, in wire shape: providers, classic flow, developer provider.
  settings TEXT NOT NULL CHECK (json_valid(settings)),
  tags TEXT NOT NULL CHECK (json_valid(tags)),
  roles TEXT NOT NULL CHECK (json_valid(roles)),
  created_at INTEGER NOT NULL,
  modified_at INTEGER NOT NULL
) STRICT;

CREATE INDEX identity_pools_by_account ON identity_pools (account, id);

CREATE TABLE identities (
  id TEXT PRIMARY KEY,
  account TEXT NOT NULL,
  identity_pool_id TEXT NOT NULL REFERENCES identity_pools (id) ON DELETE CASCADE,
  disabled INTEGER NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1)),
  -- The survivor of a merge; its own merge, if any, is followed from there.
  merged_into TEXT,
  created_at INTEGER NOT NULL,
  modified_at INTEGER NOT NULL
) STRICT;

CREATE INDEX identities_by_pool ON identities (identity_pool_id, id);
CREATE INDEX identities_enabled_by_pool ON identities (identity_pool_id, id) WHERE disabled = 0;
CREATE INDEX identities_by_account ON identities (account);

-- Nothing of the outside user but a digest of pool, provider and subject.
CREATE TABLE identity_logins (
  digest TEXT PRIMARY KEY,
  account TEXT NOT NULL,
  identity_id TEXT NOT NULL REFERENCES identities (id) ON DELETE CASCADE,
  provider TEXT NOT NULL,
  linked_at INTEGER NOT NULL
) STRICT;

CREATE INDEX identity_logins_by_identity ON identity_logins (identity_id, provider);
CREATE INDEX identity_logins_by_account ON identity_logins (account);

CREATE TABLE iam_roles (
  account TEXT NOT NULL,
  name TEXT NOT NULL,
  id TEXT NOT NULL,
  arn TEXT NOT NULL,
  trust_policy TEXT NOT NULL CHECK (json_valid(trust_policy)),
  max_session_seconds INTEGER NOT NULL,
  -- `bench`: made on first use, with the console's policies, and widened when a pool is given it.
  made_by TEXT NOT NULL CHECK (made_by IN ('bench', 'developer')),
  created_at INTEGER NOT NULL,
  PRIMARY KEY (account, name)
) STRICT;

CREATE TABLE iam_role_policies (
  account TEXT NOT NULL,
  role_name TEXT NOT NULL,
  name TEXT NOT NULL,
  document TEXT NOT NULL CHECK (json_valid(document)),
  PRIMARY KEY (account, role_name, name),
  FOREIGN KEY (account, role_name) REFERENCES iam_roles (account, name) ON DELETE CASCADE
) STRICT;

CREATE TABLE temporary_credentials (
  access_key_id TEXT PRIMARY KEY,
  account TEXT NOT NULL,
  secret_key TEXT NOT NULL,
  session_token TEXT NOT NULL,
  role_name TEXT NOT NULL,
  role_id TEXT NOT NULL,
  session_name TEXT NOT NULL,
  arn TEXT NOT NULL,
  identity TEXT CHECK (identity IS NULL OR json_valid(identity)),
  session_policies TEXT NOT NULL CHECK (json_valid(session_policies)),
  tags TEXT NOT NULL CHECK (json_valid(tags)),
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;

CREATE INDEX temporary_credentials_by_expiry ON temporary_credentials (expires_at);
CREATE INDEX temporary_credentials_by_account ON temporary_credentials (account);
