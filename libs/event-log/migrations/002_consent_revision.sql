-- Up Migration

-- Only for sensitive events: what the service knew of the person's consents when it appended the event.
-- Null for all others, where it takes no room in the row.
ALTER TABLE event_log ADD COLUMN consent_revision bigint;

-- Down Migration

ALTER TABLE event_log DROP COLUMN consent_revision;
