-- Up Migration
-- D-2: the key is the source event, so nothing is booked twice, whatever is delivered.
create table experience_ledger (
  source_event_id uuid primary key,
  user_id bigint not null,
  amount bigint not null check (amount > 0),
  source_type text not null,
  source_id bigint not null,
  reason text not null,
  booked_at timestamptz not null
);
create index experience_ledger_user on experience_ledger (user_id, booked_at);

create table experience (
  user_id bigint primary key,
  total bigint not null check (total between 0 and 2147483647)
);
