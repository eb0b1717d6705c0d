-- What rules ask for, kept from events; a row a person of whom something was heard.
CREATE TABLE user_contexts (
  user_id bigint PRIMARY KEY,
  registrations bigint NOT NULL,
  level bigint NOT NULL,
  total_experience bigint NOT NULL,
  quests_completed bigint NOT NULL,
  longest_streak bigint NOT NULL,
  highest_stat bigint NOT NULL,
  highest_skill_level bigint NOT NULL,
  journal_entries bigint NOT NULL,
  integrations bigint NOT NULL
);

-- The keys hold what A-6 promises: nothing is given twice.
CREATE TABLE unlocked_achievements (
  user_id bigint NOT NULL,
  achievement_id int NOT NULL,
  experience_reward bigint NOT NULL,
  unlocked_at timestamptz NOT NULL,
  -- The person's context at that moment (A-7).
  context jsonb NOT NULL,
  PRIMARY KEY (user_id, achievement_id)
);

CREATE TABLE unlocked_titles (
  user_id bigint NOT NULL,
  title_id int NOT NULL,
  unlocked_at timestamptz NOT NULL,
  PRIMARY KEY (user_id, title_id)
);

CREATE TABLE earned_badges (
  user_id bigint NOT NULL,
  badge_id int NOT NULL,
  badge_name text NOT NULL,
  badge_category text NOT NULL,
  earned_at timestamptz NOT NULL,
  PRIMARY KEY (user_id, badge_id)
);
