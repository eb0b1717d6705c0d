import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { migrate, openDatabase } from './index.js';
import { createTestDatabase } from './testing/test-database.js';

let url: string;
let drop: () => Promise<void>;
let root: string;

beforeAll(async () => {
  ({ url, drop } = await createTestDatabase());
  root = await mkdtemp(join(tmpdir(), 'migrations-'));
});

afterAll(async () => {
  await drop();
  await rm(root, { recursive: true });
});

async function directory(files: Record<string, string>): Promise<string> {
  const dir = await mkdtemp(join(root, 'set-'));
  for (const [name, sql] of Object.entries(files)) await writeFile(join(dir, name), sql);
  return dir;
}

describe('migrate', () => {
  it('runs each set in order and once, though numbers of two sets are the same', async () => {
    const lib = { table: 'migrations_lib', dir: await directory({ '001_a.sql': 'CREATE TABLE a (x int)', '002_b.sql': 'ALTER TABLE a ADD y int' }) };
    const app = { table: 'migrations_app', dir: await directory({ '001_a.sql': 'CREATE TABLE app AS SELECT y FROM a' }) };
    expect(await migrate({ url, sets: [lib, app] })).toEqual([
      { table: 'migrations_lib', name: '001_a' },
      { table: 'migrations_lib', name: '002_b' },
      { table: 'migrations_app', name: '001_a' },
    ]);
    expect(await migrate({ url, sets: [lib, app] })).toEqual([]);
  });

  it('waits for another that runs at the same time', async () => {
    const set = { table: 'migrations_twice', dir: await directory({ '001_t.sql': 'SELECT pg_sleep(0.1); CREATE TABLE twice (x int)' }) };
    const runs = await Promise.all([migrate({ url, sets: [set] }), migrate({ url, sets: [set] }), migrate({ url, sets: [set] })]);
    expect(runs.flat()).toHaveLength(1);
  });

  it('leaves nothing of a set whose file is wrong', async () => {
    const set = { table: 'migrations_bad', dir: await directory({ '001_good.sql': 'CREATE TABLE good (x int)', '002_bad.sql': 'CREATE TABEL bad' }) };
    await expect(migrate({ url, sets: [set] })).rejects.toThrow(/TABEL/);
    const db = openDatabase({ url, applicationName: 'test' });
    expect((await db.query<{ good: string | null }>("SELECT to_regclass('good') AS good")).rows[0]?.good).toBeNull();
    await db.close();
  });
});
