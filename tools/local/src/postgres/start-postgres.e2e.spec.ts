import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { ensureDatabase } from './databases.js';
import { type RunningPostgres, startPostgres } from './start-postgres.js';

async function query<Row extends pg.QueryResultRow>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

let dataDir: string;
let server: RunningPostgres;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'postgres-'));
  await chmod(dataDir, 0o755);
  server = await startPostgres({ dataDir });
}, 300_000);
afterAll(async () => {
  await server.stop();
  await rm(dataDir, { recursive: true, force: true });
});

describe('startPostgres', () => {
  it('gives each service a database that no other role can enter', async () => {
    const [quests, stats] = [await ensureDatabase(server.url, 'quests'), await ensureDatabase(server.url, 'stats')];
    await query(quests, 'create table quest (id int)');
    const foreign = new URL(stats);
    foreign.pathname = '/quests';
    await expect(query(foreign.href, 'select 1')).rejects.toMatchObject({ code: '42501' });
    foreign.pathname = '/postgres';
    await expect(query(foreign.href, 'select 1')).rejects.toMatchObject({ code: '42501' });
  });

  it('has the settings that the event path counts on', async () => {
    expect(await query(server.url, "select current_setting('max_locks_per_transaction') locks, current_setting('synchronous_commit') sync, current_setting('listen_addresses') addresses")).toEqual([
      { locks: '512', sync: 'on', addresses: '127.0.0.1' },
    ]);
  });

  it('finds the data and the passwords again at the next start', async () => {
    const before = await ensureDatabase(server.url, 'journal');
    await query(before, 'create table entry as select 42 as id');
    await server.stop();
    server = await startPostgres({ dataDir, port: server.port });
    const after = await ensureDatabase(server.url, 'journal');
    expect(new URL(after).password).toBe(new URL(before).password);
    expect(await query(after, 'select id from entry')).toEqual([{ id: 42 }]);
  }, 300_000);

  it('starts after a crash that left a lock file naming a stranger', async () => {
    await query(await ensureDatabase(server.url, 'stats'), 'create table kept as select 1 as id');
    process.kill(server.pid, 'SIGKILL');
    await server.exited;
    const pgdata = join(dataDir, 'pgdata');
    await writeFile(join(pgdata, 'postmaster.pid'), `${process.pid}\n${pgdata}\n`);
    server = await startPostgres({ dataDir });
    expect(await query(await ensureDatabase(server.url, 'stats'), 'select id from kept')).toEqual([{ id: 1 }]);
  }, 300_000);

  it('takes the next port when its own is busy', async () => {
    const otherDir = await mkdtemp(join(tmpdir(), 'postgres-other-'));
    await chmod(otherDir, 0o755);
    const lines: string[] = [];
    const other = await startPostgres({ dataDir: otherDir, port: server.port, log: (line) => lines.push(line) });
    expect(other.port).not.toBe(server.port);
    expect(lines).toContain(`port ${server.port} is busy, PostgreSQL takes ${other.port}`);
    await other.stop();
    await rm(otherDir, { recursive: true, force: true });
  }, 300_000);
});
