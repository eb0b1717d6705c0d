import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Database, Transaction } from './database.js';
import type { Session } from './index.js';
import { isConnectionError, isRetryable, openDatabase, openSession, TransactionAborted, TransactionClosed } from './index.js';
import { createTestDatabase } from './testing/test-database.js';

let drop: () => Promise<void>;
let url: string;
let db: Database;
const background: Error[] = [];

beforeAll(async () => {
  ({ url, drop } = await createTestDatabase());
  db = openDatabase({ url, applicationName: 'test', max: 4, onBackgroundError: (error) => background.push(error) });
  await db.query('CREATE TABLE note (id int PRIMARY KEY, text text)');
});

afterAll(async () => {
  await db.close();
  await drop();
});

const notes = async () => (await db.query<{ id: number }>('SELECT id FROM note ORDER BY id')).rows.map(({ id }) => id);
const write = (tx: Transaction, id: number) => tx.query('INSERT INTO note VALUES ($1)', [id]);
const noKeys = { keys: [] };

async function forgetNotes() {
  await db.query('DELETE FROM note');
}

describe('a transaction', () => {
  it('commits what its work wrote and returns its answer', async () => {
    await forgetNotes();
    expect(await db.transaction({ keys: ['42'] }, async (tx) => (await write(tx, 1)).rowCount)).toBe(1);
    expect(await notes()).toEqual([1]);
  });

  it('gives the server arrays as what they are', async () => {
    const texts = ['', 'null', 'NULL', 'a b', 'a,b', '{a}', '"', '\\', 'a\n', ' ', 'Zoë', 'plain-1.5', null];
    const numbers = [0, -1.5, 1e21, NaN, null];
    const { rows } = await db.transaction(noKeys, (tx) => tx.query('SELECT $1::text[] AS texts, $2::float8[] AS numbers', [texts, numbers]));
    expect(rows).toEqual([{ texts, numbers }]);
  });

  it('rolls back when its work throws, and gives the error on', async () => {
    await forgetNotes();
    const fault = new Error('no');
    await expect(db.transaction(noKeys, async (tx) => { await write(tx, 1); throw fault; })).rejects.toBe(fault);
    expect(await notes()).toEqual([]);
  });

  it('P-18: rejects when a swallowed SQL error made the server answer ROLLBACK', async () => {
    await forgetNotes();
    const swallowing = db.transaction(noKeys, async (tx) => {
      await write(tx, 1);
      await tx.query('SELECT no_such_column').catch(() => undefined);
    });
    const error = await swallowing.then(() => null, (reason: unknown) => reason);
    expect(error).toBeInstanceOf(TransactionAborted);
    expect((error as TransactionAborted).failure?.message).toContain('no_such_column');
    expect(await notes()).toEqual([]);
  });

  it('has taken its locks before a transaction id was assigned', async () => {
    const before = await db.transaction({ keys: ['a', 'b'] }, async (tx) =>
      (await tx.query<{ xid: string | null }>('SELECT pg_current_xact_id_if_assigned()::text AS xid')).rows[0]?.xid);
    expect(before).toBeNull();
  });

  it('makes the second writer of a key take the later transaction id, though it began first', async () => {
    const order: string[] = [];
    const xid = async (tx: Transaction) => BigInt((await tx.query<{ x: string }>('SELECT pg_current_xact_id()::text AS x')).rows[0]?.x ?? 0);
    let releaseFirst = () => undefined as void;
    const held = new Promise<void>((resolve) => (releaseFirst = resolve));
    let started = () => undefined as void;
    const firstHasLock = new Promise<void>((resolve) => (started = resolve));
    const first = db.transaction({ keys: ['7', '8'] }, async (tx) => { started(); await held; order.push('first'); return xid(tx); });
    await firstHasLock;
    const second = db.transaction({ keys: ['8', '7'] }, async (tx) => { order.push('second'); return xid(tx); });
    await until(async () => (await db.query("SELECT 1 FROM pg_stat_activity WHERE wait_event = 'advisory'")).rowCount > 0);
    releaseFirst();
    const [a, b] = await Promise.all([first, second]);
    expect(order).toEqual(['first', 'second']);
    expect(a < b).toBe(true);
  });

  it('gives up waiting for a lock with an error that may be tried again', async () => {
    await db.transaction({ keys: ['9'] }, async () => {
      const waiting = db.transaction({ keys: ['9'], lockTimeoutMs: 20 }, async () => undefined);
      const error = await waiting.then(() => null, (reason: unknown) => reason);
      expect(isRetryable(error)).toBe(true);
    });
  });

  it('runs statements that are started together one after the other', async () => {
    await forgetNotes();
    await db.transaction(noKeys, (tx) => Promise.all([1, 2, 3].map((id) => write(tx, id))));
    expect(await notes()).toEqual([1, 2, 3]);
  });

  it('refuses a statement that comes after its end', async () => {
    const leaked = await db.transaction(noKeys, async (tx) => ({ tx }));
    await expect(leaked.tx.query('SELECT 1')).rejects.toBeInstanceOf(TransactionClosed);
  });

  it('is ended by the server when its time is over, idle or not', async () => {
    await forgetNotes();
    const slow = db.transaction({ keys: [], timeoutMs: 60 }, async (tx) => {
      await write(tx, 1);
      await new Promise((resolve) => setTimeout(resolve, 200));
      await write(tx, 2);
    });
    const error = await slow.then(() => null, (reason: unknown) => reason);
    expect(error).toMatchObject({ code: expect.stringMatching(/^25P0[34]$/) });
    expect(isConnectionError(error)).toBe(false);
    expect(await notes()).toEqual([]);
  });
});

