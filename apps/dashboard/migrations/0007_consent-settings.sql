-- Up Migration

-- What each person decided on consent (R-22), whole as of its revision. The services learn it from lifeos.privacy.consents.
create table consent_settings (
  user_id bigint primary key,
  revision bigint not null check (revision > 0),
  -- By purpose: { "status": …, "since": … }.
  purposes jsonb not null,
  -- true or false by event name (V-5).
  overrides jsonb not null,
  changed_at timestamptz not null,
  -- V-3: when the first of its consents ends by itself; null when none does.
  expires_at timestamptz
);
create index consent_settings_expiring on consent_settings (user_id) where expires_at is not null;

-- Down Migration
drop table consent_settings;
