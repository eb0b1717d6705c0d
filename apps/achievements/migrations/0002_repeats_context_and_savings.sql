-- Context for more rules (A-12, A-13, A-15).
ALTER TABLE user_contexts
  ADD COLUMN quest_chains bigint NOT NULL DEFAULT 0,
  ADD COLUMN early_completions bigint NOT NULL DEFAULT 0,
  ADD COLUMN stat_milestones bigint NOT NULL DEFAULT 0,
  ADD COLUMN practice_sessions bigint NOT NULL DEFAULT 0,
  ADD COLUMN practice_minutes bigint NOT NULL DEFAULT 0,
  ADD COLUMN highest_mastery bigint NOT NULL DEFAULT 0,
  ADD COLUMN savings_goals_reached bigint NOT NULL DEFAULT 0;

-- A repeatable achievement has a row each time (A-6); of every other only the first time exists.
ALTER TABLE unlocked_achievements
  ADD COLUMN unlock_number int NOT NULL DEFAULT 1,
  DROP CONSTRAINT unlocked_achievements_pkey,
  ADD PRIMARY KEY (user_id, achievement_id, unlock_number);

-- The savings that a person saw last, and the target that was reached last (A-13).
CREATE TABLE savings_goals (
  user_id bigint PRIMARY KEY,
  value numeric NOT NULL,
  target double precision,
  unit text NOT NULL,
  reached_target double precision,
  reached_at timestamptz
);
