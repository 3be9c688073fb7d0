-- The audit trail: one record of CloudTrail a management call.

CREATE TABLE audit_events (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  account TEXT NOT NULL,
  event_id TEXT NOT NULL,
  request_id TEXT NOT NULL,
  at INTEGER NOT NULL,
  region TEXT NOT NULL,
  event_source TEXT NOT NULL,
  event_name TEXT NOT NULL,
  read_only INTEGER NOT NULL CHECK (read_only IN (0, 1)),
  user_name TEXT,
  access_key_id TEXT,
  source_ip TEXT NOT NULL,
  error_code TEXT,
  resources TEXT NOT NULL,
  record TEXT NOT NULL
) STRICT;
-- The numbers are in the indexes because many records share one instant of a clock that stands still.
CREATE INDEX audit_events_by_time ON audit_events (account, at, number, region, event_source, read_only);
CREATE INDEX audit_events_by_name ON audit_events (account, event_name, at, number);
CREATE INDEX audit_events_by_id ON audit_events (account, event_id);
CREATE INDEX audit_events_by_user ON audit_events (account, user_name, at, number) WHERE user_name IS NOT NULL;
CREATE INDEX audit_events_by_key ON audit_events (account, access_key_id, at, number) WHERE access_key_id IS NOT NULL;

CREATE TABLE audit_resources (
  account TEXT NOT NULL,
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  at INTEGER NOT NULL,
  number INTEGER NOT NULL REFERENCES audit_events (number) ON DELETE CASCADE,
  PRIMARY KEY (account, name, at, number, type)
) STRICT, WITHOUT ROWID;
CREATE INDEX audit_resources_by_type ON audit_resources (account, type, at, number);
CREATE INDEX audit_resources_by_number ON audit_resources (number);
