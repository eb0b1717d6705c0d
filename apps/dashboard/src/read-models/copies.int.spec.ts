import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  BadgeEarned, HabitChanged, HabitCompleted, HabitCreated, HabitStreakBroken, IntegrationConnected, IntegrationDisconnected,
  JournalEntryCreated, JournalEntryDeleted, JournalEntryUpdated, LifeStatUpdated, TitleUnlocked,
} from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventEnvelope } from '@lifeos/events';
import { eventOf, openReactionBench, type ReactionBench } from '@lifeos/app-testing';
import fc from 'fast-check';
import type { Habit } from './habit-due.js';
import { Habits, habits } from './habits.js';
import { badges, Honours, titles } from './honours.js';
import { Integrations, integrations, syncStatus, type IntegrationState } from './integrations.js';
import { JournalEntries, latestEntries } from './journal-entries.js';
import { lifeStatDays, LifeStats, lifeStats } from './life-stats.js';
import { listOf } from './rows.js';

const minute = (n: number) => new Date(Date.UTC(2026, 10, 21, 12, n));
let bench: ReactionBench;
let ids = 0;
beforeAll(async () => {
  bench = await openReactionBench(new URL('../../migrations/', import.meta.url));
});
afterAll(() => bench.close());

type Feed = () => Promise<unknown>;
const feed = <E extends EventEnvelope>(handle: (events: readonly E[], context: HandlerContext) => Promise<void>, ...events: E[]) => bench.handle({ handle }, ...events);
async function inOrder(feeds: readonly Feed[]) {
  for (const next of feeds) await next();
}

describe('D-7: habits', () => {
  const model = new Habits();
  const created = (user_id: number, habit_id: number) => eventOf(HabitCreated, { user_id, habit_id, name: 'Read', frequency: 'daily', experience_reward: 10 }, minute(0));
  const changed = (user_id: number, habit_id: number, over: object = {}) => eventOf(HabitChanged, { user_id, habit_id, name: 'Read more', frequency: 'weekly', deleted: false, ...over }, minute(5));
  const done = (user_id: number, habit_id: number, completion_date: string, streak_count: number) =>
    eventOf(HabitCompleted, { user_id, habit_id, completion_date, streak_count, experience_reward: 10, habit_name: 'Read', frequency: 'daily' }, minute(1));
  const broken = (user_id: number, habit_id: number, broken_date: string) => eventOf(HabitStreakBroken, { user_id, habit_id, previous_streak: 2, broken_date, habit_name: 'Read' }, minute(2));

  it('are listed with their last completion and streak, longest not done first', async () => {
    const [user, a, b] = [++ids, ++ids, ++ids];
    await feed(model.created.bind(model), created(user, a), created(user, b));
    await feed(model.completed.bind(model), done(user, a, '2026-11-20', 1), done(user, a, '2026-11-21', 2));
    expect(await listOf<Habit>(bench.database, habits, user)).toEqual([
      { habit_id: b, name: 'Read', frequency: 'daily', last_completed_on: null, current_streak: 0 },
      { habit_id: a, name: 'Read', frequency: 'daily', last_completed_on: '2026-11-21', current_streak: 2 },
    ]);
  });

  it('lose the streak when it broke after the last completion, and not by an older break', async () => {
    const [user, a] = [++ids, ++ids];
    const streak = async () => (await listOf<Habit>(bench.database, habits, user))[0]?.current_streak;
    await feed(model.completed.bind(model), done(user, a, '2026-11-20', 3));
    await feed(model.broken.bind(model), broken(user, a, '2026-11-19'));
    expect(await streak()).toBe(3);
    await feed(model.broken.bind(model), broken(user, a, '2026-11-21'));
    expect(await streak()).toBe(0);
    await feed(model.completed.bind(model), done(user, a, '2026-11-23', 1));
    expect(await streak()).toBe(1);
  });

  it('come to the same in every order of events, repeated or not', async () => {
    const facts = (user: number, habit: number): Feed[] => [
      () => feed(model.created.bind(model), created(user, habit)),
      () => feed(model.changed.bind(model), changed(user, habit)),
      () => feed(model.completed.bind(model), done(user, habit, '2026-11-20', 1), done(user, habit, '2026-11-21', 2)),
      () => feed(model.broken.bind(model), broken(user, habit, '2026-11-24')),
    ];
    const order = fc.shuffledSubarray([0, 1, 2, 3, 0, 1, 2, 3], { minLength: 8 });
    await fc.assert(
      fc.asyncProperty(order, async (places) => {
        const [user, habit] = [++ids, ++ids];
        const feeds = facts(user, habit);
        await inOrder(places.flatMap((place) => feeds[place] ?? []));
        const expected = { habit_id: habit, name: 'Read more', frequency: 'weekly', last_completed_on: '2026-11-21', current_streak: 0 };
        expect(await listOf(bench.database, habits, user)).toEqual([expected]);
      }),
      { numRuns: 8 },
    );
  });

  it('X-E-6: stay deleted, also when the creation comes later', async () => {
    const [user, a] = [++ids, ++ids];
    await feed(model.changed.bind(model), changed(user, a, { deleted: true }));
    await feed(model.created.bind(model), created(user, a));
    await feed(model.completed.bind(model), done(user, a, '2026-11-21', 1));
    expect(await listOf(bench.database, habits, user)).toEqual([]);
  });
});

