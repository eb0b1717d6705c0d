CREATE TABLE core_stats (
  user_id bigint NOT NULL,
  stat_name text NOT NULL,
  value int NOT NULL CHECK (value BETWEEN 1 AND 100),
  experience bigint NOT NULL CHECK (experience >= 0),
  PRIMARY KEY (user_id, stat_name)
);

-- What dashboard has booked for a person, as far as heard here.
CREATE TABLE user_experience (
  user_id bigint PRIMARY KEY,
  total_experience bigint NOT NULL CHECK (total_experience >= 0)
);

CREATE TABLE stat_history (
  history_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  user_id bigint NOT NULL,
  stat_type text NOT NULL,
  stat_name text NOT NULL,
  old_value numeric NOT NULL,
  new_value numeric NOT NULL,
  difference numeric GENERATED ALWAYS AS (new_value - old_value) STORED,
  -- Nothing can be said in per cent of 0.
  percent numeric GENERATED ALWAYS AS (round((new_value - old_value) / nullif(old_value, 0) * 100, 2)) STORED,
  reason text NOT NULL,
  recorded_at timestamptz NOT NULL
);

CREATE INDEX stat_history_by_stat ON stat_history (user_id, stat_name, recorded_at);
