-- Up Migration
create table habits (
  habit_id bigint primary key,
  user_id bigint not null,
  -- Null until an event says it; a name that was given later wins.
  name text,
  frequency text,
  named_at timestamptz not null default '-infinity',
  last_completed_on date,
  streak integer not null default 0,
  -- The streak counts only when it was not broken after the last completion.
  broken_on date,
  deleted boolean not null default false
);
create index habits_of_user on habits (user_id, last_completed_on nulls first) where not deleted;

create table journal_entries (
  entry_id bigint primary key,
  user_id bigint not null,
  -- Null until the creation was heard of.
  created_at timestamptz,
  details jsonb not null,
  deleted boolean not null default false
);
create index journal_entries_latest on journal_entries (user_id, created_at desc, entry_id desc) where not deleted and created_at is not null;

create table integrations (
  integration_id bigint primary key,
  user_id bigint not null,
  service_name text not null,
  integration_type text,
  connected_at timestamptz,
  disconnected_at timestamptz,
  disconnection_reason text
);
create index integrations_of_user on integrations (user_id);

-- E-21, E-22.
create table honours (
  user_id bigint not null,
  kind text not null check (kind in ('title', 'badge')),
  honour_id bigint not null,
  name text not null,
  category text,
  earned_at timestamptz not null,
  primary key (user_id, kind, honour_id)
);
create index honours_latest on honours (user_id, kind, earned_at desc);

create table life_stats (
  user_id bigint not null,
  category text not null,
  subcategory text not null,
  value double precision not null,
  target double precision,
  unit text not null,
  source text not null,
  updated_at timestamptz not null,
  primary key (user_id, category, subcategory)
);

-- The last value of each day (UTC) that has one.
create table life_stat_days (
  user_id bigint not null,
  category text not null,
  subcategory text not null,
  day date not null,
  value double precision not null,
  primary key (user_id, category, subcategory, day)
);

-- The newest word on each subject that sensitive events told; all of a type goes when its consent ends (V-9).
create table derived_facts (
  user_id bigint not null,
  event_type text not null,
  -- What it is about, unique within the type: an id, the name of a stat.
  subject text not null,
  at timestamptz not null,
  expires_at timestamptz,
  details jsonb not null,
  primary key (user_id, event_type, subject)
);
create index derived_facts_latest on derived_facts (user_id, event_type, at desc);

-- Null: a core event, which needs no consent.
alter table notices add column sensitive_type text;
alter table notices add column expires_at timestamptz;
create index notices_unread on notices (user_id) where read_at is null;
create index notices_sensitive on notices (user_id, sensitive_type) where sensitive_type is not null;
