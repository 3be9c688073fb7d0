-- S3: buckets, and the objects in them. Names and keys are kept as text, whose order is that of their UTF-8 bytes.
CREATE TABLE buckets (
  account TEXT NOT NULL,
  name TEXT NOT NULL,
  region TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (account, name)
) STRICT, WITHOUT ROWID;

-- Bytes, in pieces: one of a plain object, one a part of an upload. A piece is written once and never changed.
CREATE TABLE object_pieces (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  account TEXT NOT NULL,
  -- Who holds it: an object's content, or a part of an upload under way.
  content TEXT NOT NULL,
  place INTEGER NOT NULL,
  size INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  UNIQUE (content, place)
) STRICT;

-- What listings read stands apart from the bytes.
CREATE TABLE objects (
  account TEXT NOT NULL,
  bucket TEXT NOT NULL,
  key TEXT NOT NULL,
  content TEXT NOT NULL,
  size INTEGER NOT NULL,
  etag TEXT NOT NULL,
  -- JSON: headers that come back with the object, metadata, tags and checksum.
  description TEXT NOT NULL,
  modified_at INTEGER NOT NULL,
  PRIMARY KEY (account, bucket, key),
  FOREIGN KEY (account, bucket) REFERENCES buckets (account, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE multipart_uploads (
  account TEXT NOT NULL,
  bucket TEXT NOT NULL,
  key TEXT NOT NULL,
  id TEXT NOT NULL,
  -- JSON, as of an object.
  description TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  PRIMARY KEY (account, bucket, key, id),
  FOREIGN KEY (account, bucket) REFERENCES buckets (account, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE upload_parts (
  account TEXT NOT NULL,
  upload_id TEXT NOT NULL,
  number INTEGER NOT NULL,
  content TEXT NOT NULL,
  size INTEGER NOT NULL,
  etag TEXT NOT NULL,
  -- Base64, of the algorithm that the upload was started with.
  checksum TEXT,
  modified_at INTEGER NOT NULL,
  PRIMARY KEY (upload_id, number)
) STRICT, WITHOUT ROWID;
