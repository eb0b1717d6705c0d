import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { allEventTypes, ExperienceAwarded } from '@lifeos/contracts';
import { adoptServer, EventLog, eventLogMigrations, type StoredEvent } from '@lifeos/event-log';
import { migrate, openDatabase, type Database } from '@lifeos/postgres';
import { createTestDatabase, type TestDatabase } from '@lifeos/testing';
import { runInContext } from '../context/request-context.js';
import { Commands, type Raise } from './commands.js';

const now = new Date('2026-11-21T12:00:00Z');
const correlationId = '0190a3c4-5d6e-7f80-8a9b-0c1d2e3f4a5b';
const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

describe('P-19: commands', () => {
  let home: TestDatabase;
  let database: Database;
  let eventLog: EventLog;
  let commands: Commands;
  beforeAll(async () => {
    home = await createTestDatabase();
    await migrate({ url: home.url, sets: [eventLogMigrations] });
    database = openDatabase({ url: home.url, applicationName: 'test', onConnect: adoptServer });
    await database.query('CREATE TABLE counters (id int PRIMARY KEY, value int NOT NULL)');
    eventLog = new EventLog({ database, service: 'dashboard', types: allEventTypes });
    commands = new Commands(database, eventLog, { now: () => now }, 10_000);
  });
  afterAll(async () => {
    await database.close();
    await home.drop();
  });

  const award = (raise: Raise, user_id: number) => raise(ExperienceAwarded, { user_id, experience_points: 5, source_type: 'manual', source_id: 0, reason: 'Test' });
  const eventsOf = async (userId: number): Promise<StoredEvent[]> => {
    const found: StoredEvent[] = [];
    for await (const event of eventLog.readAll()) if (event.key === String(userId)) found.push(event);
    return found;
  };

  it('commits state and events together and gives back what the work returned', async () => {
    const answer = await runInContext({ correlationId, traceparent }, () =>
      commands.execute({ keys: [1] }, async (tx, raise) => {
        await tx.query('INSERT INTO counters VALUES (1, 1)');
        return award(raise, 1);
      }),
    );
    const [event] = await eventsOf(1);
    expect(event).toMatchObject({ eventId: answer, correlationId, causationId: null, traceparent, timestamp: now, payload: { experience_points: 5 } });
    expect(answer[14]).toBe('7');
  });

  it('leaves neither state nor events when the work fails', async () => {
    const failing = commands.execute({ keys: [2] }, async (tx, raise) => {
      await tx.query('INSERT INTO counters VALUES (2, 1)');
      award(raise, 2);
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    expect(await eventsOf(2)).toEqual([]);
    expect((await database.query('SELECT FROM counters WHERE id = 2')).rowCount).toBe(0);
  });

  it('refuses an event of somebody whose key is not locked, and one that is not valid', async () => {
    await expect(commands.execute({ keys: [3] }, async (_tx, raise) => award(raise, 4))).rejects.toMatchObject({ code: 'KEY_NOT_LOCKED' });
    const wrong = commands.execute({ keys: [3] }, async (_tx, raise) =>
      raise(ExperienceAwarded, { user_id: 3, experience_points: 0, source_type: 'manual', source_id: 0, reason: 'Test' }),
    );
    await expect(wrong).rejects.toThrow('experience_points');
    expect(await eventsOf(3)).toEqual([]);
  });

  it('gives the events of one command outside of a request one correlation id', async () => {
    await commands.execute({ keys: [5] }, async (_tx, raise) => [award(raise, 5), award(raise, 5)]);
    const [first, second] = await eventsOf(5);
    expect(first?.correlationId).toMatch(/^[0-9a-f-]{36}$/);
    expect(second?.correlationId).toBe(first?.correlationId);
  });

  it('runs again after a deadlock, and its events are in the log once', async () => {
    await database.query('INSERT INTO counters VALUES (10, 0), (11, 0)');
    let runs = 0;
    let bothHoldOne: () => void = () => undefined;
    const eachHoldsOne = new Promise<void>((resolve) => (bothHoldOne = resolve));
    const touch = (user: number, first: number, second: number) =>
      commands.execute({ keys: [user] }, async (tx, raise) => {
        runs += 1;
        award(raise, user);
        await tx.query('UPDATE counters SET value = value + 1 WHERE id = $1', [first]);
        // Each waits for the other to hold what it wants next; the run after the deadlock is the third.
        if (runs === 2) bothHoldOne();
        await eachHoldsOne;
        await tx.query('UPDATE counters SET value = value + 1 WHERE id = $1', [second]);
      });
    await Promise.all([touch(6, 10, 11), touch(7, 11, 10)]);
    expect(runs).toBe(3);
    expect([(await eventsOf(6)).length, (await eventsOf(7)).length]).toEqual([1, 1]);
    expect((await database.query<{ value: number }>('SELECT value FROM counters WHERE id IN (10, 11)')).rows).toEqual([{ value: 2 }, { value: 2 }]);
  });
});
