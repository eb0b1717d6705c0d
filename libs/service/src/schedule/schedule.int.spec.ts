import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Writable } from 'node:stream';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { allEventTypes, LevelUp } from '@lifeos/contracts';
import { adoptServer, EventLog, eventLogMigrations } from '@lifeos/event-log';
import { derivedEventId } from '@lifeos/events';
import { type Database, migrate, openDatabase } from '@lifeos/postgres';
import { createTestDatabase, type TestDatabase } from '@lifeos/testing';
import { runInContext } from '../context/request-context.js';
import { createLogger } from '../logging/logger.js';
import { MovableClock } from '../movable-clock.js';
import type { DailyJob, JobContext, PeoplePage } from './daily-job.js';
import { Schedule } from './schedule.js';

let home: TestDatabase;
let database: Database;
let eventLog: EventLog;
const log: string[] = [];
const logger = createLogger('test', 'info', new Writable({ write: (chunk, _encoding, done) => (log.push(String(chunk)), done()) }));
const clock = new MovableClock();
const schedules: Schedule[] = [];

/** Counts, for each person and day, how often it was run. */
class CountingJob implements DailyJob {
  failAt: number | null = null;
  constructor(readonly name: string, readonly people: number, readonly hoursAfterDay = 12) {}

  peopleAfter(_db: unknown, { after, limit }: PeoplePage): Promise<number[]> {
    const all = Array.from({ length: this.people }, (_, index) => index + 1);
    return Promise.resolve(all.filter((id) => id > after).slice(0, limit));
  }

  async run({ tx, day, raise }: JobContext, userIds: readonly number[]): Promise<void> {
    await tx.query('INSERT INTO visits SELECT $1, $2, unnest($3::bigint[])', [this.name, day, userIds]);
    for (const user_id of userIds) {
      if (user_id === this.failAt) throw new Error('The job fails here.');
      raise(LevelUp, { user_id, previous_level: 1, new_level: 2, total_experience: 1000 });
    }
  }
}

const scheduleOf = (...jobs: DailyJob[]): Schedule => {
  const schedule = new Schedule({ service: 'dashboard', database, eventLog, clock, logger, tickMs: 50 });
  schedule.declare(jobs);
  schedules.push(schedule);
  return schedule;
};
const visits = async (job: string): Promise<Record<string, number>> => {
  const { rows } = await database.query<{ day: string; count: string }>('SELECT day, count(*) FROM visits WHERE job = $1 GROUP BY day ORDER BY day', [job]);
  return Object.fromEntries(rows.map(({ day, count }) => [day, Number(count)]));
};

beforeAll(async () => {
  home = await createTestDatabase();
  await migrate({ url: home.url, sets: [eventLogMigrations, { dir: fileURLToPath(new URL('../../migrations', import.meta.url)), table: 'schedule_migrations' }] });
  database = openDatabase({ url: home.url, applicationName: 'schedule-test', max: 8, onConnect: adoptServer });
  eventLog = new EventLog({ database, service: 'dashboard', types: allEventTypes });
  await database.query('CREATE TABLE visits (job text, day text, user_id bigint)');
});
afterEach(async () => {
  await Promise.all(schedules.splice(0).map((schedule) => schedule.stop()));
});
afterAll(async () => {
  await database.close();
  await home.drop();
});

