import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  allEventTypes, type AnyEventType, CoreStatUpdated, ExperienceAwarded, HabitCompleted, HabitStreakAchieved, IntegrationConnected, JournalEntryCreated, LevelUp,
  LifeStatUpdated, QuestChainUnlocked, QuestCompleted, SkillLevelUp, SkillMasteryAchieved, SkillPracticed, StatMilestoneReached, UserRegistered,
} from '@lifeos/contracts';
import { bareDecoder, type BatchReaction, eventOf, openReactionBench, type ReactionBench, recordOf } from '@lifeos/app-testing';
import { BatchProcessor, type HandlerDefinition, noMetrics } from '@lifeos/delivery';
import type { EventEnvelope } from '@lifeos/events';
import fc from 'fast-check';
import { CountChainWhenQuestChainUnlocked } from './count-chain-when-quest-chain-unlocked.js';
import { CountEntryWhenJournalEntryCreated } from './count-entry-when-journal-entry-created.js';
import { CountExperienceWhenExperienceAwarded } from './count-experience-when-experience-awarded.js';
import { CountIntegrationWhenIntegrationConnected } from './count-integration-when-integration-connected.js';
import { CountMilestoneWhenStatMilestoneReached } from './count-milestone-when-stat-milestone-reached.js';
import { CountPracticeWhenSkillPracticed } from './count-practice-when-skill-practiced.js';
import { CountQuestWhenQuestCompleted } from './count-quest-when-quest-completed.js';
import { JudgeLevelWhenLevelUp } from './judge-level-when-level-up.js';
import { JudgeMasteryWhenSkillMasteryAchieved } from './judge-mastery-when-skill-mastery-achieved.js';
import { JudgeSavingsWhenLifeStatUpdated } from './judge-savings-when-life-stat-updated.js';
import { JudgeSkillWhenSkillLevelUp } from './judge-skill-when-skill-level-up.js';
import { JudgeStatWhenCoreStatUpdated } from './judge-stat-when-core-stat-updated.js';
import { JudgeStreakWhenHabitCompleted } from './judge-streak-when-habit-completed.js';
import { WelcomeWhenUserRegistered } from './welcome-when-user-registered.js';

const histories = 220;
const time = Date.parse('2026-11-21T00:00:00Z');

/** An event of somebody, told by its place in his history, which also gives its time. */
type Happening = (user_id: number, place: number) => EventEnvelope;

const at = (place: number) => new Date(time + place * 2_000_000);
const happening = (make: (user_id: number, at: Date) => readonly [type: AnyEventType, fields: object]): Happening => (user_id, place) => {
  const [type, fields] = make(user_id, at(place));
  return eventOf(type, { ...fields, user_id }, at(place)) as EventEnvelope;
};

