-- Ids come from here, asked for after the key lock: nextval writes, and so takes the transaction's id.
CREATE SEQUENCE quest_ids AS bigint;

-- Read model of the quest streams, written in the transaction that appends to them.
CREATE TABLE quests (
  quest_id bigint PRIMARY KEY,
  user_id bigint NOT NULL,
  quest_type text NOT NULL,
  title text NOT NULL,
  description text NOT NULL DEFAULT '',
  difficulty text NOT NULL,
  experience_reward int NOT NULL,
  status text NOT NULL,
  start_date date,
  due_date date,
  parent_quest_id bigint,
  prerequisite_quest_ids bigint[] NOT NULL DEFAULT '{}',
  chain_name text,
  auto_completion_rules jsonb NOT NULL DEFAULT '[]',
  created_at timestamptz NOT NULL,
  completed_at timestamptz,
  failed_at timestamptz,
  failure_reason text
);

CREATE INDEX quests_by_owner ON quests (user_id, status, quest_type);
