-- Which factors a pool has switched on: JSON. DescribeUserPool does not show them, and UpdateUserPool leaves them.
ALTER TABLE user_pools ADD COLUMN mfa TEXT NOT NULL DEFAULT '{}';

-- Second factors of a user, from the first one on that was set up or asked for.
CREATE TABLE mfa_factors (
  user_number INTEGER PRIMARY KEY REFERENCES users (number) ON DELETE CASCADE,
  account TEXT NOT NULL,
  -- JSON list of what the user switched on, and the one that the user prefers.
  enabled TEXT NOT NULL DEFAULT '[]',
  preferred TEXT,
  -- Base32. Set once a code of it was entered; a newer secret waits beside it for its own code.
  token_secret TEXT,
  token_name TEXT,
  pending_secret TEXT,
  -- The newest time step of which a code was accepted: no code counts twice.
  last_step INTEGER NOT NULL DEFAULT 0,
  -- Whether the older SetUserSettings was used, which GetUser shows in its own words.
  mfa_options INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE remembered_devices (
  device_key TEXT PRIMARY KEY,
  account TEXT NOT NULL,
  user_number INTEGER NOT NULL REFERENCES users (number) ON DELETE CASCADE,
  device_group_key TEXT NOT NULL,
  name TEXT,
  -- Absent until the device is confirmed.
  salt TEXT,
  verifier TEXT,
  remembered INTEGER NOT NULL DEFAULT 0,
  last_ip TEXT NOT NULL,
  sdk TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  modified_at INTEGER NOT NULL,
  authenticated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX remembered_devices_by_user ON remembered_devices (user_number, device_key);

-- The device that a sign-in was made on, where the pool tracks devices.
ALTER TABLE refresh_tokens ADD COLUMN device_key TEXT;

CREATE TABLE passkeys (
  credential_id TEXT NOT NULL,
  account TEXT NOT NULL,
  user_number INTEGER NOT NULL REFERENCES users (number) ON DELETE CASCADE,
  user_pool_id TEXT NOT NULL,
  name TEXT NOT NULL,
  relying_party TEXT NOT NULL,
  -- COSE.
  public_key BLOB NOT NULL,
  counter INTEGER NOT NULL,
  -- Of the authenticator that made it; JSON list for the transports.
  attachment TEXT,
  transports TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (user_pool_id, credential_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX passkeys_by_user ON passkeys (user_number, created_at, credential_id);

-- What a user was asked to sign with a new passkey; a newer one replaces it.
CREATE TABLE passkey_challenges (
  user_number INTEGER PRIMARY KEY REFERENCES users (number) ON DELETE CASCADE,
  account TEXT NOT NULL,
  client_id TEXT NOT NULL,
  challenge TEXT NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;

-- What users did, in pools with threat protection.
CREATE TABLE auth_events (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL,
  account TEXT NOT NULL,
  user_number INTEGER NOT NULL REFERENCES users (number) ON DELETE CASCADE,
  type TEXT NOT NULL,
  response TEXT NOT NULL,
  -- JSON list of challenges and how they were answered.
  challenges TEXT NOT NULL,
  ip_address TEXT NOT NULL,
  device_name TEXT NOT NULL,
  feedback TEXT,
  feedback_provider TEXT,
  feedback_at INTEGER,
  created_at INTEGER NOT NULL,
  UNIQUE (user_number, id)
) STRICT;
CREATE INDEX auth_events_by_user ON auth_events (user_number, number);