const streaks = fc.constantFrom(1, 7, 20, 21, 29, 30, 99, 100);
const levels = fc.integer({ min: 2, max: 60 });
const anyHappening: fc.Arbitrary<Happening> = fc.oneof(
  fc.constant(happening((_user, registration_timestamp) => [UserRegistered, { email: 'a@b.example', registration_timestamp }])),
  fc.nat(900).map((points) => happening(() => [ExperienceAwarded, { experience_points: points + 1, source_type: 'quest', source_id: 1, reason: 'x' }])),
  levels.map((new_level) => happening(() => [LevelUp, { previous_level: 1, new_level, total_experience: 5000 }])),
  fc.constant(happening((_user, completion_timestamp) => [QuestCompleted, { quest_id: 1, quest_type: 'side', experience_reward: 1, completion_timestamp, auto_completed: false }])),
  fc.constant(happening(() => [QuestChainUnlocked, { parent_quest_id: 1, unlocked_quest_ids: [2], chain_name: 'c' }])),
  streaks.map((streak_count) => happening(() => [HabitCompleted, { habit_id: 1, completion_date: '2026-11-21', streak_count, experience_reward: 1 }])),
  fc.constantFrom([7, 'week'], [21, 'habit_formation'], [30, 'month'], [100, 'mastery']).map(([streak_count, streak_type]) =>
    happening(() => [HabitStreakAchieved, { habit_id: 1, streak_count, streak_type, bonus_experience: 1 }])),
  levels.map((new_value) => happening(() => [CoreStatUpdated, { stat_name: 'wisdom', previous_value: 1, new_value, source: 'quest' }])),
  fc.constant(happening(() => [StatMilestoneReached, { stat_type: 'core', stat_name: 'wisdom', milestone_value: 20, milestone_type: 'level' }])),
  fc.tuple(fc.nat(2000), fc.option(fc.integer({ min: 1, max: 2000 }))).map(([new_value, target]) =>
    happening(() => [LifeStatUpdated, { category: 'wealth', subcategory: 'finance_savings_investments', previous_value: 0, new_value, unit: 'EUR', source: 'manual', target }])),
  fc.integer({ min: 1, max: 90 }).map((practice_duration) => happening((_user, practice_timestamp) => [SkillPracticed, { skill_id: 1, practice_duration, experience_gained: 1, practice_timestamp }])),
  levels.map((new_level) => happening(() => [SkillLevelUp, { skill_id: 1, previous_level: 1, new_level, total_experience: 1, category: 'health' }])),
  fc.constantFrom('novice', 'expert', 'master').map((mastery_level) => happening((_user, mastery_timestamp) => [SkillMasteryAchieved, { skill_id: 1, mastery_level, total_practice_time: 1, mastery_timestamp }])),
  fc.constant(happening(() => [JournalEntryCreated, { entry_id: 1, entry_type: 'daily', title: 'Today', word_count: 1, tags: [] }])),
  fc.constant(happening((_user, connection_timestamp) => [IntegrationConnected, { integration_id: 1, service_name: 'strava', integration_type: 'health', connection_timestamp }])),
);

const reactions: readonly (readonly [BatchReaction<never>, ...AnyEventType[]])[] = [
  [new WelcomeWhenUserRegistered(), UserRegistered],
  [new CountQuestWhenQuestCompleted(), QuestCompleted],
  [new CountChainWhenQuestChainUnlocked(), QuestChainUnlocked],
  [new CountExperienceWhenExperienceAwarded(), ExperienceAwarded],
  [new JudgeLevelWhenLevelUp(), LevelUp],
  [new JudgeStatWhenCoreStatUpdated(), CoreStatUpdated],
  [new CountMilestoneWhenStatMilestoneReached(), StatMilestoneReached],
  [new JudgeSavingsWhenLifeStatUpdated(), LifeStatUpdated],
  [new JudgeStreakWhenHabitCompleted(), HabitCompleted, HabitStreakAchieved],
  [new CountPracticeWhenSkillPracticed(), SkillPracticed],
  [new JudgeSkillWhenSkillLevelUp(), SkillLevelUp],
  [new JudgeMasteryWhenSkillMasteryAchieved(), SkillMasteryAchieved],
  [new CountEntryWhenJournalEntryCreated(), JournalEntryCreated],
  [new CountIntegrationWhenIntegrationConnected(), IntegrationConnected],
];

const handlers = reactions.map(
  ([reaction, ...types]): HandlerDefinition => ({
    ...{ name: reaction.constructor.name, aliases: [], types, versions: '*', batch: true, from: 'beginning', timeoutMs: 60_000 },
    invoke: (events, context) => reaction.handle(events as never, context),
  }),
);

let bench: ReactionBench;
beforeAll(async () => {
  bench = await openReactionBench(new URL('../../migrations/', import.meta.url));
});
afterAll(() => bench.close());

interface Delivery {
  readonly topic: string;
  readonly offset: number;
  readonly events: readonly EventEnvelope[];
}

async function deliver(deliveries: readonly Delivery[]): Promise<void> {
  const { database, eventLog } = bench;
  const parked: string[] = [];
  const metrics = { ...noMetrics, parked: (handler: string, reason: string) => void parked.push(`${handler} ${reason}`) };
  const processor = new BatchProcessor({ handlers, decoder: bareDecoder, database, eventLog, knownTypes: allEventTypes, metrics });
  for (const { topic, offset: first, events } of deliveries) {
    const records = events.map((event, index) => recordOf(event, { topic, partition: 0, offset: first + index }));
    const batch = { topic, partition: 0, records, fetchedOffset: first, highWatermark: first + records.length };
    expect(await processor.process(batch, new AbortController().signal)).toMatchObject({ kind: 'done' });
  }
  expect(parked).toEqual([]);
}

