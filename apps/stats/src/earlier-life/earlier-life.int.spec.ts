import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventOf, openReactionBench, type ReactionBench } from '@lifeos/app-testing';
import { CoreStatUpdated, ExternalDataReceived, HabitCompleted, LifeStatUpdated, QuestCompleted, UserRegistered } from '@lifeos/contracts';
import { Commands } from '@lifeos/service';
import { CoreStatsController } from '../core-stats/core-stats.controller.js';
import { LifeStatsController } from '../life-stats/life-stats.controller.js';
import { entryBody } from '../life-stats/requests.js';
import { BookExperienceWhenHabitCompleted } from '../reactions/book-experience-when-habit-completed.js';
import { BookExperienceWhenQuestCompleted } from '../reactions/book-experience-when-quest-completed.js';
import { GiveCoreStatsWhenUserRegistered } from '../reactions/give-core-stats-when-user-registered.js';
import { RestorePersonWhenOwnEventReturns } from '../reactions/restore-person-when-own-event-returns.js';
import { TakeInDataWhenExternalDataReceived } from '../reactions/take-in-data-when-external-data-received.js';
import type { LifeStatName } from '../life-stats/life-stats.js';

const migrations = new URL('../../migrations/', import.meta.url);
let first: ReactionBench;
let second: ReactionBench;
beforeAll(async () => {
  [first, second] = [await openReactionBench(migrations), await openReactionBench(migrations)];
});
afterAll(() => Promise.all([first.close(), second.close()]));

let minute = 0;
const clock = { now: () => new Date(Date.UTC(2026, 10, 22, 12, minute++)) };
const commands = (bench: ReactionBench) => {
  const run = new Commands(bench.database, bench.eventLog, clock, 10_000);
  const [core, life] = [new CoreStatsController(bench.database, clock, run), new LifeStatsController(bench.database, clock, run)];
  return {
    core: (user_id: number, stat_name: 'endurance' | 'strength', value: number) => core.set({ user_id }, { stat_name, value }),
    life: (user_id: number, name: LifeStatName, value: number, target?: number) => {
      const [category, subcategory] = name.split('.');
      return life.set({ user_id }, entryBody.parse({ category, subcategory, value, target }));
    },
  };
};

const at = new Date('2026-11-21T12:00:00Z');
const quest = (user_id: number, experience_reward: number) =>
  eventOf(QuestCompleted, { user_id, quest_id: 1, quest_type: 'weekly', experience_reward, completion_timestamp: at, auto_completed: false });
const habit = (user_id: number, experience_reward: number) => eventOf(HabitCompleted, { user_id, habit_id: 1, completion_date: '2026-11-21', streak_count: 1, experience_reward });
const registered = (user_id: number) => eventOf(UserRegistered, { user_id, email: 'a@b.example', registration_timestamp: at });
const data = (user_id: number, hour: number, metric = 'workout.minutes', value = 30) =>
  eventOf(ExternalDataReceived, {
    user_id, integration_id: 1, data_type: 'workout', data_points_count: 1, sync_timestamp: at, data_quality_score: 1,
    data_points: [{ metric, value, unit: 'x', recorded_at: new Date(Date.UTC(2026, 10, 21, hour)) }],
  });

const whenQuest = new BookExperienceWhenQuestCompleted();
const whenHabit = new BookExperienceWhenHabitCompleted();
const whenData = new TakeInDataWhenExternalDataReceived();
const whenRegistered = new GiveCoreStatsWhenUserRegistered();
const whenOwn = new RestorePersonWhenOwnEventReturns();

const tables = async ({ database }: ReactionBench, user: number) => {
  const rowsOf = async (sql: string) => (await database.query(sql, [user])).rows;
  return {
    core: await rowsOf('SELECT stat_name, value, experience FROM core_stats WHERE user_id = $1 ORDER BY stat_name'),
    life: await rowsOf('SELECT * FROM life_stats WHERE user_id = $1 ORDER BY stat_name'),
    milestones: await rowsOf('SELECT * FROM milestones WHERE user_id = $1 ORDER BY stat_name, milestone_value'),
    points: await rowsOf('SELECT * FROM external_points WHERE user_id = $1 ORDER BY metric, recorded_at'),
    syncs: await rowsOf('SELECT * FROM external_syncs WHERE user_id = $1'),
    history: await rowsOf('SELECT stat_type, stat_name, old_value, new_value, reason, recorded_at FROM stat_history WHERE user_id = $1 ORDER BY recorded_at, stat_name, old_value, new_value'),
  };
};

