-- Ids come from here, asked for after the key lock: nextval writes, and so takes the transaction's id.
CREATE SEQUENCE skill_ids AS bigint;

CREATE TABLE skills (
  skill_id bigint PRIMARY KEY,
  user_id bigint NOT NULL,
  name text NOT NULL,
  category text NOT NULL,
  description text NOT NULL,
  -- All XP that the skill ever got; its level follows from it.
  total_experience bigint NOT NULL DEFAULT 0 CHECK (total_experience BETWEEN 0 AND 2147483647),
  total_minutes int NOT NULL DEFAULT 0,
  last_practiced timestamptz,
  created_at timestamptz NOT NULL,
  deleted_at timestamptz
);

CREATE INDEX skills_by_owner ON skills (user_id, skill_id);

-- The tree: a skill can be practised once each of these stands at its level.
CREATE TABLE skill_prerequisites (
  skill_id bigint NOT NULL,
  required_skill_id bigint NOT NULL,
  required_level int NOT NULL CHECK (required_level BETWEEN 1 AND 100),
  PRIMARY KEY (skill_id, required_skill_id)
);

CREATE TABLE person_categories (
  user_id bigint NOT NULL,
  category text NOT NULL,
  PRIMARY KEY (user_id, category)
);

-- What was recommended last; told again only when it differs.
CREATE TABLE recommendations (
  user_id bigint PRIMARY KEY,
  skill_ids bigint[] NOT NULL,
  skill_names text[] NOT NULL,
  reason text NOT NULL,
  confidence double precision NOT NULL,
  recommended_at timestamptz NOT NULL
);
