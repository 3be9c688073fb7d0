-- The audit trail: one record of CloudTrail a management call. What it is searched by stands apart from the record itself,
-- which is much longer: a search reads an account's 50,000 lines at most, and none of their records.

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
  resources TEXT NOT NULL
) STRICT;
-- Of the order of the listing alone: an index for each attribute would cost every call more than it spares the few searches.
-- The numbers are in it because many records share one instant of a clock that stands still.
CREATE INDEX audit_events_by_time ON audit_events (account, at, number);

CREATE TABLE audit_records (
  number INTEGER PRIMARY KEY REFERENCES audit_events (number) ON DELETE CASCADE,
  account TEXT NOT NULL,
  record TEXT NOT NULL
) STRICT;
