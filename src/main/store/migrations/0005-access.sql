ALTER TABLE iam_roles ADD COLUMN description TEXT;
-- The ARN of a managed policy that limits what the role's policies may give.
ALTER TABLE iam_roles ADD COLUMN permissions_boundary TEXT;
ALTER TABLE iam_roles ADD COLUMN tags TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(tags));
ALTER TABLE iam_roles ADD COLUMN last_used_at INTEGER;
ALTER TABLE iam_roles ADD COLUMN last_used_region TEXT;

CREATE TABLE iam_users (
  account TEXT NOT NULL,
  name TEXT NOT NULL,
  id TEXT NOT NULL,
  arn TEXT NOT NULL,
  permissions_boundary TEXT,
  tags TEXT NOT NULL CHECK (json_valid(tags)),
  created_at INTEGER NOT NULL,
  PRIMARY KEY (account, name)
) STRICT;

CREATE TABLE iam_user_policies (
  account TEXT NOT NULL,
  user_name TEXT NOT NULL,
  name TEXT NOT NULL,
  document TEXT NOT NULL CHECK (json_valid(document)),
  PRIMARY KEY (account, user_name, name),
  FOREIGN KEY (account, user_name) REFERENCES iam_users (account, name) ON DELETE CASCADE
) STRICT;

-- A deleted key stays, so that its use is refused: an unknown key would be a developer's.
CREATE TABLE iam_access_keys (
  access_key_id TEXT PRIMARY KEY,
  account TEXT NOT NULL,
  user_name TEXT NOT NULL,
  secret_key TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('Active', 'Inactive', 'Deleted')),
  created_at INTEGER NOT NULL,
  last_used_at INTEGER,
  last_used_service TEXT,
  last_used_region TEXT
) STRICT;

CREATE INDEX iam_access_keys_by_user ON iam_access_keys (account, user_name);

CREATE TABLE iam_policies (
  arn TEXT PRIMARY KEY,
  account TEXT NOT NULL,
  name TEXT NOT NULL,
  id TEXT NOT NULL,
  description TEXT,
  tags TEXT NOT NULL CHECK (json_valid(tags)),
  default_version INTEGER NOT NULL,
  -- Numbers are not given twice, not even after their version is gone.
  newest_version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;

CREATE INDEX iam_policies_by_account ON iam_policies (account, name);

CREATE TABLE iam_policy_versions (
  account TEXT NOT NULL,
  policy_arn TEXT NOT NULL REFERENCES iam_policies (arn) ON DELETE CASCADE,
  version INTEGER NOT NULL,
  document TEXT NOT NULL CHECK (json_valid(document)),
  created_at INTEGER NOT NULL,
  PRIMARY KEY (policy_arn, version)
) STRICT;

-- Managed policies of roles and users; those of AWS have no row of their own in iam_policies.
CREATE TABLE iam_attachments (
  account TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('role', 'user')),
  name TEXT NOT NULL,
  policy_arn TEXT NOT NULL,
  PRIMARY KEY (account, kind, name, policy_arn)
) STRICT;

CREATE INDEX iam_attachments_by_policy ON iam_attachments (policy_arn, account);

CREATE TABLE iam_oidc_providers (
  arn TEXT PRIMARY KEY,
  account TEXT NOT NULL,
  -- Without the scheme.
  url TEXT NOT NULL,
  client_ids TEXT NOT NULL CHECK (json_valid(client_ids)),
  thumbprints TEXT NOT NULL CHECK (json_valid(thumbprints)),
  tags TEXT NOT NULL CHECK (json_valid(tags)),
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE iam_saml_providers (
  arn TEXT PRIMARY KEY,
  account TEXT NOT NULL,
  uuid TEXT NOT NULL,
  metadata TEXT NOT NULL,
  tags TEXT NOT NULL CHECK (json_valid(tags)),
  created_at INTEGER NOT NULL,
  valid_until INTEGER NOT NULL
) STRICT;

-- Sessions of IAM users and of the root, which no role was assumed for; role_name and role_id are empty then.
ALTER TABLE temporary_credentials ADD COLUMN holder TEXT CHECK (holder IS NULL OR json_valid(holder));
-- Condition keys that the session carries for its life.
ALTER TABLE temporary_credentials ADD COLUMN keys TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(keys));
ALTER TABLE temporary_credentials ADD COLUMN transitive_tag_keys TEXT NOT NULL DEFAULT '[]'
  CHECK (json_valid(transitive_tag_keys));

ALTER TABLE identity_pools ADD COLUMN role_mappings TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(role_mappings));
ALTER TABLE identity_pools ADD COLUMN principal_tags TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(principal_tags));

-- Of developer logins alone the user's identifier is kept: LookupDeveloperIdentity gives it back.
ALTER TABLE identity_logins ADD COLUMN developer_user TEXT;