describe('D-7: journal entries', () => {
  const model = new JournalEntries();
  const created = (user_id: number, entry_id: number, at = minute(0)) => eventOf(JournalEntryCreated, { user_id, entry_id, entry_type: 'daily', title: `Entry ${entry_id}`, word_count: 3, mood_rating: 7, tags: ['a'] }, at);
  const updated = (user_id: number, entry_id: number, updated_fields: Record<string, unknown>) => eventOf(JournalEntryUpdated, { user_id, entry_id, updated_fields, update_timestamp: minute(9) });
  const deleted = (user_id: number, entry_id: number) => eventOf(JournalEntryDeleted, { user_id, entry_id });

  it('are the last five that stand', async () => {
    const user = ++ids;
    const entries = Array.from({ length: 7 }, () => ++ids);
    await feed(model.created.bind(model), ...entries.map((id, i) => created(user, id, minute(i))));
    await feed(model.deleted.bind(model), deleted(user, entries[6] ?? 0));
    expect((await listOf<{ entry_id: number }>(bench.database, latestEntries, user)).map(({ entry_id }) => entry_id)).toEqual(entries.slice(1, 6).reverse());
  });

  it('E-25, X-E-7: come to the same whether changes are heard before or after the creation', async () => {
    const [user, a, b, gone] = [++ids, ++ids, ++ids, ++ids];
    await feed(model.created.bind(model), created(user, a));
    for (const id of [a, b]) await feed(model.updated.bind(model), updated(user, id, { title: 'Old', content: true }), updated(user, id, { title: 'New', mood: null }));
    await feed(model.deleted.bind(model), deleted(user, gone));
    await feed(model.created.bind(model), created(user, b), created(user, gone));
    const shown = { entry_type: 'daily', title: 'New', mood: null, tags: ['a'], created_at: '2026-11-21T12:00:00.000Z' };
    expect(await listOf(bench.database, latestEntries, user)).toEqual([{ entry_id: b, ...shown }, { entry_id: a, ...shown }]);
  });
});

