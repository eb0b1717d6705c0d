import { randomBytes } from 'node:crypto';
import pg from 'pg';

export interface TestDatabase {
  /** Of the superuser, so that a test may also create roles. */
  readonly url: string;
  /** Ends every connection to it first. */
  drop(): Promise<void>;
}

/** A new, empty database on the server that LIFEOS_TEST_POSTGRES_URL names (`npm test` starts one). */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = serverUrl();
  const name = `t_${randomBytes(8).toString('hex')}`;
  await execute(server, `create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => execute(server, `drop database if exists ${name} with (force)`) };
}

function serverUrl(): string {
  const url = process.env['LIFEOS_TEST_POSTGRES_URL'];
  if (url) return url;
  throw new Error('LIFEOS_TEST_POSTGRES_URL is not set: run the tests by `npm test -- <path>`, which starts a PostgreSQL and sets it.');
}

async function execute(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
