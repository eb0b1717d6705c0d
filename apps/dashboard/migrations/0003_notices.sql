-- Up Migration
create table notices (
  notice_id bigint generated always as identity primary key,
  -- D-6: each event gives at most one.
  event_id uuid not null unique,
  user_id bigint not null,
  kind text not null,
  title text not null,
  details jsonb not null,
  created_at timestamptz not null,
  read_at timestamptz
);
create index notices_of_user on notices (user_id, (read_at is not null), created_at desc, notice_id desc);
