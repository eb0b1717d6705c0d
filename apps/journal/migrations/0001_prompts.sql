-- Ids come from here, asked for after the key lock: nextval writes, and so takes the transaction's id.
CREATE SEQUENCE prompt_ids AS bigint;

CREATE TABLE prompts (
  prompt_id bigint PRIMARY KEY,
  user_id bigint NOT NULL,
  -- Day of the event that led to it, in the person's time zone; and which of that day's prompts it is.
  day date NOT NULL,
  ordinal int NOT NULL,
  category text NOT NULL,
  text text NOT NULL,
  trigger_event text NOT NULL,
  suggested_at timestamptz NOT NULL,
  UNIQUE (user_id, day, ordinal)
);

CREATE INDEX prompts_by_user ON prompts (user_id, suggested_at DESC);

-- Only people whose zone was heard of; all others live in UTC.
CREATE TABLE time_zones (
  user_id bigint PRIMARY KEY,
  time_zone text NOT NULL
);
