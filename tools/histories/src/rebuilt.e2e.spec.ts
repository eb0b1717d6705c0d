import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { allRecordTypes, type AnyEventType } from '@lifeos/contracts';
import { createTopics, readTopicToEnd, type KafkaConfig } from '@lifeos/kafka';
import { publishSchemas } from '@lifeos/schema-registry';
import type { ServiceDefinition } from '@lifeos/service';
import { achievements } from '../../../apps/achievements/src/achievements.module.js';
import { analytics } from '../../../apps/analytics/src/analytics.module.js';
import { dashboard } from '../../../apps/dashboard/src/dashboard.module.js';
import { integrations } from '../../../apps/integrations/src/integrations.module.js';
import { journal } from '../../../apps/journal/src/journal.module.js';
import { quests } from '../../../apps/quests/src/quests.module.js';
import { stats } from '../../../apps/stats/src/stats.module.js';
import { checksumsOf, type LeftOut } from './checksums.js';
import { begin, behindOf, call, endsOf, until, type Ends, type Life } from './lives.js';

const kafka: KafkaConfig = { brokers: (process.env['KAFKA_BROKERS'] ?? '').split(','), clientId: 'rebuilt-e2e' };
const run = 1_000_000_000 + Math.floor(Math.random() * 1_000_000_000);
const topics = [...new Set(allRecordTypes.flatMap((type: AnyEventType) => type.topic ?? []))];
const dayMs = 86_400_000;

let passed = 0;
// At noon, so that a day in Berlin is the day by UTC at whatever hour this runs.
const start = Math.floor(Date.now() / dayMs) * dayMs - 10 * dayMs + dayMs / 2;
const clock = { now: () => new Date(start + passed) };
const today = (): string => clock.now().toISOString().slice(0, 10);

const leftOut: Readonly<Record<string, LeftOut>> = {
  dashboard: {
    columns: {
      'users.username': 'only the command knows it; comes from backup',
      'users.password_hash': 'only the command knows it; comes from backup',
      'notices.notice_id': 'numbered as they come',
    },
  },
  achievements: {},
  analytics: {},
};

const group = ({ name }: ServiceDefinition, which = ''): string => `${name}-${run}${which}`;
const lives: Life[] = [];
const live = async (definition: ServiceDefinition, which = '', before?: Parameters<typeof begin>[1]['before']): Promise<Life> => {
  const life = await begin(definition, { group: group(definition, which), clock, ...(before ? { before } : {}) });
  lives.push(life);
  return life;
};

const people = [run, run + 1];
/** For a machine that does much else: a part of a minute is usual. */
const patience = 300_000;

beforeAll(async () => {
  await createTopics(kafka, topics.map((topic) => ({ topic, partitions: 6, config: { 'retention.ms': '-1' } })));
  await publishSchemas({ registryUrl: process.env['SCHEMA_REGISTRY_URL'] ?? '', eventTypes: allRecordTypes });
}, patience);
afterAll(async () => {
  await Promise.all(lives.map((life) => life.end()));
});

interface Producers {
  readonly home: Life;
  readonly questing: Life;
  readonly measuring: Life;
  readonly writing: Life;
  readonly connecting: Life;
}

/** Nine days of two people; the first one lets us analyze, and connects a source. */
async function playStory(producers: Producers): Promise<void> {
  const { home, questing, connecting } = producers;
  for (const user of people) await call(home, 'POST', '/dashboard/users', { as: user, body: { username: `u${user}`, email: `u${user}@lifeos.example`, password: 'a long password', time_zone: 'Europe/Berlin' } });
  for (const purpose of ['analytics', 'ai_insights', 'external_integrations']) await call(home, 'PUT', `/privacy/consents/${run}`, { as: run, body: { purpose, granted: true } });
  await until(async () => (await connecting.database.query('SELECT FROM consents WHERE user_id = $1 AND revision >= 3', [run])).rowCount, (count) => count === 1);
  await call(connecting, 'POST', '/integrations', { as: run, body: { user_id: run, service_name: 'strava', integration_type: 'health', credentials: { token: 't' } } });
  const made = await Promise.all(people.map((user) => questsOf(questing, user)));
  for (let day = 0; day < 9; day += 1, passed += dayMs) {
    for (const [index, user] of people.entries()) await liveADay({ user, day, made: made[index] as Made }, producers);
  }
}

interface Made {
  readonly quests: readonly number[];
  readonly habit: number;
}

async function questsOf(questing: Life, user: number): Promise<Made> {
  const ids: number[] = [];
  for (const [quest_type, experience_reward] of [['main', 900], ['side', 700], ['life_goal', 2_600], ['daily', 50]] as const) {
    ids.push(Number((await call(questing, 'POST', '/quests', { as: user, body: { user_id: user, title: `A ${quest_type} quest`, quest_type, experience_reward } })).quest_id));
  }
  const habit = await call(questing, 'POST', '/quests/habits', { as: user, body: { user_id: user, name: 'Run', frequency: 'daily', experience_reward: 130 } });
  return { quests: ids, habit: Number(habit.habit_id) };
}

