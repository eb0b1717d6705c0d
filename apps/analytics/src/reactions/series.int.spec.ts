import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type BatchReaction, eventOf, openReactionBench, type ReactionBench } from '@lifeos/app-testing';
import { CoreStatUpdated, ExternalDataReceived, HabitChanged, HabitCompleted, HabitCreated, JournalEntryCreated, LifeStatUpdated, QuestCompleted, QuestCreated, UserRegistered } from '@lifeos/contracts';
import type { EventEnvelope } from '@lifeos/events';
import { storedConsents } from '@lifeos/service';
import fc from 'fast-check';
import { daysAfter } from '../series/days.js';
import { CountHabitWhenHabitCompleted } from './count-habit-when-habit-completed.js';
import { CountQuestWhenQuestCompleted } from './count-quest-when-quest-completed.js';
import { CountQuestWhenQuestCreated } from './count-quest-when-quest-created.js';
import { EvaluateBalanceWhenLifeStatUpdated } from './evaluate-balance-when-life-stat-updated.js';
import { KeepHabitWhenHabitChanged } from './keep-habit-when-habit-changed.js';
import { KeepHabitWhenHabitCreated } from './keep-habit-when-habit-created.js';
import { KeepSeriesWhenCoreStatUpdated } from './keep-series-when-core-stat-updated.js';
import { KeepSeriesWhenExternalDataReceived } from './keep-series-when-external-data-received.js';
import { KeepSeriesWhenJournalEntryCreated } from './keep-series-when-journal-entry-created.js';
import { OpenProfileWhenUserRegistered } from './open-profile-when-user-registered.js';

let bench: ReactionBench;
beforeAll(async () => {
  bench = await openReactionBench(new URL('../../migrations/', import.meta.url));
  await bench.database.query(`INSERT INTO consents (user_id, revision, purposes, overrides, changed_at) SELECT n, 1, '{"analytics": "granted"}', '{}', now() FROM generate_series(1, 100) AS n`);
});
afterAll(() => bench.close());

const at = (index: number) => new Date(`${daysAfter('2026-11-01', index)}T12:00:00Z`);

/** What happened to one person, topic by topic: order within a topic is kept, between topics none is promised. */
const topics = (user_id: number): EventEnvelope[][] => [
  [eventOf(UserRegistered, { user_id, email: 'a@b.example', registration_timestamp: at(0) })],
  [
    eventOf(HabitCreated, { user_id, habit_id: 1, name: 'Run', frequency: 'weekly', experience_reward: 1 }),
    eventOf(HabitCompleted, { user_id, habit_id: 1, completion_date: '2026-11-02', streak_count: 1, experience_reward: 1, frequency: 'weekly' }, at(1)),
    eventOf(HabitCompleted, { user_id, habit_id: 1, completion_date: '2026-11-02', streak_count: 2, experience_reward: 1, frequency: 'weekly' }, at(2)),
    eventOf(HabitChanged, { user_id, habit_id: 1, name: 'Run', frequency: 'monthly', deleted: false }, at(3)),
    eventOf(QuestCreated, { user_id, quest_id: 1, quest_type: 'side', title: 'Run', difficulty: 'easy', experience_reward: 1 }, at(3)),
    eventOf(QuestCompleted, { user_id, quest_id: 1, quest_type: 'side', experience_reward: 1, completion_timestamp: at(4), auto_completed: false }, at(4)),
  ],
  [
    eventOf(CoreStatUpdated, { user_id, stat_name: 'wisdom', previous_value: 10, new_value: 11, source: 'manual' }, at(1)),
    eventOf(CoreStatUpdated, { user_id, stat_name: 'wisdom', previous_value: 11, new_value: 12, source: 'manual' }, at(1)),
    ...[80, 60, 90].map((new_value, index) =>
      eventOf(LifeStatUpdated, { user_id, category: 'health', subcategory: 'physical', previous_value: 0, new_value, unit: '', source: 'manual', target: 100 }, at(index * 5))),
  ],
  [
    eventOf(JournalEntryCreated, { user_id, entry_id: 1, entry_type: 'daily', title: 'One', word_count: 10, mood_rating: 4, tags: [] }, at(1)),
    eventOf(JournalEntryCreated, { user_id, entry_id: 2, entry_type: 'daily', title: 'Two', word_count: 5, mood_rating: 7, tags: [] }, at(1)),
    eventOf(JournalEntryCreated, { user_id, entry_id: 3, entry_type: 'daily', title: 'Three', word_count: 1, mood_rating: null, tags: [] }, at(2)),
  ],
  [
    ...[1, 1, 2].map((day, index) =>
      eventOf(ExternalDataReceived, { user_id, integration_id: 1, data_type: 'sleep', data_points_count: 3 + index, sync_timestamp: at(day), data_quality_score: 1 }, at(day))),
  ],
];