describe('daily jobs', () => {
  it('run a day once, all its people, in batches', async () => {
    clock.set(new Date('2026-11-21T12:00:00Z'));
    const job = new CountingJob('count-once', 250);
    const schedule = scheduleOf(job);
    await schedule.runDue();
    await schedule.runDue();
    expect(await visits(job.name)).toEqual({ '2026-11-20': 250 });
    expect((await schedule.states())[0]).toEqual({ name: job.name, finished: '2026-11-20', newest_due: '2026-11-20' });
  });

  it('run once across several instances', async () => {
    clock.set(new Date('2026-11-21T13:00:00Z'));
    const jobs = Array.from({ length: 4 }, () => new CountingJob('count-together', 320));
    await Promise.all(jobs.map((job) => scheduleOf(job).runDue()));
    expect(await visits('count-together')).toEqual({ '2026-11-20': 320 });
  });

  it('make up for days missed during downtime, oldest first, over the end of a month', async () => {
    const job = new CountingJob('count-missed', 3);
    clock.set(new Date('2028-02-27T12:00:00Z'));
    await scheduleOf(job).runDue();
    clock.set(new Date('2028-03-02T12:00:00Z'));
    await scheduleOf(job).runDue();
    expect(await visits(job.name)).toEqual({ '2028-02-26': 3, '2028-02-27': 3, '2028-02-28': 3, '2028-02-29': 3, '2028-03-01': 3 });
  });

  it('go on where they failed, do no batch twice, and let other jobs run', async () => {
    clock.set(new Date('2026-11-21T12:00:00Z'));
    const failing = new CountingJob('count-failing', 150);
    const other = new CountingJob('count-beside', 1);
    failing.failAt = 120;
    const schedule = scheduleOf(failing, other);
    await schedule.runDue();
    expect(await visits(failing.name)).toEqual({ '2026-11-20': 100 });
    expect(await visits(other.name)).toEqual({ '2026-11-20': 1 });
    expect(log.join('')).toContain('"job":"count-failing"');
    failing.failAt = null;
    await schedule.runDue();
    expect(await visits(failing.name)).toEqual({ '2026-11-20': 150 });
  });

  it('raise events whose ids follow from job and day: a second run adds none', async () => {
    clock.set(new Date('2026-11-21T12:00:00Z'));
    const job = new CountingJob('count-ids', 2);
    const schedule = scheduleOf(job);
    await schedule.runDue();
    const before = await eventLog.count();
    expect(await schedule.runNow(job.name, '2026-11-20')).toBe(2);
    expect(await eventLog.count()).toBe(before);
    const eventId = derivedEventId({ context: 'dashboard', eventName: 'LevelUp', userId: 2, fact: 'count-ids 2026-11-20' });
    const { rowCount } = await database.query('SELECT FROM event_log WHERE event_id = $1', [eventId]);
    expect(rowCount).toBe(1);
  });

  it('let what they raise be found by the request that ran them, and by no request when they ran by themselves', async () => {
    clock.set(new Date('2026-11-21T12:00:00Z'));
    const job = new CountingJob('count-found', 1);
    const schedule = scheduleOf(job);
    const correlationId = randomUUID();
    const correlationOf = async (day: string): Promise<string | undefined> => {
      const eventId = derivedEventId({ context: 'dashboard', eventName: 'LevelUp', userId: 1, fact: `count-found ${day}` });
      const { rows } = await database.query<{ correlation_id: string }>('SELECT correlation_id FROM event_log WHERE event_id = $1', [eventId]);
      return rows[0]?.correlation_id;
    };
    await runInContext({ correlationId, traceparent: null }, async () => {
      await schedule.runNow(job.name, '2026-11-19');
      await schedule.runDue();
    });
    expect(await correlationOf('2026-11-19')).toBe(correlationId);
    expect(await correlationOf('2026-11-20')).toMatch(/^[0-9a-f-]{36}$/);
    expect(await correlationOf('2026-11-20')).not.toBe(correlationId);
  });

  it('run by command for a given day, which leaves the schedule as it is; unknown jobs and days not over are refused', async () => {
    clock.set(new Date('2026-11-21T11:00:00Z'));
    const job = new CountingJob('count-command', 120);
    const schedule = scheduleOf(job);
    expect(await schedule.runNow(job.name, '2026-11-20')).toBe(120);
    expect((await schedule.states())[0]).toMatchObject({ finished: null });
    await expect(schedule.runNow(job.name, '2026-11-21')).rejects.toMatchObject({ kind: 'invalid' });
    await expect(schedule.runNow('nobody', '2026-11-20')).rejects.toMatchObject({ kind: 'not_found' });
    clock.set(new Date('2026-11-21T12:00:00Z'));
    await schedule.runDue();
    expect(await visits(job.name)).toEqual({ '2026-11-20': 240 });
  });

  it('run by themselves once started, and when woken after the clock was moved; none begins after the stop', async () => {
    clock.set(new Date('2026-11-21T12:00:00Z'));
    const job = new CountingJob('count-alone', 1);
    const schedule = scheduleOf(job);
    schedule.start();
    await until(async () => '2026-11-20' in (await visits(job.name)));
    clock.set(new Date('2026-11-22T12:00:00Z'));
    schedule.wake();
    await until(async () => '2026-11-21' in (await visits(job.name)));
    await schedule.stop();
    clock.set(new Date('2026-11-23T12:00:00Z'));
    schedule.wake();
    await schedule.runDue();
    expect(Object.keys(await visits(job.name))).toEqual(['2026-11-20', '2026-11-21']);
  });

  it('refuse two of one name', () => {
    expect(() => scheduleOf(new CountingJob('same', 1), new CountingJob('same', 1))).toThrow('Two jobs are named same.');
  });
});

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 10));
}
