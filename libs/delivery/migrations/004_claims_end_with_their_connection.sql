-- Up Migration

-- The server's process of the connection that took the letter in hand, and since when that is it: numbers come
-- again. Null: a service of the release before, whose claims end by time alone.
ALTER TABLE dead_letters ADD COLUMN claimed_by integer, ADD COLUMN claimed_by_since timestamptz;

-- Down Migration

ALTER TABLE dead_letters DROP COLUMN claimed_by, DROP COLUMN claimed_by_since;