describe('E-21, E-22: the gallery', () => {
  it('has each title and badge once', async () => {
    const user = ++ids;
    const model = new Honours();
    const title = eventOf(TitleUnlocked, { user_id: user, title_id: 1, title_name: 'Beginner', unlock_conditions: {}, unlock_timestamp: minute(0) });
    await feed(model.title.bind(model), title, title);
    await feed(model.badge.bind(model), eventOf(BadgeEarned, { user_id: user, badge_id: 1, badge_name: 'Early Bird', badge_category: 'habits', earned_timestamp: minute(1) }));
    expect(await listOf(bench.database, titles, user)).toEqual([{ id: 1, name: 'Beginner', category: null, earned_at: '2026-11-21T12:00:00.000Z' }]);
    expect(await listOf(bench.database, badges, user)).toEqual([{ id: 1, name: 'Early Bird', category: 'habits', earned_at: '2026-11-21T12:01:00.000Z' }]);
  });
});

describe('D-7: connections', () => {
  const model = new Integrations();
  const connected = (user_id: number, integration_id: number) => eventOf(IntegrationConnected, { user_id, integration_id, service_name: 'strava', integration_type: 'health', connection_timestamp: minute(0) });
  const disconnected = (user_id: number, integration_id: number) =>
    eventOf(IntegrationDisconnected, { user_id, integration_id, service_name: 'strava', disconnection_reason: 'user_request', disconnection_timestamp: minute(5) });

  it('E-29, E-30: are connected until told otherwise, in whatever order', async () => {
    const [user, a, b] = [++ids, ++ids, ++ids];
    await feed(model.disconnected.bind(model), disconnected(user, b));
    await feed(model.connected.bind(model), connected(user, a), connected(user, b));
    const [first, second] = await listOf<IntegrationState>(bench.database, integrations, user);
    expect(first).toMatchObject({ integration_id: a, service_name: 'strava', integration_type: 'health', connected: true, last_sync_at: null });
    expect(second).toMatchObject({ integration_id: b, integration_type: 'health', connected: false, disconnection_reason: 'user_request' });
    expect([first, second].map((state) => state && syncStatus(state))).toEqual(['waiting', 'disconnected']);
  });

  it.each([
    [{ last_sync_at: '2026-11-21T12:00:00.000Z', last_failure_at: null }, 'synced'],
    [{ last_sync_at: null, last_failure_at: '2026-11-21T12:00:00.000Z' }, 'failing'],
    [{ last_sync_at: '2026-11-21T12:00:00.000Z', last_failure_at: '2026-11-21T12:00:00.001Z' }, 'failing'],
    [{ last_sync_at: '2026-11-21T12:00:00.001Z', last_failure_at: '2026-11-21T12:00:00.000Z' }, 'synced'],
  ])('go by the newer of success and failure: %j', (times, status) => {
    expect(syncStatus({ connected: true, ...times } as IntegrationState)).toBe(status);
  });
});

describe('D-8: life stats', () => {
  it('stand at the newest value, with the last of each day', async () => {
    const user = ++ids;
    const model = new LifeStats();
    const set = (new_value: number, at: Date, target: number | null = 100) =>
      eventOf(LifeStatUpdated, { user_id: user, category: 'health', subcategory: 'physical', previous_value: 0, new_value, unit: 'min', source: 'manual', target }, at);
    const before = new Date('2026-11-20T08:00:00Z');
    await feed(model.updated.bind(model), set(10, before), set(12.5, before), set(20, minute(0)));
    await feed(model.updated.bind(model), set(30, minute(1), null));
    const stat = { category: 'health', subcategory: 'physical', value: 30, target: null, unit: 'min', source: 'manual', updated_at: '2026-11-21T12:01:00.000Z' };
    expect(await listOf(bench.database, lifeStats, user)).toEqual([stat]);
    expect(await listOf(bench.database, lifeStatDays, user, 'health', '2026-11-20')).toEqual([
      { subcategory: 'physical', day: '2026-11-20', value: 12.5 },
      { subcategory: 'physical', day: '2026-11-21', value: 30 },
    ]);
    expect(await listOf(bench.database, lifeStatDays, user, 'health', '2026-11-21')).toHaveLength(1);
  });
});