type Streams = ReadonlyMap<string, readonly (readonly EventEnvelope[])[]>;

const tables = ['user_contexts', 'unlocked_achievements', 'unlocked_titles', 'earned_badges', 'savings_goals'];

/** All that the service made of what it heard. */
async function outcome(): Promise<Record<string, unknown[]>> {
  const rows: Record<string, unknown[]> = {};
  for (const table of tables) rows[table] = (await bench.database.query(`SELECT to_jsonb(t) AS row FROM ${table} AS t ORDER BY 1`)).rows;
  rows['raised'] = (await bench.database.query('SELECT event_id, occurred_at, causation_id, payload FROM event_log ORDER BY 1')).rows;
  return rows;
}

async function forgetEverything(): Promise<void> {
  await bench.database.query(`TRUNCATE ${tables.join(', ')}, event_log, consumer_positions, inbox CASCADE`);
}

/** By topic, of each person what he did there; the n-th history belongs to person n. */
function streamsOf(given: readonly (readonly Happening[])[]): Streams {
  const streams = new Map<string, EventEnvelope[][]>();
  for (const [index, happenings] of given.entries()) {
    const events = happenings.map((happen, place) => happen(index + 1, place));
    for (const topic of new Set(events.map(({ type }) => type.topic ?? ''))) {
      streams.set(topic, [...(streams.get(topic) ?? []), events.filter(({ type }) => type.topic === topic)]);
    }
  }
  return streams;
}

/** One topic after the other, each history in one piece. */
function plainly(streams: Streams): Delivery[] {
  return [...streams].map(([topic, stream]) => ({ topic, offset: 0, events: stream.flat() }));
}

/** Small batches of all topics in any order; people mixed within a topic; some records sent again, as a relay does that lost its place. */
function shuffled(streams: Streams, chance: () => number): Delivery[] {
  const rest = new Map([...streams].map(([topic, stream]) => [topic, { offset: 0, waiting: mixed(stream, chance), sent: [] as EventEnvelope[] }]));
  const deliveries: Delivery[] = [];
  while (rest.size > 0) {
    const topic = [...rest.keys()][Math.floor(chance() * rest.size)] as string;
    const place = rest.get(topic) as { offset: number; waiting: EventEnvelope[]; sent: EventEnvelope[] };
    const fresh = place.waiting.splice(0, 1 + Math.floor(chance() * 400));
    const again = place.sent.slice(-Math.floor(chance() * 60) - 1).concat(fresh.slice(0, 5));
    deliveries.push({ topic, offset: place.offset, events: [...fresh, ...again] });
    place.offset += fresh.length + again.length;
    place.sent.push(...fresh);
    if (place.waiting.length === 0) rest.delete(topic);
  }
  return deliveries;
}

/** Any order between people, each person's own order kept. */
function mixed(stream: readonly (readonly EventEnvelope[])[], chance: () => number): EventEnvelope[] {
  return stream
    .flatMap((events) => {
      const places = events.map(chance).sort((a, b) => a - b);
      return events.map((event, index) => ({ event, place: places[index] as number }));
    })
    .sort((a, b) => a.place - b.place)
    .map(({ event }) => event);
}

describe('F-10, A-15: any order between topics, with repetitions', () => {
  it(`ends in the same tables and raises the same ids, for ${histories} generated histories`, async () => {
    const history = fc.array(anyHappening, { minLength: 5, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        const chances = fc.sample(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { seed, numRuns: 10_000 });
        let drawn = 0;
        const streams = streamsOf(fc.sample(history, { seed, numRuns: histories }));
        await forgetEverything();
        await deliver(plainly(streams));
        const expected = await outcome();
        expect(expected['unlocked_achievements']?.length).toBeGreaterThan(histories);
        await forgetEverything();
        await deliver(shuffled(streams, () => chances[drawn++ % chances.length] as number));
        expect(await outcome()).toEqual(expected);
      }),
      { numRuns: 1, endOnFailure: true },
    );
  });
});
