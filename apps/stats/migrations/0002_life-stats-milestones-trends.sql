-- Points that an earlier life of this database's service told of: they are in the value already when the
-- XP that brought them comes again.
ALTER TABLE core_stats ADD COLUMN told_points int NOT NULL DEFAULT 0 CHECK (told_points >= 0);

ALTER TABLE stat_history
  ADD COLUMN notes text NOT NULL DEFAULT '',
  -- The event that told of the change, for lines put back from an earlier life.
  ADD COLUMN event_id uuid UNIQUE;

CREATE INDEX stat_history_by_time ON stat_history (user_id, recorded_at);

CREATE TABLE life_stats (
  user_id bigint NOT NULL,
  -- category.subcategory
  stat_name text NOT NULL,
  value numeric(18, 4) NOT NULL,
  target double precision,
  unit text NOT NULL,
  source text NOT NULL,
  updated_at timestamptz NOT NULL,
  -- Time of the newest value that replaced the one before: an older reading that comes later does not.
  set_at timestamptz,
  PRIMARY KEY (user_id, stat_name)
);

CREATE TABLE milestones (
  user_id bigint NOT NULL,
  stat_name text NOT NULL,
  milestone_value int NOT NULL,
  PRIMARY KEY (user_id, stat_name, milestone_value)
);

-- Every reading taken in, so that none counts twice.
CREATE TABLE external_points (
  user_id bigint NOT NULL,
  integration_id bigint NOT NULL,
  metric text NOT NULL,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (user_id, integration_id, metric, recorded_at)
);

-- What one sync raised core stats by, whatever number of events it came in.
CREATE TABLE external_syncs (
  user_id bigint NOT NULL,
  integration_id bigint NOT NULL,
  sync_timestamp timestamptz NOT NULL,
  workouts int NOT NULL CHECK (workouts >= 0),
  PRIMARY KEY (user_id, integration_id, sync_timestamp)
);

CREATE TABLE trends (
  user_id bigint NOT NULL,
  stat_name text NOT NULL,
  -- Last day of the window.
  day date NOT NULL,
  duration_days int NOT NULL,
  trend_type text NOT NULL,
  confidence_score double precision NOT NULL,
  PRIMARY KEY (user_id, day, stat_name, duration_days)
);

CREATE TABLE time_zones (
  user_id bigint PRIMARY KEY,
  time_zone text NOT NULL
);

-- People whose events of an earlier life are in the tables again.
CREATE TABLE restored_people (
  user_id bigint PRIMARY KEY
);

-- Events put back from the own topic stand in epoch 0. Empty, and free of cost, unless the service was rebuilt.
CREATE INDEX event_log_of_earlier_life ON event_log (key) WHERE epoch = 0;
