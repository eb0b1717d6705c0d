CREATE SEQUENCE pattern_ids AS bigint;
CREATE SEQUENCE insight_ids AS bigint;

-- Each is known by its event, whose id follows from the fact.
CREATE TABLE patterns (
  event_id uuid PRIMARY KEY,
  pattern_id bigint NOT NULL,
  user_id bigint NOT NULL,
  pattern_type text NOT NULL,
  related_series text[] NOT NULL,
  description text NOT NULL,
  confidence double precision NOT NULL,
  -- The last day that was looked at.
  day date NOT NULL,
  detected_at timestamptz NOT NULL
);

CREATE INDEX patterns_of_user ON patterns (user_id, detected_at DESC, pattern_id DESC);

CREATE TABLE insights (
  event_id uuid PRIMARY KEY,
  insight_id bigint NOT NULL,
  user_id bigint NOT NULL,
  insight_type text NOT NULL,
  content text NOT NULL,
  confidence double precision NOT NULL,
  source_entries bigint[] NOT NULL,
  related_series text[] NOT NULL,
  generated_at timestamptz NOT NULL
);

CREATE INDEX insights_of_user ON insights (user_id, generated_at DESC, insight_id DESC);
