-- Up Migration

-- A POST that came with an Idempotency-Key (R-28). Swept by age.
CREATE TABLE idempotency_keys (
  -- SHA-256 of caller, method, path and key: the key itself is nowhere.
  id          bytea       PRIMARY KEY,
  -- Null where the route is public. Whoever erases a person's data erases these too.
  user_id     bigint,
  -- HMAC of the body under the key, so that it tells nothing of the body to those who lack the key.
  fingerprint bytea       NOT NULL,
  -- Null: its commands are committed, it was not answered yet.
  status      int,
  body        text,
  created_at  timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);

-- What each command of such a POST returned, written in the command's own transaction.
CREATE TABLE idempotency_steps (
  id     bytea NOT NULL REFERENCES idempotency_keys ON DELETE CASCADE,
  step   int   NOT NULL,
  -- V8's structured clone; null when it was too large to keep.
  result bytea,
  PRIMARY KEY (id, step)
);

-- Down Migration

DROP TABLE idempotency_steps;
DROP TABLE idempotency_keys;
