-- The bench's own identity providers, which stand in for those out of reach.
CREATE TABLE stand_ins (
  account TEXT NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('google', 'facebook', 'amazon', 'apple', 'twitter', 'digits', 'oidc', 'saml')),
  spoil TEXT NOT NULL,
  -- 1 where the spoil ends with the next token.
  spoil_once INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (account, name)
) STRICT;

CREATE TABLE stand_in_people (
  account TEXT NOT NULL,
  stand_in TEXT NOT NULL,
  subject TEXT NOT NULL,
  name TEXT NOT NULL,
  email TEXT,
  claims TEXT NOT NULL CHECK (json_valid(claims)),
  PRIMARY KEY (account, stand_in, subject),
  FOREIGN KEY (account, stand_in) REFERENCES stand_ins (account, name) ON DELETE CASCADE
) STRICT;

CREATE TABLE stand_in_clients (
  account TEXT NOT NULL,
  stand_in TEXT NOT NULL,
  id TEXT NOT NULL,
  secret TEXT,
  redirect_uris TEXT NOT NULL CHECK (json_valid(redirect_uris)),
  PRIMARY KEY (account, stand_in, id),
  FOREIGN KEY (account, stand_in) REFERENCES stand_ins (account, name) ON DELETE CASCADE
) STRICT;

-- The one key without an end signs; the others are published until theirs.
CREATE TABLE stand_in_keys (
  account TEXT NOT NULL,
  stand_in TEXT NOT NULL,
  kid TEXT NOT NULL,
  private_jwk TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  published_until INTEGER,
  PRIMARY KEY (account, stand_in, kid),
  FOREIGN KEY (account, stand_in) REFERENCES stand_ins (account, name) ON DELETE CASCADE
) STRICT;
CREATE UNIQUE INDEX stand_in_keys_that_sign ON stand_in_keys (account, stand_in) WHERE published_until IS NULL;

-- Codes and tokens that only the provider can read, by their digest.
CREATE TABLE stand_in_tokens (
  digest TEXT PRIMARY KEY,
  account TEXT NOT NULL,
  stand_in TEXT NOT NULL,
  use TEXT NOT NULL CHECK (use IN ('code', 'access', 'refresh')),
  app_id TEXT NOT NULL,
  subject TEXT NOT NULL,
  -- JSON: what a code or a refresh token leads to.
  request TEXT CHECK (request IS NULL OR json_valid(request)),
  -- The digest of the code that it came from.
  from_code TEXT,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  -- When it was revoked, or a code was used.
  ended_at INTEGER,
  FOREIGN KEY (account, stand_in) REFERENCES stand_ins (account, name) ON DELETE CASCADE
) STRICT;
CREATE INDEX stand_in_tokens_by_stand_in ON stand_in_tokens (account, stand_in, expires_at);
CREATE INDEX stand_in_tokens_by_code ON stand_in_tokens (from_code) WHERE from_code IS NOT NULL;
