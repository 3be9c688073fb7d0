-- Names of domains are taken once over the whole bench, as they are on the web.
CREATE TABLE domains (
  name TEXT PRIMARY KEY,
  account TEXT NOT NULL,
  user_pool_id TEXT NOT NULL REFERENCES user_pools (id) ON DELETE CASCADE,
  -- `prefix` or `custom`; a pool has one of each at most.
  kind TEXT NOT NULL,
  certificate_arn TEXT,
  managed_login_version INTEGER NOT NULL,
  version TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  UNIQUE (user_pool_id, kind)
) STRICT, WITHOUT ROWID;

CREATE TABLE resource_servers (
  account TEXT NOT NULL,
  user_pool_id TEXT NOT NULL REFERENCES user_pools (id) ON DELETE CASCADE,
  identifier TEXT NOT NULL,
  name TEXT NOT NULL,
  -- JSON list in AWS's wire shape.
  scopes TEXT NOT NULL,
  PRIMARY KEY (user_pool_id, identifier)
) STRICT, WITHOUT ROWID;

CREATE TABLE identity_providers (
  account TEXT NOT NULL,
  user_pool_id TEXT NOT NULL REFERENCES user_pools (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  details TEXT NOT NULL,
  attribute_mapping TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  modified_at INTEGER NOT NULL,
  PRIMARY KEY (user_pool_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE identity_provider_identifiers (
  account TEXT NOT NULL,
  user_pool_id TEXT NOT NULL,
  identifier TEXT NOT NULL,
  provider_name TEXT NOT NULL,
  place INTEGER NOT NULL,
  PRIMARY KEY (user_pool_id, identifier),
  FOREIGN KEY (user_pool_id, provider_name) REFERENCES identity_providers (user_pool_id, name) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX identity_provider_identifiers_by_provider
  ON identity_provider_identifiers (user_pool_id, provider_name, place);

-- People at outside providers who are users of a pool. They stay when their provider is deleted.
CREATE TABLE linked_identities (
  account TEXT NOT NULL,
  user_pool_id TEXT NOT NULL,
  provider_name TEXT NOT NULL,
  attribute_name TEXT NOT NULL,
  attribute_value TEXT NOT NULL,
  user_number INTEGER NOT NULL REFERENCES users (number) ON DELETE CASCADE,
  provider_type TEXT NOT NULL,
  issuer TEXT,
  is_primary INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (user_pool_id, provider_name, attribute_name, attribute_value)
) STRICT, WITHOUT ROWID;
CREATE INDEX linked_identities_by_user ON linked_identities (user_number, created_at);

-- The classic hosted pages. `client_id` is `ALL` for what holds where a client has none of its own.
CREATE TABLE ui_customizations (
  account TEXT NOT NULL,
  user_pool_id TEXT NOT NULL REFERENCES user_pools (id) ON DELETE CASCADE,
  client_id TEXT NOT NULL,
  css TEXT,
  css_version TEXT NOT NULL,
  image BLOB,
  image_type TEXT,
  created_at INTEGER NOT NULL,
  modified_at INTEGER NOT NULL,
  PRIMARY KEY (user_pool_id, client_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE brandings (
  id TEXT PRIMARY KEY,
  account TEXT NOT NULL,
  user_pool_id TEXT NOT NULL,
  client_id TEXT NOT NULL UNIQUE REFERENCES app_clients (id) ON DELETE CASCADE,
  uses_provided_values INTEGER NOT NULL,
  -- JSON document; absent where the provided values are used.
  settings TEXT,
  created_at INTEGER NOT NULL,
  modified_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE branding_assets (
  account TEXT NOT NULL,
  branding_id TEXT NOT NULL REFERENCES brandings (id) ON DELETE CASCADE,
  place INTEGER NOT NULL,
  resource_id TEXT NOT NULL,
  category TEXT NOT NULL,
  color_mode TEXT NOT NULL,
  extension TEXT NOT NULL,
  bytes BLOB NOT NULL,
  PRIMARY KEY (branding_id, place)
) STRICT;

CREATE TABLE terms (
  id TEXT PRIMARY KEY,
  account TEXT NOT NULL,
  user_pool_id TEXT NOT NULL REFERENCES user_pools (id) ON DELETE CASCADE,
  client_id TEXT NOT NULL REFERENCES app_clients (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  source TEXT NOT NULL,
  enforcement TEXT NOT NULL,
  links TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  modified_at INTEGER NOT NULL,
  UNIQUE (client_id, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX terms_by_pool ON terms (user_pool_id, id);

-- Settings that AWS keeps beside the pool: JSON in its wire shape. `client_id` is `ALL` for the pool itself.
CREATE TABLE pool_documents (
  account TEXT NOT NULL,
  user_pool_id TEXT NOT NULL REFERENCES user_pools (id) ON DELETE CASCADE,
  client_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  document TEXT NOT NULL,
  modified_at INTEGER NOT NULL,
  PRIMARY KEY (user_pool_id, client_id, kind)
) STRICT, WITHOUT ROWID;

CREATE TABLE user_pool_replicas (
  account TEXT NOT NULL,
  user_pool_id TEXT NOT NULL REFERENCES user_pools (id) ON DELETE CASCADE,
  region TEXT NOT NULL,
  status TEXT NOT NULL,
  tags TEXT NOT NULL,
  PRIMARY KEY (user_pool_id, region)
) STRICT, WITHOUT ROWID;

CREATE TABLE provisioned_limits (
  account TEXT NOT NULL,
  region TEXT NOT NULL,
  category TEXT NOT NULL,
  value INTEGER NOT NULL,
  PRIMARY KEY (account, region, category)
) STRICT, WITHOUT ROWID;

CREATE TABLE import_jobs (
  id TEXT PRIMARY KEY,
  account TEXT NOT NULL,
  user_pool_id TEXT NOT NULL REFERENCES user_pools (id) ON DELETE CASCADE,
  -- Counts up; the order in which jobs are listed.
  number INTEGER NOT NULL,
  name TEXT NOT NULL,
  role_arn TEXT NOT NULL,
  -- SHA-256 of the token that lets a file be uploaded.
  upload_token_id TEXT NOT NULL,
  -- Below the bench's own address, token included.
  upload_path TEXT NOT NULL,
  upload_expires_at INTEGER NOT NULL,
  -- The upload that is complete; a newer one takes its place once it is complete, too.
  upload INTEGER,
  status TEXT NOT NULL,
  message TEXT,
  -- Rows of the file that are done, counted in the same transaction as their users are made.
  rows_done INTEGER NOT NULL DEFAULT 0,
  imported INTEGER NOT NULL DEFAULT 0,
  skipped INTEGER NOT NULL DEFAULT 0,
  failed INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  started_at INTEGER,
  completed_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX import_jobs_by_pool ON import_jobs (user_pool_id, number);
CREATE INDEX import_jobs_under_way ON import_jobs (account) WHERE status IN ('Pending', 'InProgress', 'Stopping');

-- The uploaded file in pieces, so that no part of an import holds all of it. Dropped when the job ends.
CREATE TABLE import_chunks (
  account TEXT NOT NULL,
  job_id TEXT NOT NULL REFERENCES import_jobs (id) ON DELETE CASCADE,
  upload INTEGER NOT NULL,
  place INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  PRIMARY KEY (job_id, upload, place)
) STRICT;

CREATE TABLE import_log (
  account TEXT NOT NULL,
  job_id TEXT NOT NULL REFERENCES import_jobs (id) ON DELETE CASCADE,
  line INTEGER NOT NULL,
  outcome TEXT NOT NULL,
  message TEXT NOT NULL,
  PRIMARY KEY (job_id, line)
) STRICT, WITHOUT ROWID;
