import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Database, Transaction } from './database.js';
import { isConnectionError, isRetryable, isStalePlan, openDatabase } from './index.js';
import { createTestDatabase } from './testing/test-database.js';

let drop: () => Promise<void>;
let url: string;
let db: Database;
const background: Error[] = [];
const noKeys = { keys: [] };

beforeAll(async () => {
  ({ url, drop } = await createTestDatabase());
  db = openDatabase({ url, applicationName: 'test', max: 4, onBackgroundError: (error) => background.push(error) });
});
afterAll(async () => {
  await db.close();
  await drop();
});

describe('connections', () => {
  it('that the server ends while idle are reported and replaced', async () => {
    background.length = 0;
    await db.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name = 'test'");
    expect((await db.query('SELECT 1')).rowCount).toBe(1);
  });

  it('carry the application name and pass the hook before their first use', async () => {
    const seen: unknown[] = [];
    const other = openDatabase({ url, applicationName: 'hooked', onConnect: async (connection) => void seen.push(...(await connection.query("SELECT current_setting('application_name') AS name")).rows) });
    await other.query('SELECT 1');
    await other.query('SELECT 1');
    await other.close();
    expect(seen).toEqual([{ name: 'hooked' }]);
  });

  it('whose hook fails are not used', async () => {
    const other = openDatabase({ url, applicationName: 'hooked', onConnect: () => Promise.reject(new Error('not this server')) });
    await expect(other.query('SELECT 1')).rejects.toThrow('not this server');
    await other.close();
  });

  it('to a server that is not there fail as connection errors', async () => {
    const nowhere = openDatabase({ url: 'postgres://x:x@127.0.0.1:1/x', applicationName: 'test' });
    const error = await nowhere.transaction(noKeys, async () => undefined).then(() => null, (reason: unknown) => reason);
    expect(isConnectionError(error)).toBe(true);
    await nowhere.close();
  });
});

describe('a statement that comes again and again', () => {
  const prepared = (tx: Transaction, text: string) => tx.query('SELECT 1 FROM pg_prepared_statements WHERE statement = $1', [text]);

  it('is parsed once a connection, from its third time on; one without values never, since it may be several', async () => {
    const [often, seldom, several] = ['SELECT $1::int AS often', 'SELECT $1::int AS seldom', 'SELECT 1; SELECT 2'];
    await db.transaction(noKeys, async (tx) => {
      for (let time = 1; time <= 4; time += 1) {
        await tx.query(several);
        expect((await tx.query<{ often: number }>(often, [time])).rows).toEqual([{ often: time }]);
      }
      await tx.query(seldom, [1]);
      expect([(await prepared(tx, often)).rowCount, (await prepared(tx, seldom)).rowCount]).toEqual([1, 0]);
    });
  });

  it('whose answer a migration changed fails once, says that it may be tried again, and then is right', async () => {
    const read = 'SELECT * FROM changing WHERE id = $1';
    await db.query('CREATE TABLE changing (id int PRIMARY KEY); INSERT INTO changing VALUES (1)');
    await db.transaction(noKeys, async (tx) => {
      for (let time = 1; time <= 4; time += 1) await tx.query(read, [1]);
      await tx.query(`ALTER TABLE changing ADD COLUMN more int DEFAULT 7`);
      const error: unknown = await tx.savepoint(() => tx.query(read, [1])).catch((reason: unknown) => reason);
      expect([isStalePlan(error), isRetryable(error)]).toEqual([true, true]);
      expect((await tx.query(read, [1])).rows).toEqual([{ id: 1, more: 7 }]);
    });
  });
});
