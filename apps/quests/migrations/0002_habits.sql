-- Asked for after the key lock, as quest_ids.
CREATE SEQUENCE habit_ids AS bigint;

CREATE TABLE habits (
  habit_id bigint PRIMARY KEY,
  user_id bigint NOT NULL,
  name text NOT NULL,
  frequency text NOT NULL,
  target_count int NOT NULL,
  experience_reward int NOT NULL,
  current_streak int NOT NULL DEFAULT 0 CHECK (current_streak BETWEEN 0 AND longest_streak),
  longest_streak int NOT NULL DEFAULT 0 CHECK (longest_streak <= 10000),
  last_completed date,
  created_at timestamptz NOT NULL,
  -- Gone for the person; its completions stay part of what was done.
  deleted_at timestamptz
);

CREATE INDEX habits_by_owner ON habits (user_id, habit_id);

CREATE TABLE habit_completions (
  completion_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  habit_id bigint NOT NULL,
  completion_date date NOT NULL,
  count int NOT NULL,
  notes text NOT NULL,
  streak_count int NOT NULL,
  experience_reward bigint NOT NULL,
  completed_at timestamptz NOT NULL
);

CREATE INDEX habit_completions_by_day ON habit_completions (habit_id, completion_date);

-- Zones that people told; whoever is missing lives in UTC.
CREATE TABLE time_zones (
  user_id bigint PRIMARY KEY,
  time_zone text NOT NULL
);