const reactions: ReadonlyMap<string, BatchReaction<never>> = new Map<string, BatchReaction<never>>([
  ['UserRegistered', new OpenProfileWhenUserRegistered()],
  ['HabitCreated', new KeepHabitWhenHabitCreated()],
  ['HabitCompleted', new CountHabitWhenHabitCompleted()],
  ['HabitChanged', new KeepHabitWhenHabitChanged()],
  ['QuestCreated', new CountQuestWhenQuestCreated()],
  ['QuestCompleted', new CountQuestWhenQuestCompleted()],
  ['CoreStatUpdated', new KeepSeriesWhenCoreStatUpdated()],
  ['LifeStatUpdated', new EvaluateBalanceWhenLifeStatUpdated(storedConsents)],
  ['JournalEntryCreated', new KeepSeriesWhenJournalEntryCreated()],
  ['ExternalDataReceived', new KeepSeriesWhenExternalDataReceived()],
]);

/** Hands the topics on in pieces: which topic goes next is chosen by the numbers. */
async function play(user: number, choices: readonly number[]): Promise<void> {
  const waiting = topics(user);
  for (let turn = 0; waiting.some((topic) => topic.length > 0); turn += 1) {
    const open = waiting.filter((topic) => topic.length > 0);
    const event = open[(choices[turn % choices.length] ?? 0) % open.length]?.shift();
    const reaction = event && reactions.get(event.type.name);
    if (!event || !reaction) throw new Error('No reaction.');
    await bench.handle(reaction, event as never);
  }
}

const tables = ['profiles', 'life_stats', 'balances', 'announced_balances', 'balance_history', 'daily_series', 'quest_days', 'habits', 'habit_days'];
async function stateOf(user: number): Promise<unknown> {
  const rows = tables.map(async (table) => (await bench.database.query(`SELECT to_jsonb(t) - 'user_id' AS row FROM ${table} t WHERE user_id = $1 ORDER BY t::text`, [user])).rows);
  return Object.fromEntries((await Promise.all(rows)).map((found, index) => [tables[index], found]));
}

it('AN-6: keeps the series that a finding can name, a number a day', async () => {
  await play(1, [0]);
  const { rows } = await bench.database.query('SELECT series, day::text, value / readings AS value FROM daily_series WHERE user_id = 1 ORDER BY series, day');
  expect(rows.map((row) => Object.values(row).join(' '))).toEqual([
    'balance 2026-11-01 0.6', 'balance 2026-11-06 0.5333', 'balance 2026-11-11 0.6333',
    'data.sleep 2026-11-02 7', 'data.sleep 2026-11-03 5',
    'habit_completions 2026-11-02 2',
    'health.physical 2026-11-01 80', 'health.physical 2026-11-06 60', 'health.physical 2026-11-11 90',
    'mood 2026-11-02 5.5',
    'quest_completions 2026-11-05 1',
    'wisdom 2026-11-02 12',
    'words 2026-11-02 15', 'words 2026-11-03 1',
  ]);
});

it('ends with the same tables in whatever order topics come', async () => {
  const expected = await stateOf(1);
  let user = 1;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(4), { minLength: 1, maxLength: 18 }), async (choices) => {
      user += 1;
      await play(user, choices);
      expect(await stateOf(user)).toEqual(expected);
    }),
    { numRuns: 5 },
  );
});

it('AN-4: a habit that was deleted in the batch of its creation stays deleted, whichever handler of the batch comes first', async () => {
  const user_id = 901;
  const habit = { user_id, habit_id: 901, name: 'Run', frequency: 'daily' } as const;
  await bench.handle(new KeepHabitWhenHabitChanged(), eventOf(HabitChanged, { ...habit, frequency: 'weekly', deleted: true }));
  await bench.handle(new KeepHabitWhenHabitCreated(), eventOf(HabitCreated, { ...habit, experience_reward: 1 }));
  const { rows } = await bench.database.query('SELECT frequency, deleted FROM habits WHERE user_id = $1', [user_id]);
  expect(rows).toEqual([{ frequency: 'weekly', deleted: true }]);
});