describe('a connection that was left inside of a transaction', () => {
  it('is not used again: its transaction id is older than the locks', async () => {
    const careless = openDatabase({ url, applicationName: 'careless', max: 1 });
    await careless.query('BEGIN');
    await careless.query('CREATE TABLE left_open ()');
    await expect(careless.transaction({ keys: ['1'] }, async () => undefined)).rejects.toMatchObject({ code: 'LOCKED_TOO_LATE', retryable: true });
    expect(await careless.transaction({ keys: ['1'] }, async () => 'fine')).toBe('fine');
    expect((await careless.query<{ left: string | null }>("SELECT to_regclass('left_open') AS left")).rows[0]?.left).toBeNull();
    await careless.close();
  });
});

describe('a session', () => {
  it('keeps its locks until it is closed, and then takes no statement', async () => {
    const [holder, other] = await Promise.all([1, 2].map(() => openSession({ url, applicationName: 'session' })));
    if (holder === undefined || other === undefined) throw new Error('no sessions');
    const take = async (session: Session) => (await session.query<{ got: boolean }>('SELECT pg_try_advisory_lock(1) AS got')).rows[0]?.got;
    expect([await take(holder), await take(other)]).toEqual([true, false]);
    await holder.close();
    await until(async () => (await take(other)) === true);
    expect(isConnectionError(await take(holder).then(() => null, (error: unknown) => error))).toBe(true);
    await other.close();
  });

  it('that the server ended says why, and fails every statement', async () => {
    const session = await openSession({ url, applicationName: 'session' });
    await db.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'session' AND datname = current_database()");
    await until(async () => session.lost !== null);
    expect(isConnectionError(session.lost)).toBe(true);
    await expect(session.query('SELECT 1')).rejects.toBe(session.lost);
    await session.close();
  });
});