async function liveADay({ user, day, made }: { user: number; day: number; made: Made }, { questing, measuring, writing }: Producers): Promise<void> {
  const life = (category: string, subcategory: string, value: number) => call(measuring, 'PUT', `/stats/life-stats/${user}`, { as: user, body: { category, subcategory, value, target: 100, unit: 'points' } });
  await call(questing, 'POST', `/quests/habits/${made.habit}/complete`, { as: user, body: { completion_date: today() } });
  await call(writing, 'POST', '/journal/entries', { as: user, body: { user_id: user, entry_type: 'daily', title: `Day ${day}`, content: 'It rained.', mood: 1 + day } });
  await life('health', 'physical', 10 + day * 8);
  if (day % 3 === 0) await life('wealth', 'finance_savings_investments', 20 + day * 15);
  if (day % 4 === 0) await life('relationships', 'family', 90 - day * 10);
  if (day === 2) await call(measuring, 'PUT', `/stats/core-stats/${user}`, { as: user, body: { stat_name: 'wisdom', value: 55 } });
  if (day % 2 === 0 && day < 6) await call(questing, 'PUT', `/quests/${made.quests[day / 2]}/complete`, { as: user });
  if (day === 7) await call(questing, 'PUT', `/quests/${made.quests[3]}/fail`, { as: user, body: { reason: 'No time.' } });
}

/** All is handled and published, twice in a row with the same ends. */
async function untilQuiet(running: readonly Life[]): Promise<Ends> {
  let before: Ends = new Map();
  await until(
    async () => {
      const ends = await endsOf(kafka, topics);
      const isSame = [...ends].every(([place, end]) => before.get(place) === end);
      before = ends;
      return { isSame, behind: await Promise.all(running.map((life) => behindOf(life, ends))) };
    },
    ({ isSame, behind }) => isSame && behind.every((places) => Object.keys(places).length === 0),
  );
  return before;
}

/** Ids of the records of our two people, by topic. */
async function recordsOf(topic: string): Promise<string[]> {
  const ids: string[] = [];
  await readTopicToEnd(kafka, topic, (records) => void ids.push(...records.filter(({ key }) => people.includes(Number(key?.toString()))).map(({ headers }) => String(headers.ce_id))));
  return ids.sort();
}

async function toldBy({ database }: Life): Promise<{ ids: string[]; anew: number }> {
  const { rows } = await database.query<{ event_id: string; epoch: number }>('SELECT event_id, epoch FROM event_log WHERE topic IS NOT NULL AND key = ANY ($1::text[]) ORDER BY event_id', [people.map(String)]);
  return { ids: rows.map(({ event_id }) => event_id), anew: rows.filter(({ epoch }) => epoch > 0).length };
}

const rebuildable = [dashboard, achievements, analytics];

describe('F-10: a service that starts late, or again with an empty database', () => {
  let first: readonly Life[];
  let ends: Ends;
  let published: ReadonlyMap<string, string[]>;
  let later: readonly Life[];

  it('a story is told and heard by services that were there from the start', async () => {
    const startAt = (database: Life['database']) => database.query(`SELECT setval('user_ids', $1, false)`, [run]);
    const running = await Promise.all([live(dashboard, '', startAt), live(achievements), live(analytics), live(quests), live(stats), live(journal), live(integrations)]);
    const [home, honours, analyzing, questing, measuring, writing, connecting] = running as [Life, Life, Life, Life, Life, Life, Life];
    await untilQuiet(running);
    await playStory({ home, questing, measuring, writing, connecting });
    // The jobs of the last days tell of trends and engagement, and others react.
    const jobs = `SELECT FROM job_runs WHERE finished_at IS NOT NULL AND day >= $1::date - 2`;
    await until(async () => (await analyzing.database.query(jobs, [today()])).rowCount, (count) => count > 0);
    await until(async () => (await connecting.database.query('SELECT FROM points WHERE user_id = $1', [run])).rowCount, (count) => count > 0);
    await untilQuiet(running);
    await Promise.all([questing, measuring, writing, connecting].map((life) => life.stop()));
    ends = await untilQuiet([home, honours, analyzing]);
    first = [home, honours, analyzing];
    published = new Map(await Promise.all(topics.map(async (topic) => [topic, await recordsOf(topic)] as const)));
    await Promise.all(running.map((life) => life.stop()));
  }, patience);

  it('reads all topics from the beginning, under the old group and under one that never was', async () => {
    later = await Promise.all(rebuildable.flatMap((definition) => [live(definition), live(definition, '-late')]));
    await until(() => Promise.all(later.map((life) => behindOf(life, ends))), (all) => all.every((places) => Object.keys(places).length === 0));
  }, patience);

  it.each(rebuildable.map((definition, index) => [definition.name, index] as const))('%s: equal tables, the same event ids, nothing told anew', async (name, index) => {
    const original = first[index] as Life;
    const sums = await checksumsOf(original.database, people, leftOut[name] ?? {});
    const told = await toldBy(original);
    // Every table has something to compare.
    expect(Object.entries(sums).filter(([, sum]) => sum.startsWith('0 rows'))).toEqual([]);
    for (const life of later.slice(index * 2, index * 2 + 2)) {
      expect(await checksumsOf(life.database, people, leftOut[name] ?? {})).toEqual(sums);
      expect(await toldBy(life)).toEqual({ ids: told.ids, anew: 0 });
      expect((await life.database.query('SELECT FROM dead_letters WHERE key = ANY ($1::text[])', [people.map(String)])).rowCount).toBe(0);
    }
    expect(told.ids.length).toBeGreaterThan(10);
  });

  it('no topic has got a record more', async () => {
    await Promise.all(later.map((life) => life.stop()));
    for (const [topic, ids] of published) expect([topic, await recordsOf(topic)]).toEqual([topic, ids]);
  }, patience);
});