/** As the platform does it from the own topic before any handler runs. */
async function putBack(user: number): Promise<void> {
  const { rows } = await first.database.query<Record<string, unknown>>('SELECT * FROM event_log WHERE key = $1 ORDER BY epoch, xid, seq', [String(user)]);
  for (const row of rows) {
    await second.database.query(
      `INSERT INTO event_log (epoch, xid, event_id, topic, key, type, version, occurred_at, payload) VALUES (0, '0', $1, $2, $3, $4, $5, $6, $7)`,
      [row['event_id'], row['topic'], row['key'], row['type'], row['version'], row['occurred_at'], row['payload']],
    );
  }
}

const newEvents = async (user: number) => (await second.database.query('SELECT FROM event_log WHERE epoch > 0 AND key = $1', [String(user)])).rowCount;

/** A life with every kind of change, and the events of other services that led to it, topic by topic. */
async function live(user: number) {
  const by = commands(first);
  const quests = [quest(user, 100), quest(user, 231), quest(user, 500)];
  const habits = [habit(user, 90), habit(user, 300)];
  const readings = [data(user, 6), data(user, 8, 'sleep.hours', 8), data(user, 5, 'sleep.hours', 3), data(user, 9), data(user, 10), data(user, 11), data(user, 20, 'investment.value', 900)];
  const steps = [
    () => first.handle(whenRegistered, registered(user)),
    () => first.handle(whenQuest, ...quests.slice(0, 1)),
    () => by.core(user, 'endurance', 41),
    () => first.handle(whenHabit, ...habits.slice(0, 1)),
    () => first.handle(whenData, ...readings.slice(0, 3)),
    () => by.life(user, 'health.physical', 50, 200),
    () => first.handle(whenQuest, ...quests.slice(1)),
    () => by.core(user, 'endurance', 15),
    () => first.handle(whenData, ...readings.slice(3)),
    () => by.life(user, 'relationships.family', 5),
    () => first.handle(whenHabit, ...habits.slice(1)),
  ];
  for (const step of steps) await step();
  const replay = [
    () => second.handle(whenRegistered, registered(user)),
    ...quests.map((event) => () => second.handle(whenQuest, event)),
    ...readings.map((event) => () => second.handle(whenData, event)),
    () => second.handle(whenHabit, ...habits),
  ];
  return { replay };
}

describe('a service rebuilt with an empty database', () => {
  it.each([
    ['quests first', 1, (steps: (() => Promise<unknown>)[]) => steps],
    ['habits first', 2, (steps: (() => Promise<unknown>)[]) => [...steps.slice(-1), ...steps.slice(0, -1)]],
  ])('has the same tables and publishes nothing again, %s', async (_order, user, order) => {
    const { replay } = await live(user);
    await putBack(user);
    for (const step of order(replay)) await step();
    await second.handle(whenOwn, eventOf(CoreStatUpdated, { user_id: user, stat_name: 'wisdom', previous_value: 1, new_value: 2, source: 'manual' }));
    expect(await tables(second, user)).toEqual(await tables(first, user));
    expect(await newEvents(user)).toBe(0);
  });

  it('goes on from there', async () => {
    const user = 101;
    const { replay } = await live(user);
    await putBack(user);
    for (const step of replay) await step();
    const next = quest(user, 1000);
    const inFirst = (await first.handle(whenQuest, next)).map(({ eventId, payload }) => ({ eventId, payload }));
    expect((await second.handle(whenQuest, next)).map(({ eventId, payload }) => ({ eventId, payload }))).toEqual(inFirst);
    expect(inFirst.length).toBeGreaterThan(0);
  });

  it('own events alone bring back what commands told', async () => {
    const user = 102;
    await commands(first).life(user, 'health.physical', 50, 200);
    await putBack(user);
    const own = eventOf(LifeStatUpdated, { user_id: user, category: 'health', subcategory: 'physical', previous_value: 0, new_value: 50, unit: '', source: 'manual', target: 200 });
    await second.handle(whenOwn, own, own);
    await second.handle(whenOwn, own);
    expect(await tables(second, user)).toEqual(await tables(first, user));
  });

  it('keeps what a command changed before the earlier life was back', async () => {
    const user = 103;
    await commands(first).core(user, 'strength', 30);
    await commands(first).core(user, 'endurance', 30);
    await commands(first).life(user, 'health.physical', 50, 200);
    await commands(second).core(user, 'strength', 77);
    await commands(second).life(user, 'health.physical', 5);
    await putBack(user);
    await second.handle(whenQuest, quest(user, 1));
    const { core, life } = await tables(second, user);
    expect(life).toMatchObject([{ stat_name: 'health.physical', value: '5.0000' }]);
    expect(core).toEqual(expect.arrayContaining([{ stat_name: 'endurance', value: 30, experience: '1' }, { stat_name: 'strength', value: 77, experience: '0' }]));
  });
});
