-- What a pool keeps for sync besides its datasets: settings, and figures that would be dear to add up.
CREATE TABLE sync_pools (
  identity_pool_id TEXT PRIMARY KEY REFERENCES identity_pools (id) ON DELETE CASCADE,
  account TEXT NOT NULL,
  push_sync TEXT CHECK (push_sync IS NULL OR json_valid(push_sync)),
  streams TEXT CHECK (streams IS NULL OR json_valid(streams)),
  bytes INTEGER NOT NULL DEFAULT 0,
  finished_sessions INTEGER NOT NULL DEFAULT 0,
  modified_at INTEGER
) STRICT;
CREATE INDEX sync_pools_by_account ON sync_pools (account, identity_pool_id);

-- A row outlives DeleteDataset, because a dataset's sync count goes on where it stopped.
CREATE TABLE datasets (
  id INTEGER PRIMARY KEY,
  account TEXT NOT NULL,
  identity_pool_id TEXT NOT NULL REFERENCES identity_pools (id) ON DELETE CASCADE,
  identity_id TEXT NOT NULL REFERENCES identities (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  is_present INTEGER NOT NULL CHECK (is_present IN (0, 1)),
  sync_count INTEGER NOT NULL,
  -- The count that the last deletion got; 0 when there was none.
  deleted_at_count INTEGER NOT NULL DEFAULT 0,
  record_count INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  modified_at INTEGER NOT NULL,
  modified_by TEXT NOT NULL,
  -- The dataset under whose name a merged guest dataset is reported; none once it is deleted.
  merged_into TEXT,
  UNIQUE (identity_id, name)
) STRICT;
CREATE INDEX datasets_by_account ON datasets (account);
CREATE INDEX datasets_by_pool ON datasets (identity_pool_id);
-- Not partial: SQLite prepares a statement anew for each binding that is compared with a partial index's condition.
CREATE INDEX datasets_present ON datasets (identity_id, is_present, name, bytes, modified_at);
CREATE INDEX datasets_merged ON datasets (identity_id, merged_into, name);

-- Identities also go by cascade, so the pool's figure follows the rows and not the code that changes them.
CREATE TRIGGER datasets_added AFTER INSERT ON datasets BEGIN
  INSERT INTO sync_pools (identity_pool_id, account, bytes, modified_at)
    VALUES (new.identity_pool_id, new.account, new.bytes, new.modified_at)
    ON CONFLICT (identity_pool_id) DO UPDATE SET bytes = bytes + excluded.bytes, modified_at = excluded.modified_at;
END;
CREATE TRIGGER datasets_resized AFTER UPDATE OF bytes ON datasets BEGIN
  UPDATE sync_pools SET bytes = bytes + new.bytes - old.bytes, modified_at = new.modified_at
    WHERE identity_pool_id = new.identity_pool_id;
END;
CREATE TRIGGER datasets_gone AFTER DELETE ON datasets BEGIN
  UPDATE sync_pools SET bytes = bytes - old.bytes WHERE identity_pool_id = old.identity_pool_id;
END;

-- A record without a value is a tombstone.
CREATE TABLE sync_records (
  account TEXT NOT NULL,
  dataset_id INTEGER NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
  key TEXT NOT NULL,
  value TEXT,
  sync_count INTEGER NOT NULL,
  modified_at INTEGER NOT NULL,
  modified_by TEXT NOT NULL,
  device_modified_at INTEGER,
  UNIQUE (dataset_id, key)
) STRICT;
CREATE INDEX sync_records_by_account ON sync_records (account);
CREATE INDEX sync_records_by_count ON sync_records (dataset_id, sync_count, key);

-- Signs session tokens, so that handing one out writes nothing.
CREATE TABLE sync_session_keys (
  account TEXT PRIMARY KEY,
  key BLOB NOT NULL
) STRICT;

CREATE TABLE spent_sync_sessions (
  session_id TEXT PRIMARY KEY,
  account TEXT NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX spent_sync_sessions_by_account ON spent_sync_sessions (account);
CREATE INDEX spent_sync_sessions_by_expiry ON spent_sync_sessions (expires_at);

CREATE TABLE push_devices (
  id TEXT PRIMARY KEY,
  account TEXT NOT NULL,
  identity_pool_id TEXT NOT NULL REFERENCES identity_pools (id) ON DELETE CASCADE,
  identity_id TEXT NOT NULL REFERENCES identities (id) ON DELETE CASCADE,
  platform TEXT NOT NULL CHECK (platform IN ('APNS', 'APNS_SANDBOX', 'GCM', 'ADM')),
  token TEXT NOT NULL,
  application_arn TEXT NOT NULL,
  endpoint_arn TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  UNIQUE (identity_id, platform, token)
) STRICT;
CREATE INDEX push_devices_by_account ON push_devices (account);
CREATE INDEX push_devices_by_pool ON push_devices (identity_pool_id);
CREATE INDEX push_devices_by_token ON push_devices (application_arn, token);

CREATE TABLE push_subscriptions (
  account TEXT NOT NULL,
  device_id TEXT NOT NULL REFERENCES push_devices (id) ON DELETE CASCADE,
  identity_id TEXT NOT NULL,
  dataset_name TEXT NOT NULL,
  PRIMARY KEY (device_id, dataset_name)
) STRICT;
CREATE INDEX push_subscriptions_by_account ON push_subscriptions (account);
CREATE INDEX push_subscriptions_by_dataset ON push_subscriptions (identity_id, dataset_name, device_id);
