-- Up Migration

-- How far each handler has come. Its row is locked by every batch of its partition, so two members of
-- a group that both believe to own the partition go one after the other.
CREATE TABLE consumer_positions (
  handler      text        NOT NULL,
  topic        text        NOT NULL,
  partition    integer     NOT NULL,
  next_offset  bigint      NOT NULL CHECK (next_offset >= 0),
  -- What the handler asked for when it was first seen here, and the offset which that meant.
  start_from   text        NOT NULL,
  start_offset bigint      NOT NULL,
  -- Until the handler has caught up: where the live group takes it over. Null: it is live.
  join_at      bigint,
  updated_at   timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (topic, partition, handler)
) WITH (fillfactor = 50);

-- One row an event, whatever the number of handlers: which record of the topic is the event, so that
-- a copy which the relay sent once more is known as a copy.
CREATE TABLE inbox (
  topic         text        NOT NULL,
  event_id      uuid        NOT NULL,
  partition     integer     NOT NULL,
  record_offset bigint      NOT NULL,
  seen_at       timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (topic, event_id)
);
-- Rows come in order of time, so a few pages of BRIN find the old ones; a b-tree would cost every insert.
CREATE INDEX inbox_seen_at ON inbox USING brin (seen_at) WITH (pages_per_range = 32);

-- What a handler could not take. A queue is (handler, topic, key), in order of record_offset; a row
-- without a key is a queue of its own.
CREATE TABLE dead_letters (
  id               bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  handler          text        NOT NULL,
  topic            text        NOT NULL,
  key              text,
  partition        integer     NOT NULL,
  record_offset    bigint      NOT NULL,
  event_id         uuid,
  event_type       text,
  event_version    text,
  status           text        NOT NULL DEFAULT 'waiting',
  -- A follower waits for the letters before it in its queue and has not been tried.
  is_follower      boolean     NOT NULL DEFAULT false,
  -- P-15. Null for a follower.
  reason           text,
  error_code       text,
  error_message    text,
  error_stack      text,
  attempts         integer     NOT NULL DEFAULT 0,
  max_attempts     integer     NOT NULL DEFAULT 3,
  first_failed_at  timestamptz,
  last_failed_at   timestamptz,
  -- Null: nothing is due by time (a follower, an unsupported version, an exhausted letter).
  next_attempt_at  timestamptz,
  record_key       bytea,
  record_value     bytea,
  record_headers   jsonb       NOT NULL,
  record_timestamp timestamptz NOT NULL,
  parked_at        timestamptz NOT NULL DEFAULT now(),
  -- A batch that runs again parks nothing twice.
  UNIQUE (handler, topic, partition, record_offset)
);
CREATE INDEX dead_letters_queue ON dead_letters (handler, topic, key, record_offset) WHERE status = 'waiting';
CREATE INDEX dead_letters_due ON dead_letters (next_attempt_at) WHERE next_attempt_at IS NOT NULL;
CREATE INDEX dead_letters_event ON dead_letters (topic, event_id);

-- Down Migration

DROP TABLE dead_letters;
DROP TABLE inbox;
DROP TABLE consumer_positions;
