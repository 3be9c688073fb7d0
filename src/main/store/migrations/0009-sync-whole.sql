-- Streams, push endpoints, sync triggers and the usage meter.

ALTER TABLE sync_pools ADD COLUMN events TEXT CHECK (events IS NULL OR json_valid(events));
-- Why the service itself switched streaming off; none while the owner's word stands.
ALTER TABLE sync_pools ADD COLUMN streams_disabled_reason TEXT;
ALTER TABLE sync_pools ADD COLUMN bulk_publish TEXT CHECK (bulk_publish IS NULL OR json_valid(bulk_publish));

-- What each of a dataset's last writes said, for people who look at a key's past. One row a write, because a row a
-- record would double what a sync has to put on disk.
CREATE TABLE dataset_changes (
  account TEXT NOT NULL,
  dataset_id INTEGER NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
  sync_count INTEGER NOT NULL,
  operation TEXT NOT NULL CHECK (operation IN ('replace', 'remove')),
  modified_at INTEGER NOT NULL,
  modified_by TEXT NOT NULL,
  records TEXT NOT NULL,
  UNIQUE (dataset_id, sync_count)
) STRICT;

-- Numbers are never given twice: sequence numbers and shard iterators are made of them.
CREATE TABLE streams (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account TEXT NOT NULL,
  region TEXT NOT NULL,
  name TEXT NOT NULL,
  mode TEXT NOT NULL CHECK (mode IN ('PROVISIONED', 'ON_DEMAND')),
  shards INTEGER NOT NULL,
  record_bytes INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  UNIQUE (account, region, name)
) STRICT;

CREATE TABLE stream_records (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  account TEXT NOT NULL,
  stream_id INTEGER NOT NULL REFERENCES streams (id) ON DELETE CASCADE,
  shard INTEGER NOT NULL,
  partition_key TEXT NOT NULL,
  data BLOB NOT NULL,
  arrived_at INTEGER NOT NULL
) STRICT;
CREATE INDEX stream_records_by_shard ON stream_records (stream_id, shard);
CREATE INDEX stream_records_by_account ON stream_records (account);

-- Updates too large for a record; the record has their address.
CREATE TABLE stream_payloads (
  key TEXT PRIMARY KEY,
  account TEXT NOT NULL,
  stream_id INTEGER NOT NULL REFERENCES streams (id) ON DELETE CASCADE,
  body TEXT NOT NULL,
  arrived_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX stream_payloads_by_stream ON stream_payloads (stream_id);

-- By account and ARN, so that an ARN copied from elsewhere is each account's own.
CREATE TABLE platform_applications (
  account TEXT NOT NULL,
  arn TEXT NOT NULL,
  attributes TEXT NOT NULL CHECK (json_valid(attributes)),
  created_at INTEGER NOT NULL,
  PRIMARY KEY (account, arn)
) STRICT;

CREATE TABLE platform_endpoints (
  account TEXT NOT NULL,
  arn TEXT NOT NULL,
  application_arn TEXT NOT NULL,
  token TEXT NOT NULL,
  is_enabled INTEGER NOT NULL CHECK (is_enabled IN (0, 1)),
  user_data TEXT,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (account, arn),
  UNIQUE (account, application_arn, token),
  FOREIGN KEY (account, application_arn) REFERENCES platform_applications (account, arn) ON DELETE CASCADE
) STRICT;

CREATE TABLE topics (
  account TEXT NOT NULL,
  arn TEXT NOT NULL,
  attributes TEXT NOT NULL CHECK (json_valid(attributes)),
  created_at INTEGER NOT NULL,
  PRIMARY KEY (account, arn)
) STRICT;

CREATE TABLE topic_subscriptions (
  account TEXT NOT NULL,
  arn TEXT NOT NULL,
  topic_arn TEXT NOT NULL,
  endpoint_arn TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (account, arn),
  UNIQUE (account, topic_arn, endpoint_arn),
  FOREIGN KEY (account, topic_arn) REFERENCES topics (account, arn) ON DELETE CASCADE
) STRICT;

CREATE TABLE pushes (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  account TEXT NOT NULL,
  origin TEXT NOT NULL CHECK (origin IN ('cognito-sync', 'sns')),
  platform TEXT NOT NULL,
  token TEXT NOT NULL,
  endpoint_arn TEXT NOT NULL,
  payload TEXT NOT NULL,
  -- What a device of the bench understands of it; none for a message that is not of Cognito Sync.
  notification TEXT,
  status TEXT NOT NULL CHECK (status IN ('waiting', 'delivered', 'dropped', 'not-sent')),
  reason TEXT,
  copies INTEGER NOT NULL,
  deliveries INTEGER NOT NULL DEFAULT 0,
  sent_at INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  delivered_at INTEGER
) STRICT;
CREATE INDEX pushes_by_account ON pushes (account);
CREATE INDEX pushes_by_status ON pushes (status);

-- How the bench treats an account's pushes: dropped, duplicated, delayed.
CREATE TABLE push_rules (
  account TEXT PRIMARY KEY,
  rules TEXT NOT NULL CHECK (json_valid(rules))
) STRICT;

-- What all datasets of an account hold, so that the meter need not add them up.
CREATE TABLE sync_accounts (
  account TEXT PRIMARY KEY,
  bytes INTEGER NOT NULL
) STRICT;
INSERT INTO sync_accounts (account, bytes) SELECT account, sum(bytes) FROM sync_pools GROUP BY account;
CREATE TRIGGER sync_pools_added AFTER INSERT ON sync_pools BEGIN
  INSERT INTO sync_accounts (account, bytes) VALUES (new.account, new.bytes)
    ON CONFLICT (account) DO UPDATE SET bytes = bytes + excluded.bytes;
END;
CREATE TRIGGER sync_pools_resized AFTER UPDATE OF bytes ON sync_pools BEGIN
  UPDATE sync_accounts SET bytes = bytes + new.bytes - old.bytes WHERE account = new.account;
END;
CREATE TRIGGER sync_pools_gone AFTER DELETE ON sync_pools BEGIN
  UPDATE sync_accounts SET bytes = bytes - old.bytes WHERE account = old.account;
END;

CREATE TABLE usage_days (
  account TEXT NOT NULL,
  -- 2026-11-21, in UTC
  day TEXT NOT NULL,
  session_tokens INTEGER NOT NULL DEFAULT 0,
  synchronizations INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (account, day)
) STRICT, WITHOUT ROWID;

-- The store's size since `at`, and what it had summed up to by then: one row an hour in which it changed.
CREATE TABLE usage_storage (
  account TEXT NOT NULL,
  hour INTEGER NOT NULL,
  at INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  byte_seconds REAL NOT NULL,
  PRIMARY KEY (account, hour)
) STRICT, WITHOUT ROWID;

CREATE TABLE usage_users (
  account TEXT NOT NULL,
  -- 2026-11
  month TEXT NOT NULL,
  user_pool_id TEXT NOT NULL,
  username TEXT NOT NULL,
  first_seen INTEGER NOT NULL,
  PRIMARY KEY (account, month, user_pool_id, username)
) STRICT, WITHOUT ROWID;
