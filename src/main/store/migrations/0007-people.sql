CREATE TABLE groups (
  account TEXT NOT NULL,
  user_pool_id TEXT NOT NULL REFERENCES user_pools (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  description TEXT,
  role_arn TEXT,
  precedence INTEGER,
  created_at INTEGER NOT NULL,
  modified_at INTEGER NOT NULL,
  PRIMARY KEY (user_pool_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE group_members (
  account TEXT NOT NULL,
  user_pool_id TEXT NOT NULL,
  group_name TEXT NOT NULL,
  user_number INTEGER NOT NULL REFERENCES users (number) ON DELETE CASCADE,
  PRIMARY KEY (user_pool_id, group_name, user_number),
  FOREIGN KEY (user_pool_id, group_name) REFERENCES groups (user_pool_id, name) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX group_members_by_user ON group_members (user_number);

-- What ListUsers searches by: one row for each searchable attribute that has a value, in lower case.
CREATE TABLE user_search (
  account TEXT NOT NULL,
  user_pool_id TEXT NOT NULL,
  attribute TEXT NOT NULL,
  value_key TEXT NOT NULL,
  user_number INTEGER NOT NULL REFERENCES users (number) ON DELETE CASCADE,
  PRIMARY KEY (user_pool_id, attribute, value_key, user_number)
) STRICT, WITHOUT ROWID;
CREATE INDEX user_search_by_user ON user_search (user_number);

INSERT INTO user_search (account, user_pool_id, attribute, value_key, user_number)
SELECT u.account, u.user_pool_id, a.key, lower(a.value), u.number
FROM users u, json_each(u.attributes) a
WHERE a.key IN ('email', 'phone_number', 'name', 'given_name', 'family_name', 'preferred_username') AND a.value <> '';

CREATE INDEX users_by_status ON users (user_pool_id, status, number);
CREATE INDEX users_by_enabled ON users (user_pool_id, enabled, number);

-- Verifiers of passwords that a user had before the present one.
CREATE TABLE past_passwords (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  account TEXT NOT NULL,
  user_number INTEGER NOT NULL REFERENCES users (number) ON DELETE CASCADE,
  salt TEXT NOT NULL,
  verifier TEXT NOT NULL
) STRICT;
CREATE INDEX past_passwords_by_user ON past_passwords (user_number, number);

-- The value that the attribute takes once the code is entered, where it waits for that.
ALTER TABLE codes ADD COLUMN pending_value TEXT;

-- Refresh tokens of a sign-in that rotates them: its first one once it was replaced, and all that followed.
CREATE TABLE rotated_refresh_tokens (
  -- SHA-256 of the token.
  id TEXT PRIMARY KEY,
  account TEXT NOT NULL,
  event_id TEXT NOT NULL REFERENCES refresh_tokens (event_id) ON DELETE CASCADE,
  -- Set when a newer one replaces it; afterwards it counts as stolen.
  usable_until INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX rotated_refresh_tokens_by_sign_in ON rotated_refresh_tokens (event_id);

-- JSON list of a client's secrets, oldest first; two at most.
ALTER TABLE app_clients ADD COLUMN secrets TEXT NOT NULL DEFAULT '[]';
UPDATE app_clients
SET secrets = json_array(json_object('id', id || '--' || created_at, 'value', secret, 'createdAt', created_at))
WHERE secret IS NOT NULL;
ALTER TABLE app_clients DROP COLUMN secret;

ALTER TABLE messages ADD COLUMN reply_to TEXT;

-- E-mail addresses and domains that an account may send from.
CREATE TABLE senders (
  account TEXT NOT NULL,
  identity TEXT NOT NULL,
  added_at INTEGER NOT NULL,
  PRIMARY KEY (account, identity)
) STRICT, WITHOUT ROWID;
