import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventOf, openReactionBench, type ReactionBench } from '@lifeos/app-testing';
import { ExternalDataReceived, QuestCompleted } from '@lifeos/contracts';
import type { Database } from '@lifeos/postgres';
import { Commands, rememberTimeZones } from '@lifeos/service';
import { LifeStatsController } from '../life-stats/life-stats.controller.js';
import { coreStatsOf } from '../read-models/core-stats-view.js';
import { lifeStatsOf } from '../read-models/life-stats-view.js';
import { addMissingStats } from '../core-stats/stat-store.js';
import { BookExperienceWhenQuestCompleted } from '../reactions/book-experience-when-quest-completed.js';
import { TakeInDataWhenExternalDataReceived } from '../reactions/take-in-data-when-external-data-received.js';

let bench: ReactionBench;
let database: Database;
let person = 0;
beforeAll(async () => {
  bench = await openReactionBench(new URL('../../migrations/', import.meta.url));
  database = bench.database;
});
afterAll(() => bench.close());

const whenReceived = new TakeInDataWhenExternalDataReceived();
const syncedAt = new Date('2026-11-21T12:00:00Z');
type Points = [metric: string, value: number, time: string][];
const received = (user_id: number, points: Points, over: { integration_id?: number; sync_timestamp?: Date } = {}) =>
  eventOf(ExternalDataReceived, {
    user_id, integration_id: 1, data_type: 'workout', data_points_count: points.length, sync_timestamp: syncedAt, data_quality_score: 1,
    data_points: points.map(([metric, value, time]) => ({ metric, value, unit: 'x', recorded_at: new Date(`2026-11-${time}:00Z`) })), ...over,
  });
const workouts = (...times: string[]): Points => times.map((time) => ['workout.minutes', 30, time]);
const lifeOf = async (user: number) => (await lifeStatsOf(database, user)).life_stats;
const newcomer = async () => {
  await addMissingStats(database, [++person]);
  return person;
};
const told = (raised: readonly { type: { name: string }; payload: object; timestamp: Date }[]) => raised.map(({ type, payload, timestamp }) => [type.name, payload, timestamp] as const);

describe('S-15: external data', () => {
  it('is one E-6 for each stat and day, at the time of its last reading', async () => {
    const user = await newcomer();
    await rememberTimeZones(database, [{ userId: user, timeZone: 'Asia/Tokyo' }]);
    const cause = received(user, [['sleep.hours', 7, '20T14:00'], ['sleep.hours', 8, '20T15:00'], ['nutrition.score', 60, '21T10:00'], ['sleep.hours', 6, '20T13:00']]);
    const raised = await bench.handle(whenReceived, cause);
    const about = { user_id: user, category: 'health', source: 'integration', target: null };
    expect(told(raised)).toEqual([
      ['LifeStatUpdated', { ...about, subcategory: 'other', previous_value: 0, new_value: 7, unit: 'h' }, new Date('2026-11-20T14:00:00Z')],
      ['LifeStatUpdated', { ...about, subcategory: 'other', previous_value: 7, new_value: 8, unit: 'h' }, new Date('2026-11-20T15:00:00Z')],
      ['LifeStatUpdated', { ...about, subcategory: 'food_nutrients', previous_value: 0, new_value: 60, unit: 'points' }, new Date('2026-11-21T10:00:00Z')],
    ]);
    expect(raised.every(({ causationId }) => causationId === cause.eventId)).toBe(true);
    const { rows } = await database.query('SELECT old_value, new_value, reason FROM stat_history WHERE user_id = $1 ORDER BY history_id LIMIT 2', [user]);
    expect(rows).toEqual([{ old_value: '0', new_value: '7', reason: 'integration' }, { old_value: '7', new_value: '8', reason: 'integration' }]);
  });

  it('the last reading of a day wins, in whatever order and from whatever source they come', async () => {
    const readings: [number, Points][] = [[1, [['sleep.hours', 5, '21T05:00']]], [2, [['sleep.hours', 7, '21T07:00']]], [1, [['sleep.hours', 6, '21T06:00']]]];
    for (const order of [readings, readings.toReversed()]) {
      const user = await newcomer();
      for (const [integration_id, points] of order) await bench.handle(whenReceived, received(user, points, { integration_id }));
      expect((await lifeOf(user)).health.other).toMatchObject({ value: 7, updated_at: new Date('2026-11-21T07:00:00Z') });
    }
  });

  it('a workout raises strength and endurance by one, at most three a sync, however many events it comes in', async () => {
    const user = await newcomer();
    const raised = await bench.handle(whenReceived, received(user, workouts('21T06:00', '21T07:00')), received(user, workouts('21T08:00', '21T09:00')));
    const changes = told(raised).filter(([name]) => name === 'CoreStatUpdated').map(([, payload]) => payload);
    expect(changes).toMatchObject([
      { stat_name: 'strength', previous_value: 10, new_value: 12, source: 'integration' }, { stat_name: 'endurance', previous_value: 10, new_value: 12 },
      { stat_name: 'strength', previous_value: 12, new_value: 13 }, { stat_name: 'endurance', previous_value: 12, new_value: 13 },
    ]);
    await bench.handle(whenReceived, received(user, workouts('21T10:00')));
    await bench.handle(whenReceived, received(user, workouts('21T11:00'), { sync_timestamp: new Date('2026-11-21T13:00:00Z') }));
    await bench.handle(whenReceived, received(user, workouts('21T11:00'), { integration_id: 2 }));
    expect(await coreStatsOf(database, user)).toMatchObject({ core_stats: { strength: 15, endurance: 15, agility: 10 } });
    expect((await lifeOf(user)).health.physical).toMatchObject({ value: 210, unit: 'min' });
  });

  it('E-7: tells milestones that readings reach', async () => {
    const user = await newcomer();
    await bench.handle(whenReceived, received(user, workouts('20T06:00')));
    await database.query('UPDATE life_stats SET target = 120 WHERE user_id = $1', [user]);
    const raised = await bench.handle(whenReceived, received(user, workouts('21T06:00', '21T07:00')));
    const milestones = told(raised).filter(([name]) => name === 'StatMilestoneReached');
    expect(milestones.map(([, payload]) => payload)).toMatchObject([{ stat_name: 'health.physical', milestone_value: 50 }, { milestone_value: 75 }]);
    expect(milestones.map(([, , at]) => at.toISOString())).toEqual(['2026-11-21T07:00:00.000Z', '2026-11-21T07:00:00.000Z']);
  });

  it('1.0.0 without points, unknown metrics and values out of range change nothing', async () => {
    const user = await newcomer();
    const nothing = received(user, [['steps', 5, '21T06:00'], ['workout.minutes', 1441, '21T06:00'], ['sleep.hours', -1, '21T06:00']]);
    expect(await bench.handle(whenReceived, received(user, []), nothing)).toEqual([]);
  });
});

