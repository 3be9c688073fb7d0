-- When a sign-in was last used, from where, and with what.
ALTER TABLE refresh_tokens ADD COLUMN last_active_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE refresh_tokens ADD COLUMN last_ip TEXT NOT NULL DEFAULT '';
ALTER TABLE refresh_tokens ADD COLUMN user_agent TEXT NOT NULL DEFAULT '';
UPDATE refresh_tokens SET last_active_at = issued_at;
