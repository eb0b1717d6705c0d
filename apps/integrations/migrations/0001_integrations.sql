-- Ids come from here, asked for after the key lock: nextval writes, and so takes the transaction's id.
CREATE SEQUENCE integration_ids AS bigint;

CREATE TABLE integrations (
  integration_id bigint PRIMARY KEY,
  user_id bigint NOT NULL,
  -- In lower case, as rules of quests name it.
  service_name text NOT NULL,
  integration_type text NOT NULL,
  -- needs_credentials: known from its events alone, after the database was lost.
  state text NOT NULL CHECK (state IN ('connected', 'needs_credentials', 'disconnected')),
  sync_frequency text NOT NULL DEFAULT 'daily',
  -- Sealed under the key of that name; nonce, tag and ciphertext.
  credentials_key text,
  credentials bytea,
  connected_at timestamptz NOT NULL,
  disconnected_at timestamptz,
  -- Where the source said that the next fetch begins.
  source_cursor text,
  -- Circuit breaker: failures in a row, and since when nothing is tried.
  failures int NOT NULL DEFAULT 0,
  circuit_opened_at timestamptz,
  -- Retries made since the last regular try.
  retries int NOT NULL DEFAULT 0,
  -- Null for sources that are only read on request.
  next_sync_at timestamptz,
  -- The run under way; it counts as lost when its time is over.
  run_id text,
  run_until timestamptz,
  last_sync_at timestamptz,
  last_quality double precision,
  last_error_code text,
  last_error_message text,
  last_error_at timestamptz,
  CHECK (state <> 'disconnected' OR credentials IS NULL)
);

CREATE INDEX integrations_by_owner ON integrations (user_id, integration_id);
CREATE INDEX integrations_due ON integrations (next_sync_at) WHERE state = 'connected';

-- What was taken in: each point once (I-6).
CREATE TABLE points (
  integration_id bigint NOT NULL,
  metric text NOT NULL,
  recorded_at timestamptz NOT NULL,
  user_id bigint NOT NULL,
  value double precision NOT NULL,
  unit text NOT NULL,
  PRIMARY KEY (integration_id, metric, recorded_at)
);

CREATE INDEX points_by_owner ON points (user_id, metric, recorded_at);

-- Quests as their topic tells of them, and the rules that complete them by themselves.
CREATE TABLE watched_quests (
  quest_id bigint PRIMARY KEY,
  user_id bigint NOT NULL,
  state text NOT NULL CHECK (state IN ('awake', 'asleep', 'ended')),
  -- Points count from here on; null until the first activation.
  active_since timestamptz,
  rules jsonb NOT NULL DEFAULT '[]',
  rules_told_at timestamptz NOT NULL
);

CREATE INDEX watched_quests_awake ON watched_quests (user_id) WHERE state = 'awake' AND rules <> '[]';

-- Quests whose rule was met: told once.
CREATE TABLE auto_completions (
  quest_id bigint PRIMARY KEY,
  user_id bigint NOT NULL,
  triggered_at timestamptz NOT NULL
);
