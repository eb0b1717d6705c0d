-- Up Migration
-- A rebuilt service knows of a person what its own events tell: neither the name to log in with nor the password.
alter table users alter column username drop not null;
alter table users alter column password_hash drop not null;
-- Up to which own event the profile is known. Of a row from a backup or from before this column: none, so all are applied again.
alter table users add column profile_changed_at timestamptz not null default '-infinity';

-- Events of different people come in any order, so two restored ones may share an address for a while.
drop index users_email;
create unique index users_email on users (lower(email)) where password_hash is not null;
create index users_restored_email on users (lower(email)) where password_hash is null;