describe('S-17: entries by hand beside a source', () => {
  const entryAt = (time: string) => {
    const clock = { now: () => new Date(`2026-11-${time}:00Z`) };
    return new LifeStatsController(database, clock, new Commands(database, bench.eventLog, clock, 10_000));
  };
  const enterSleep = (user_id: number, value: number, time: string) => entryAt(time).set({ user_id }, { category: 'health', subcategory: 'other', value, notes: '' });

  it('always work; the value recorded last holds', async () => {
    const user = await newcomer();
    await bench.handle(whenReceived, received(user, [['sleep.hours', 8, '20T07:00']]));
    expect((await enterSleep(user, 6.5, '21T07:00')).life_stats.health.other).toMatchObject({ value: 6.5, unit: 'h', source: 'manual' });
    expect(await bench.handle(whenReceived, received(user, [['sleep.hours', 9, '21T06:59']]))).toEqual([]);
    expect((await lifeOf(user)).health.other).toMatchObject({ value: 6.5, source: 'manual' });
    await bench.handle(whenReceived, received(user, [['sleep.hours', 7, '22T07:00']]));
    expect((await lifeOf(user)).health.other).toMatchObject({ value: 7, source: 'integration' });
  });

  it('what a source adds counts also when it comes late', async () => {
    const user = await newcomer();
    await entryAt('21T12:00').set({ user_id: user }, { category: 'health', subcategory: 'physical', value: 100, target: 140, notes: '' });
    const raised = await bench.handle(whenReceived, received(user, workouts('21T06:00')));
    expect((await lifeOf(user)).health.physical).toMatchObject({ value: 130, target: 140, source: 'integration', progress: 92.86, distance: 10 });
    expect(told(raised)[0]).toMatchObject(['LifeStatUpdated', { previous_value: 100, new_value: 130, target: 140 }, new Date('2026-11-21T06:00:00Z')]);
  });
});

describe('S-16: a point already taken in', () => {
  it('is ignored, in the same event, batch, and later; another source, metric or time is another point', async () => {
    const user = await newcomer();
    const once = workouts('21T06:00');
    await bench.handle(whenReceived, received(user, [...once, ...once]), received(user, once));
    expect(await bench.handle(whenReceived, received(user, once))).toEqual([]);
    expect((await lifeOf(user)).health.physical).toMatchObject({ value: 30 });
    await bench.handle(whenReceived, received(user, once, { integration_id: 2 }), received(user, workouts('21T06:01')));
    expect((await lifeOf(user)).health.physical).toMatchObject({ value: 90 });
  });
});

it('topics commute: workouts and quests end in the same tables in any order', async () => {
  const [one, two] = [await newcomer(), await newcomer()];
  const whenQuestCompleted = new BookExperienceWhenQuestCompleted();
  const quest = (user_id: number) =>
    eventOf(QuestCompleted, { user_id, quest_id: 1, quest_type: 'weekly', experience_reward: 331, completion_timestamp: syncedAt, auto_completed: false });
  const steps = (user: number) => [
    () => bench.handle(whenReceived, received(user, workouts('21T06:00'))),
    () => bench.handle(whenQuestCompleted, quest(user)),
    () => bench.handle(whenReceived, received(user, workouts('21T07:00'), { integration_id: 2 })),
  ];
  for (const step of steps(one)) await step();
  for (const step of steps(two).toReversed()) await step();
  const tables = async (user: number) => ({ core: (await coreStatsOf(database, user))?.core_stats, life: await lifeOf(user) });
  expect(await tables(two)).toEqual(await tables(one));
  expect((await tables(one)).core).toMatchObject({ endurance: 15, strength: 12 });
});
