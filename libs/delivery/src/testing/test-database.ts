import { openDatabase } from '@lifeos/postgres';
import { randomUUID } from 'node:crypto';

/** A database of its own on the test server. */
export async function createTestDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  const server = process.env['LIFEOS_TEST_POSTGRES_URL'];
  if (server === undefined) throw new Error('LIFEOS_TEST_POSTGRES_URL names no PostgreSQL server; run the tests by npm test');
  const name = `t_${randomUUID().replaceAll('-', '')}`;
  await onServer(server, `CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => onServer(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

async function onServer(url: string, statement: string): Promise<void> {
  const database = openDatabase({ url, applicationName: 'test-database', max: 1 });
  try {
    await database.query(statement);
  } finally {
    await database.close();
  }
}
