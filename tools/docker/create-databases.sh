#!/bin/sh
# Run once by the postgres image, on its empty data folder: one database and one login role a service, and nobody
# but that role may connect to it. SERVICES and SERVICE_DB_PASSWORD come from docker-compose.yml.
set -eu
psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" -c 'revoke all on database postgres from public; revoke all on database template1 from public'
for name in $SERVICES; do
  psql -v ON_ERROR_STOP=1 -v name="$name" -v password="$SERVICE_DB_PASSWORD" --username "$POSTGRES_USER" <<'SQL'
create role :"name" login password :'password';
create database :"name" owner :"name";
revoke all on database :"name" from public;
SQL
done
