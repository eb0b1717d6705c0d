-- Up Migration

-- What each person allows, as this service heard it last from lifeos.privacy.consents (V-8). No row: nothing was ever allowed (V-3).
CREATE TABLE consents (
  user_id    bigint      PRIMARY KEY,
  revision   bigint      NOT NULL,
  -- Status by purpose; only "granted" allows.
  purposes   jsonb       NOT NULL,
  -- true or false by event name; wins over the purpose (V-5).
  overrides  jsonb       NOT NULL,
  changed_at timestamptz NOT NULL
);

-- Down Migration

DROP TABLE consents;
