-- Up Migration

-- A queue is (handler, topic, key). Its first letter is the head: the only one that was tried and the
-- only one with a due time. All others are followers. A letter without a key is a head on its own.
ALTER TABLE dead_letters RENAME COLUMN max_attempts TO max_retries;
ALTER TABLE dead_letters
  -- Tries since it was parked; `attempts` counts every call of the handler.
  ADD COLUMN retries        integer NOT NULL DEFAULT 0,
  -- A retrier has taken it in hand until then; it saves double work, the key lock keeps order.
  ADD COLUMN claimed_until  timestamptz,
  -- What an operator put in the place of the payload, as bare Avro of that version. The record stays as it came.
  ADD COLUMN edited_payload bytea,
  ADD COLUMN edited_version text,
  ADD CHECK ((edited_payload IS NULL) = (edited_version IS NULL));

UPDATE dead_letters SET key = NULL, status = 'exhausted', next_attempt_at = NULL WHERE handler = '(no handler)';
UPDATE dead_letters l SET is_follower = true, next_attempt_at = NULL
  WHERE key IS NOT NULL AND EXISTS (
    SELECT FROM dead_letters b
    WHERE (b.handler, b.topic, b.key) = (l.handler, l.topic, l.key) AND (b.record_offset, b.id) < (l.record_offset, l.id));

ALTER TABLE dead_letters
  ADD CHECK (status IN ('waiting', 'exhausted')),
  ADD CHECK (next_attempt_at IS NULL OR NOT is_follower AND status = 'waiting');

DROP INDEX dead_letters_queue, dead_letters_due;
CREATE INDEX dead_letters_due ON dead_letters (handler, next_attempt_at) WHERE next_attempt_at IS NOT NULL;
CREATE INDEX dead_letters_queue ON dead_letters (topic, key, handler, record_offset, id) WHERE key IS NOT NULL;
-- What every batch reads; unique, so that no mistake of ours gives a queue two heads.
CREATE UNIQUE INDEX dead_letters_head ON dead_letters (topic, key, handler) WHERE NOT is_follower AND key IS NOT NULL;

-- Exhausted letters on their way to the service's topic of dead letters, as they were at that moment.
CREATE TABLE dead_letter_announcements (
  id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  letter_id       bigint      NOT NULL,
  handler         text        NOT NULL,
  topic           text        NOT NULL,
  partition       integer     NOT NULL,
  record_offset   bigint      NOT NULL,
  event_id        uuid,
  reason          text        NOT NULL,
  error_code      text,
  error_message   text,
  error_stack     text,
  attempts        integer     NOT NULL,
  first_failed_at timestamptz,
  last_failed_at  timestamptz,
  record_key      bytea,
  record_value    bytea,
  record_headers  jsonb       NOT NULL
);

-- Who mended what, and why. Never deleted by this library.
CREATE TABLE dead_letter_audit (
  id      bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at      timestamptz NOT NULL DEFAULT now(),
  actor   text        NOT NULL,
  action  text        NOT NULL,
  reason  text,
  filter  jsonb       NOT NULL,
  -- Letters that it changed.
  letters integer     NOT NULL,
  detail  jsonb
);

-- Down Migration

DROP TABLE dead_letter_audit, dead_letter_announcements;
DROP INDEX dead_letters_head, dead_letters_queue, dead_letters_due;
CREATE INDEX dead_letters_due ON dead_letters (next_attempt_at) WHERE next_attempt_at IS NOT NULL;
CREATE INDEX dead_letters_queue ON dead_letters (handler, topic, key, record_offset) WHERE status = 'waiting';
ALTER TABLE dead_letters
  DROP COLUMN retries, DROP COLUMN claimed_until, DROP COLUMN edited_payload, DROP COLUMN edited_version,
  DROP CONSTRAINT dead_letters_status_check, DROP CONSTRAINT dead_letters_check;
ALTER TABLE dead_letters RENAME COLUMN max_retries TO max_attempts;
