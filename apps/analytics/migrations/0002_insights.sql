-- Sign-ups heard of.
CREATE TABLE profiles (
  user_id bigint PRIMARY KEY,
  registered_at timestamptz NOT NULL
);

-- Each life stat as it stands now, for the scores of the areas.
CREATE TABLE life_stats (
  user_id bigint NOT NULL,
  area text NOT NULL,
  subcategory text NOT NULL,
  value double precision NOT NULL,
  -- Null without one.
  target double precision,
  PRIMARY KEY (user_id, area, subcategory)
);

-- Where the reckoning of a person's balance stands, and what was told last; no row before the first reckoning.
CREATE TABLE balances (
  user_id bigint PRIMARY KEY,
  health double precision NOT NULL,
  wealth double precision NOT NULL,
  relationships double precision NOT NULL,
  calculated_at timestamptz NOT NULL
);
CREATE TABLE announced_balances (
  user_id bigint PRIMARY KEY,
  health double precision NOT NULL,
  wealth double precision NOT NULL,
  relationships double precision NOT NULL,
  announced_at timestamptz NOT NULL
);

-- The scores in force from a moment on, whether or not they were published.
CREATE TABLE balance_history (
  user_id bigint NOT NULL,
  at timestamptz NOT NULL,
  health double precision NOT NULL,
  wealth double precision NOT NULL,
  relationships double precision NOT NULL,
  PRIMARY KEY (user_id, at)
);

CREATE TABLE balance_shifts (
  event_id uuid PRIMARY KEY,
  user_id bigint NOT NULL,
  shift_type text NOT NULL,
  affected_areas text[] NOT NULL,
  severity text NOT NULL,
  recommended_actions text[] NOT NULL,
  shifted_at timestamptz NOT NULL
);
CREATE INDEX balance_shifts_by_user ON balance_shifts (user_id, shifted_at DESC);

-- One number a day for each series of a person.
CREATE TABLE daily_series (
  user_id bigint NOT NULL,
  series text NOT NULL,
  day date NOT NULL,
  value double precision NOT NULL,
  -- Time of the newest reading, which is the one that holds; sums have grown until then.
  at timestamptz NOT NULL,
  PRIMARY KEY (user_id, series, day)
);

CREATE TABLE quest_days (
  user_id bigint NOT NULL,
  day date NOT NULL,
  created int NOT NULL,
  completed int NOT NULL,
  PRIMARY KEY (user_id, day)
);

CREATE TABLE habits (
  user_id bigint NOT NULL,
  habit_id bigint NOT NULL,
  frequency text NOT NULL,
  deleted boolean NOT NULL,
  PRIMARY KEY (user_id, habit_id)
);

CREATE TABLE habit_days (
  user_id bigint NOT NULL,
  habit_id bigint NOT NULL,
  day date NOT NULL,
  completions int NOT NULL,
  PRIMARY KEY (user_id, habit_id, day)
);

CREATE TABLE trends (
  event_id uuid PRIMARY KEY,
  user_id bigint NOT NULL,
  stat_name text NOT NULL,
  trend_type text NOT NULL,
  confidence_score double precision NOT NULL,
  duration_days int NOT NULL,
  detected_at timestamptz NOT NULL
);
CREATE INDEX trends_by_user ON trends (user_id, detected_at DESC);

CREATE TABLE predictions (
  event_id uuid PRIMARY KEY,
  user_id bigint NOT NULL,
  prediction_id bigint NOT NULL,
  prediction_type text NOT NULL,
  forecast_data jsonb NOT NULL,
  confidence_interval double precision[] NOT NULL,
  prediction_horizon_days int NOT NULL,
  predicted_at timestamptz NOT NULL
);
CREATE INDEX predictions_by_user ON predictions (user_id, predicted_at DESC);

CREATE TABLE recommendations (
  event_id uuid PRIMARY KEY,
  user_id bigint NOT NULL,
  recommendation_id bigint NOT NULL,
  recommendation_type text NOT NULL,
  action text NOT NULL,
  priority text NOT NULL,
  expected_impact text NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX recommendations_by_user ON recommendations (user_id, created_at DESC);

CREATE TABLE engagement (
  event_id uuid PRIMARY KEY,
  user_id bigint NOT NULL,
  analysis_period_days int NOT NULL,
  engagement_score double precision NOT NULL,
  activity_patterns jsonb NOT NULL,
  risk_factors text[] NOT NULL,
  analyzed_at timestamptz NOT NULL
);
CREATE INDEX engagement_by_user ON engagement (user_id, analyzed_at DESC);

-- What an earlier life published stands in the log under epoch 0; a database that was never rebuilt has none.
CREATE INDEX event_log_earlier_life ON event_log (key, type, occurred_at) WHERE epoch = 0;
