-- One simulated device: what its app has on disk. The two tables of datasets and records follow the cache of
-- the Android SDK (reference 6.3).

CREATE TABLE documents (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE datasets (
  identity_id         TEXT NOT NULL,
  dataset_name        TEXT NOT NULL,
  last_sync_count     INTEGER NOT NULL DEFAULT 0,
  last_sync_timestamp INTEGER,
  is_subscribed       INTEGER NOT NULL DEFAULT 0,
  -- A synchronise that was asked for while offline, by the name of its resolver.
  waiting_resolver    TEXT,
  -- Guest datasets that the store reported as merged, JSON.
  merged_names        TEXT NOT NULL DEFAULT '[]',
  -- The conflicts that the last synchronise settled by itself, JSON.
  settled             TEXT NOT NULL DEFAULT '[]',
  PRIMARY KEY (identity_id, dataset_name)
) WITHOUT ROWID;

CREATE TABLE records (
  identity_id             TEXT NOT NULL,
  dataset_name            TEXT NOT NULL,
  key                     TEXT NOT NULL,
  value                   TEXT,
  sync_count              INTEGER NOT NULL DEFAULT 0,
  last_modified_timestamp INTEGER NOT NULL,
  last_modified_by        TEXT,
  modified                INTEGER NOT NULL DEFAULT 1,
  -- What a modified record was changed from: the store's value at sync_count.
  base_value              TEXT,
  PRIMARY KEY (identity_id, dataset_name, key)
) WITHOUT ROWID;

CREATE TABLE conflicts (
  identity_id             TEXT NOT NULL,
  dataset_name            TEXT NOT NULL,
  key                     TEXT NOT NULL,
  value                   TEXT,
  sync_count              INTEGER NOT NULL,
  last_modified_timestamp INTEGER NOT NULL,
  last_modified_by        TEXT,
  PRIMARY KEY (identity_id, dataset_name, key)
) WITHOUT ROWID;

CREATE TABLE pushes (
  id           INTEGER PRIMARY KEY,
  received_at  INTEGER NOT NULL,
  notification TEXT NOT NULL,
  -- 0 while the device is offline and the push waits with the push service.
  is_delivered INTEGER NOT NULL,
  is_handled   INTEGER NOT NULL DEFAULT 0
);
