-- Times are milliseconds since the epoch, bench time. Settings documents are JSON in AWS's wire shape.

CREATE TABLE user_pools (
  id TEXT PRIMARY KEY,
  account TEXT NOT NULL,
  region TEXT NOT NULL,
  name TEXT NOT NULL,
  settings TEXT NOT NULL,
  -- Kept by the two triggers below, so that describing a pool never counts its users.
  user_count INTEGER NOT NULL DEFAULT 0,
  -- Makes the answers about users that do not exist the same each time, and different in each pool.
  simulation_secret BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  modified_at INTEGER NOT NULL
) STRICT;
CREATE INDEX user_pools_by_account ON user_pools (account, region, id);

CREATE TABLE app_clients (
  id TEXT PRIMARY KEY,
  account TEXT NOT NULL,
  user_pool_id TEXT NOT NULL REFERENCES user_pools (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  secret TEXT,
  settings TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  modified_at INTEGER NOT NULL
) STRICT;
CREATE INDEX app_clients_by_pool ON app_clients (user_pool_id, id);

CREATE TABLE users (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  account TEXT NOT NULL,
  user_pool_id TEXT NOT NULL REFERENCES user_pools (id) ON DELETE CASCADE,
  username TEXT NOT NULL,
  -- The form that is compared: lower case where the pool does not tell cases apart.
  username_key TEXT NOT NULL,
  sub TEXT NOT NULL,
  status TEXT NOT NULL,
  enabled INTEGER NOT NULL DEFAULT 1,
  attributes TEXT NOT NULL,
  -- The password is never kept; salt and verifier serve SRP and plain passwords alike.
  salt TEXT,
  verifier TEXT,
  password_set_at INTEGER,
  failed_sign_ins INTEGER NOT NULL DEFAULT 0,
  last_failed_at INTEGER,
  created_at INTEGER NOT NULL,
  modified_at INTEGER NOT NULL,
  UNIQUE (user_pool_id, username_key),
  UNIQUE (user_pool_id, sub)
) STRICT;
CREATE INDEX users_in_order ON users (user_pool_id, number);

CREATE TRIGGER users_added AFTER INSERT ON users BEGIN
  UPDATE user_pools SET user_count = user_count + 1 WHERE id = NEW.user_pool_id;
END;
CREATE TRIGGER users_removed AFTER DELETE ON users BEGIN
  UPDATE user_pools SET user_count = user_count - 1 WHERE id = OLD.user_pool_id;
END;

-- E-mail addresses, phone numbers and preferred names that work as sign-in names.
CREATE TABLE user_aliases (
  account TEXT NOT NULL,
  user_pool_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  alias_key TEXT NOT NULL,
  user_number INTEGER NOT NULL REFERENCES users (number) ON DELETE CASCADE,
  PRIMARY KEY (user_pool_id, alias_key, kind)
) STRICT, WITHOUT ROWID;
CREATE INDEX user_aliases_by_user ON user_aliases (user_number);

CREATE TABLE codes (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  account TEXT NOT NULL,
  user_number INTEGER NOT NULL REFERENCES users (number) ON DELETE CASCADE,
  purpose TEXT NOT NULL,
  code TEXT NOT NULL,
  attribute TEXT NOT NULL,
  issued_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX codes_by_user ON codes (user_number, purpose, number);

CREATE TABLE attempts (
  account TEXT NOT NULL,
  user_number INTEGER NOT NULL REFERENCES users (number) ON DELETE CASCADE,
  action TEXT NOT NULL,
  window_started_at INTEGER NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (user_number, action)
) STRICT, WITHOUT ROWID;

CREATE TABLE auth_sessions (
  -- SHA-256 of the session text that the client holds.
  id TEXT PRIMARY KEY,
  account TEXT NOT NULL,
  user_pool_id TEXT NOT NULL,
  client_id TEXT NOT NULL REFERENCES app_clients (id) ON DELETE CASCADE,
  -- Absent where the user does not exist and the answers are simulated.
  user_number INTEGER REFERENCES users (number) ON DELETE CASCADE,
  username TEXT NOT NULL,
  challenge TEXT NOT NULL,
  -- SHA-256 of the SECRET_BLOCK, for clients that answer PASSWORD_VERIFIER without a session.
  secret_block_id TEXT,
  state TEXT NOT NULL,
  issued_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at INTEGER
) STRICT;
CREATE INDEX auth_sessions_by_secret_block ON auth_sessions (secret_block_id) WHERE secret_block_id IS NOT NULL;
CREATE INDEX auth_sessions_by_expiry ON auth_sessions (expires_at);
CREATE INDEX auth_sessions_by_client ON auth_sessions (client_id);
CREATE INDEX auth_sessions_by_user ON auth_sessions (user_number);

-- One row a sign-in: its refresh token, and what tells whether its other tokens still hold.
CREATE TABLE refresh_tokens (
  -- SHA-256 of the token.
  id TEXT PRIMARY KEY,
  account TEXT NOT NULL,
  user_pool_id TEXT NOT NULL,
  client_id TEXT NOT NULL REFERENCES app_clients (id) ON DELETE CASCADE,
  user_number INTEGER NOT NULL REFERENCES users (number) ON DELETE CASCADE,
  origin_jti TEXT NOT NULL,
  event_id TEXT NOT NULL UNIQUE,
  auth_time INTEGER NOT NULL,
  issued_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  revoked_at INTEGER
) STRICT;
CREATE INDEX refresh_tokens_by_user ON refresh_tokens (user_number);
CREATE INDEX refresh_tokens_by_client ON refresh_tokens (client_id);

CREATE TABLE signing_keys (
  owner TEXT PRIMARY KEY,
  -- Empty for keys that all accounts share.
  account TEXT NOT NULL,
  user_pool_id TEXT REFERENCES user_pools (id) ON DELETE CASCADE,
  kid TEXT NOT NULL,
  algorithm TEXT NOT NULL,
  private_jwk TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX signing_keys_by_pool ON signing_keys (user_pool_id);

-- Mail and SMS stay in the inbox when their pool is deleted, as they would on a phone.
CREATE TABLE messages (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  account TEXT NOT NULL,
  user_pool_id TEXT NOT NULL,
  username TEXT NOT NULL,
  medium TEXT NOT NULL,
  to_address TEXT NOT NULL,
  from_address TEXT NOT NULL,
  subject TEXT,
  body TEXT NOT NULL,
  code TEXT,
  link TEXT,
  trigger_name TEXT NOT NULL,
  sent_at INTEGER NOT NULL
) STRICT;
CREATE INDEX messages_by_account ON messages (account, number);
CREATE INDEX messages_by_address ON messages (account, to_address, number);
