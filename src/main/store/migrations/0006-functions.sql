-- Functions of Lambda's own API: of a region, with settings, a resource policy and an archive.
CREATE TABLE lambda_functions (
  account TEXT NOT NULL,
  region TEXT NOT NULL,
  name TEXT NOT NULL,
  arn TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind IN ('source', 'file', 'url', 'zip')),
  target TEXT NOT NULL,
  archive BLOB,
  settings TEXT NOT NULL,
  policy TEXT NOT NULL,
  revision TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  modified_at INTEGER NOT NULL,
  PRIMARY KEY (account, region, name)
) STRICT;

INSERT INTO lambda_functions
SELECT account, substr(substr(arn, 16), 1, instr(substr(arn, 16), ':') - 1), name, arn, kind, target, NULL, '{}', '[]',
  lower(hex(randomblob(16))), created_at, created_at
FROM functions;

DROP TABLE functions;

ALTER TABLE lambda_functions RENAME TO functions;
