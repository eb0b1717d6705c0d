import { createHmac } from 'node:crypto';
import pg from 'pg';

/**
 * Makes sure that a database of this name exists, with one login role of the same name that owns it.
 * Nobody else but the superuser can connect to it.
 * @returns the URL under which the role reaches its database
 */
export async function ensureDatabase(superuserUrl: string, name: string): Promise<string> {
  const client = new pg.Client({ connectionString: superuserUrl });
  client.on('error', toldByTheQuery);
  await client.connect();
  try {
    const identifier = client.escapeIdentifier(name);
    const password = passwordOf(superuserUrl, name);
    if (!(await isThere(client, 'select 1 from pg_roles where rolname = $1', name))) await client.query(`create role ${identifier} login`);
    await client.query(`alter role ${identifier} password ${client.escapeLiteral(password)}`);
    if (!(await isThere(client, 'select 1 from pg_database where datname = $1', name))) {
      await client.query(`create database ${identifier} owner ${identifier}`);
    }
    await client.query(`revoke all on database ${identifier} from public`);
    return urlOf(superuserUrl, name, password);
  } finally {
    await client.end();
  }
}

/** The databases that every server has are closed to the services' roles too. */
export async function closeSharedDatabases(superuserUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: superuserUrl });
  client.on('error', toldByTheQuery);
  await client.connect();
  try {
    await client.query('revoke all on database postgres from public; revoke all on database template1 from public');
  } finally {
    await client.end();
  }
}

const isThere = async (client: pg.Client, sql: string, name: string): Promise<boolean> => (await client.query(sql, [name])).rowCount !== 0;

/** The same at every start, though kept nowhere. */
const passwordOf = (superuserUrl: string, name: string): string =>
  createHmac('sha256', decodeURIComponent(new URL(superuserUrl).password)).update(name).digest('base64url');

function urlOf(superuserUrl: string, name: string, password: string): string {
  const url = new URL(superuserUrl);
  url.username = encodeURIComponent(name);
  url.password = password;
  url.pathname = `/${encodeURIComponent(name)}`;
  return url.href;
}

/** A connection that breaks fails the query on it; with no listener Node would end the process before that is said. */
const toldByTheQuery = (): void => undefined;
