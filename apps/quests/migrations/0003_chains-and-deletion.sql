-- Gone for the person; the stream stays.
ALTER TABLE quests ADD COLUMN deleted_at timestamptz;

-- Where the stream stands with this row: a decision reads the row, which also shows what this transaction has done.
ALTER TABLE quests ADD COLUMN stream_version int NOT NULL DEFAULT 0;
UPDATE quests SET stream_version = (SELECT coalesce(max(l.stream_version), 0) FROM event_log l WHERE l.stream = 'quest-' || quest_id);

-- Auto-completions that came while their quest was a draft or paused: done when it turns active.
CREATE TABLE remembered_completions (
  quest_id bigint PRIMARY KEY,
  event_id uuid NOT NULL,
  correlation_id text,
  completion_timestamp timestamptz NOT NULL
);
