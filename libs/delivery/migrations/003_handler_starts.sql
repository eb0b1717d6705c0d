-- Up Migration

-- Everything from this offset on comes to the handler as it happens; what lies before it is history that is
-- read again. Null: the handler is new among others that are ahead, and a group of its own feeds it until it
-- has caught up; `join_at` then says where the service's group waits for it. The default is for services of
-- the release before, which know nothing of it.
ALTER TABLE consumer_positions ADD COLUMN live_at bigint DEFAULT 0;
UPDATE consumer_positions SET live_at = start_offset, join_at = NULL;
ALTER TABLE consumer_positions ADD CONSTRAINT consumer_positions_join_check CHECK (join_at IS NULL OR live_at IS NULL);

-- Down Migration

ALTER TABLE consumer_positions DROP CONSTRAINT consumer_positions_join_check, DROP COLUMN live_at;
