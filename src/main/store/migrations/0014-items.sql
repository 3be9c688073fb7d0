-- DynamoDB's tables, in their AWS wire shape; counts are kept with every write.
CREATE TABLE item_tables (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account TEXT NOT NULL,
  region TEXT NOT NULL,
  name TEXT NOT NULL,
  table_id TEXT NOT NULL,
  definition TEXT NOT NULL CHECK (json_valid(definition)),
  created_at INTEGER NOT NULL,
  item_count INTEGER NOT NULL DEFAULT 0,
  size_bytes INTEGER NOT NULL DEFAULT 0,
  UNIQUE (account, region, name)
) STRICT;

CREATE TABLE item_indexes (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account TEXT NOT NULL,
  table_id INTEGER NOT NULL REFERENCES item_tables (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  item_count INTEGER NOT NULL DEFAULT 0,
  size_bytes INTEGER NOT NULL DEFAULT 0,
  UNIQUE (table_id, name)
) STRICT;

-- Keys are bytes that sort as DynamoDB sorts; place is a hash of the partition key, by which a scan goes.
CREATE TABLE items (
  id INTEGER PRIMARY KEY,
  account TEXT NOT NULL,
  table_id INTEGER NOT NULL REFERENCES item_tables (id) ON DELETE CASCADE,
  place INTEGER NOT NULL,
  partition_key BLOB NOT NULL,
  sort_key BLOB NOT NULL,
  size INTEGER NOT NULL,
  body TEXT NOT NULL,
  UNIQUE (table_id, place, partition_key, sort_key)
) STRICT;

-- base_key, made of the item's own key, gives items with the same index key an order.
CREATE TABLE item_index_entries (
  index_id INTEGER NOT NULL REFERENCES item_indexes (id) ON DELETE CASCADE,
  place INTEGER NOT NULL,
  partition_key BLOB NOT NULL,
  sort_key BLOB NOT NULL,
  base_key BLOB NOT NULL,
  account TEXT NOT NULL,
  item_id INTEGER NOT NULL,
  -- Of what the index projects.
  size INTEGER NOT NULL,
  PRIMARY KEY (index_id, place, partition_key, sort_key, base_key)
) STRICT, WITHOUT ROWID;

-- A transaction that is sent again with its token within ten minutes is not made again.
CREATE TABLE item_transaction_tokens (
  account TEXT NOT NULL,
  region TEXT NOT NULL,
  token TEXT NOT NULL,
  request_hash BLOB NOT NULL,
  expires_at INTEGER NOT NULL,
  PRIMARY KEY (account, region, token)
) STRICT;

CREATE INDEX item_transaction_tokens_by_expiry ON item_transaction_tokens (expires_at);
