CREATE TABLE functions (
  account TEXT NOT NULL,
  name TEXT NOT NULL,
  arn TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind IN ('source', 'file', 'url')),
  target TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (account, name)
) STRICT;
