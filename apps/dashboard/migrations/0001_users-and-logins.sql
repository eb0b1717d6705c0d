-- Up Migration
create sequence user_ids as bigint;

-- Passwords and the link from a person to the pseudonym user_id: only here, in no event log.
create table users (
  user_id bigint primary key,
  username text not null,
  email text not null,
  password_hash text not null,
  role text not null default 'user' check (role in ('user', 'operator')),
  first_name text,
  last_name text,
  bio text,
  location text,
  birth_date date,
  time_zone text not null,
  registered_at timestamptz not null
);
create unique index users_username on users (lower(username));
create unique index users_email on users (lower(email));

-- One row an attempt that failed or is still being checked; older than the window they are deleted.
create table login_attempts (
  attempt_id bigint generated always as identity primary key,
  account text not null,
  address text not null,
  attempted_at timestamptz not null
);
create index login_attempts_account on login_attempts (account, attempted_at);
create index login_attempts_address on login_attempts (address, attempted_at);