describe('hooks', () => {
  it('run before COMMIT in order, those that hooks add too, and roll back when they throw', async () => {
    await forgetNotes();
    await db.transaction(noKeys, async (tx) => {
      tx.beforeCommit(async () => { await write(tx, 1); tx.beforeCommit(async () => void (await write(tx, 2))); });
    });
    expect(await notes()).toEqual([1, 2]);
    const fault = new Error('hook');
    await expect(db.transaction(noKeys, async (tx) => { await write(tx, 3); tx.beforeCommit(() => Promise.reject(fault)); })).rejects.toBe(fault);
    expect(await notes()).toEqual([1, 2]);
  });

  it('run after the server answered COMMIT, never otherwise', async () => {
    const ran: string[] = [];
    await db.transaction(noKeys, async (tx) => tx.afterCommit(() => void ran.push('committed')));
    await db.transaction(noKeys, async (tx) => { tx.afterCommit(() => void ran.push('failed')); throw new Error('x'); }).catch(() => undefined);
    await db.transaction(noKeys, async (tx) => { tx.afterCommit(() => void ran.push('aborted')); await tx.query('x').catch(() => undefined); }).catch(() => undefined);
    expect(ran).toEqual(['committed']);
  });

  it('that throw after COMMIT are reported and change nothing', async () => {
    background.length = 0;
    await db.transaction(noKeys, async (tx) => tx.afterCommit(() => { throw new Error('too late'); }));
    expect(background.map(({ message }) => message)).toEqual(['too late']);
  });
});

describe('a savepoint', () => {
  it('undoes the writes and the hooks of the work that failed, and nothing else', async () => {
    await forgetNotes();
    const ran: number[] = [];
    await db.transaction(noKeys, async (tx) => {
      await write(tx, 1);
      tx.afterCommit(() => void ran.push(1));
      await tx.savepoint(async () => { await write(tx, 2); tx.afterCommit(() => void ran.push(2)); tx.beforeCommit(async () => void (await write(tx, 20))); throw new Error('x'); }).catch(() => undefined);
      await tx.savepoint(async () => { await write(tx, 3); tx.afterCommit(() => void ran.push(3)); });
      expect(tx.failure).toBeNull();
    });
    expect(await notes()).toEqual([1, 3]);
    expect(ran).toEqual([1, 3]);
  });

  it('fails when its work swallowed an SQL error', async () => {
    await forgetNotes();
    await db.transaction(noKeys, async (tx) => {
      await write(tx, 1);
      const swallowing = tx.savepoint(async () => void (await write(tx, 1).catch(() => undefined)));
      await expect(swallowing).rejects.toMatchObject({ code: '23505' });
    });
    expect(await notes()).toEqual([1]);
  });
});

describe('revoke', () => {
  it('cuts off the holder while a statement runs, and frees its locks', async () => {
    await forgetNotes();
    const reason = new Error('time is over');
    const revoked = db.transaction({ keys: ['11'] }, async (tx) => {
      await write(tx, 1);
      const running = tx.query('SELECT pg_sleep(60)');
      setTimeout(() => tx.revoke(reason), 50);
      await running;
    });
    await expect(revoked).rejects.toBe(reason);
    await db.transaction({ keys: ['11'], lockTimeoutMs: 5_000 }, async (tx) => void (await write(tx, 2)));
    expect(await notes()).toEqual([2]);
  });

  it('makes every later statement and the commit fail', async () => {
    await forgetNotes();
    const reason = new Error('cut off');
    const revoked = db.transaction(noKeys, async (tx) => {
      await write(tx, 1);
      tx.revoke(reason);
      await expect(write(tx, 2)).rejects.toBe(reason);
    });
    await expect(revoked).rejects.toBe(reason);
    expect(await notes()).toEqual([]);
  });
});

describe('the time of a transaction', () => {
  it.each([
    [{}, ['30s', '30s', '30s', '10s']],
    [{ timeoutMs: 5_000, lockTimeoutMs: 1_000 }, ['5s', '30s', '30s', '1s']],
    [{ timeoutMs: 60_000 }, ['1min', '1min', '1min', '10s']],
  ])('bounds it whole, its statements and its pauses: %j', async (times, expected) => {
    const names = ['transaction_timeout', 'statement_timeout', 'idle_in_transaction_session_timeout', 'lock_timeout'];
    const shown = await db.transaction({ keys: [], ...times }, async (tx) => {
      const { rows } = await tx.query<Record<string, string>>(`SELECT ${names.map((name) => `current_setting('${name}') AS ${name}`).join(', ')}`);
      return rows[0];
    });
    expect(names.map((name) => shown?.[name])).toEqual(expected);
  });
});

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 500; i++) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('waited in vain');
}
