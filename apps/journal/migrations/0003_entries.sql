-- Ids come from here, asked for after the key lock: nextval writes, and so takes the transaction's id.
CREATE SEQUENCE entry_ids AS bigint;

CREATE TABLE entries (
  entry_id bigint PRIMARY KEY,
  user_id bigint NOT NULL,
  entry_type text NOT NULL,
  title text NOT NULL,
  -- Null: put back from the own events, which never tell the text; it comes from backup only.
  content text,
  word_count int NOT NULL,
  mood int CHECK (mood BETWEEN 1 AND 10),
  tags text[] NOT NULL,
  related_quest_id bigint,
  related_achievement_id bigint,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  -- A deleted entry keeps its row, emptied, so that an event of its past does not bring it back.
  deleted_at timestamptz
);

CREATE INDEX entries_of_user ON entries (user_id, created_at DESC, entry_id DESC) WHERE deleted_at IS NULL;

-- As QuestCreated and QuestChanged told them.
CREATE TABLE quest_titles (
  quest_id bigint PRIMARY KEY,
  user_id bigint NOT NULL,
  title text NOT NULL
);
