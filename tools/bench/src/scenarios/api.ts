import { services as serviceNames } from '@lifeos/cli';
import { say } from '../harness/progress.js';
import { size, type BenchEnv, type Check, type Outcome, type Scenario } from '../harness/scenario.js';
import { percentile } from '../harness/statistics.js';
import { ApiUser, askAt } from '../parts/api-user.js';
import { benchDatabase, readRow } from '../parts/bench-database.js';
import { openLoop } from '../parts/open-loop.js';
import { ofSeededQuest, pointsOfFullLife, seedLives } from '../parts/seed-life.js';
import { processUse, startAllServices, type RunningServices } from '../parts/services.js';
import { settled } from '../parts/settled.js';

const perSecond = 100;
const settleMs = 120_000;

interface Answered {
  readonly name: string;
  readonly isWrite: boolean;
  readonly ms: number;
  readonly error: string | null;
}

/** Years of data for everyone, a few seconds that do not count, then the minute. */
async function oneMinute(env: BenchEnv): Promise<Outcome> {
  const services = await startAllServices(env);
  say('    api: services are up; people sign up');
  const users = await signUpAll(services, size(env, 100, 10));
  await settled(env.postgresUrl, serviceNames, settleMs);
  const points = await seedLives(env, users.map(({ id, habitId }) => ({ userId: id, habitId })));
  say(`    api: ${points} data points are written for each of ${users.length} people; a few requests that do not count`);
  await load(users, { from: 0, count: size(env, 1_000, 100) });
  await settled(env.postgresUrl, serviceNames, settleMs);
  const before = await useOf(env, services);
  say('    api: measuring');
  const answered = await load(users, { from: size(env, 10, 10), count: size(env, 6_000, 300) });
  await settled(env.postgresUrl, serviceNames, settleMs);
  say('    api: all reactions are done');
  const use = await useOf(env, services);
  const checks = [{ what: 'data points a user', expected: env.quick ? points : pointsOfFullLife, actual: points }, ...(await checkEffects(env, users))];
  await services.stop();
  const errors = answered.flatMap(({ error }) => error ?? []);
  if (errors.length > 0) console.error(`${errors.length} requests failed, the first with: ${errors[0]}`);
  return {
    figures: {
      ...timesOf(answered),
      errors: (100 * errors.length) / answered.length,
      cpu: ((use.cpuSeconds - before.cpuSeconds) * 1000) / answered.length,
      transactions: (use.transactions - before.transactions) / answered.length,
    },
    checks,
  };
}

/** A few at a time: hashing passwords takes a core. */
async function signUpAll(services: RunningServices, count: number): Promise<ApiUser[]> {
  const users: ApiUser[] = [];
  while (users.length < count) users.push(...(await Promise.all([ApiUser.signUp(services), ApiUser.signUp(services)])));
  return users;
}

async function load(users: readonly ApiUser[], { from, count }: { from: number; count: number }): Promise<Answered[]> {
  const answered: Answered[] = [];
  await openLoop({ count, perSecond }, async (index) => {
    const user = users[index % users.length];
    if (user === undefined) return;
    const ask = askAt(user, from + Math.floor(index / users.length));
    const started = performance.now();
    const error = await user.ask(ask.name).then(() => null, (reason: unknown) => String(reason));
    answered.push({ ...ask, ms: performance.now() - started, error });
  });
  return answered;
}

function timesOf(answered: readonly Answered[]): Record<string, number> {
  const ms = (wanted: (one: Answered) => boolean): number[] => answered.filter(wanted).map((one) => one.ms);
  const [all, home] = [ms(() => true), ms(({ name }) => name === 'home')];
  const [reads, writes] = [ms(({ isWrite }) => !isWrite), ms(({ isWrite }) => isWrite)];
  return {
    p50: percentile(all, 0.5), p95: percentile(all, 0.95), p99: percentile(all, 0.99), homeP50: percentile(home, 0.5), homeP95: percentile(home, 0.95), homeP99: percentile(home, 0.99),
    readP95: percentile(reads, 0.95), writeP95: percentile(writes, 0.95),
  };
}

async function useOf(env: BenchEnv, services: RunningServices): Promise<{ cpuSeconds: number; transactions: number }> {
  const uses = await Promise.all(services.all.map(processUse));
  const { done } = await readRow(env.postgresUrl, 'SELECT sum(xact_commit + xact_rollback) AS done FROM pg_stat_database');
  return { cpuSeconds: uses.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0), transactions: Number(done) };
}

interface Effects {
  readonly what: string;
  readonly of: keyof ApiUser['done'];
  readonly service: string;
  readonly sql: string;
}

const logged = (type: string): string => `SELECT count(*) FROM event_log WHERE type LIKE '%.${type}'`;

/** What was asked for, where it was asked and where others heard of it. */
const effects: readonly Effects[] = [
  { what: 'quests created', of: 'quests', service: 'quests', sql: logged('QuestCreated') },
  { what: 'quests that dashboard lists', of: 'quests', service: 'dashboard', sql: `SELECT count(*) FROM quests WHERE NOT (${ofSeededQuest})` },
  { what: 'quests completed', of: 'completed', service: 'quests', sql: logged('QuestCompleted') },
  { what: 'bookings of completed quests', of: 'completed', service: 'dashboard', sql: "SELECT count(*) FROM experience_ledger WHERE source_type = 'quest' AND booked_at > now() - interval '8 hours'" },
  { what: 'habits completed', of: 'habits', service: 'quests', sql: logged('HabitCompleted') },
  { what: 'stats entered', of: 'stats', service: 'stats', sql: logged('LifeStatUpdated') },
  { what: 'entries written', of: 'entries', service: 'journal', sql: logged('JournalEntryCreated') },
  { what: 'practices', of: 'practices', service: 'skills', sql: logged('SkillPracticed') },
];

async function checkEffects(env: BenchEnv, users: readonly ApiUser[]): Promise<Check[]> {
  const count = async (service: string, sql: string): Promise<number> => Number((await readRow(benchDatabase(env.postgresUrl, service).url, `SELECT (${sql}) AS found`))['found']);
  const sum = (of: (user: ApiUser) => number): number => users.reduce((total, user) => total + of(user), 0);
  return Promise.all([
    ...effects.map(async ({ what, of, service, sql }) => {
      const [actual, done, failed] = [await count(service, sql), sum((user) => user.done[of]), sum((user) => user.failed[of])];
      return { what, expected: Math.min(Math.max(actual, done), done + failed), actual };
    }),
    ...serviceNames.map(async (service) => ({ what: `${service}: dead letters`, expected: 0, actual: await count(service, 'SELECT count(*) FROM dead_letters') })),
  ]);
}

export const api: Scenario = {
  name: 'api',
  about: 'all services running: 100 requests a second at fixed times by 100 users with 10,000 data points each, 14 reads to 6 writes',
  needs: ['postgres', 'kafka', 'registry'],
  repetitions: 1,
  contestants: [{ name: 'lifeos', run: oneMinute }],
  rows: [
    { what: 'all requests, p50', figure: 'lifeos.p50', unit: 'ms' },
    { what: 'all requests, p95', figure: 'lifeos.p95', unit: 'ms', target: { of: 'value', atMost: 100 } },
    { what: 'all requests, p99', figure: 'lifeos.p99', unit: 'ms' },
    { what: 'reads, p95', figure: 'lifeos.readP95', unit: 'ms' },
    { what: 'writes, p95', figure: 'lifeos.writeP95', unit: 'ms' },
    { what: 'dashboard home, p50', figure: 'lifeos.homeP50', unit: 'ms' },
    { what: 'dashboard home, p95', figure: 'lifeos.homeP95', unit: 'ms', target: { of: 'value', atMost: 200 } },
    { what: 'dashboard home, p99', figure: 'lifeos.homeP99', unit: 'ms' },
    { what: 'failed requests', figure: 'lifeos.errors', unit: '% of requests', target: { of: 'value', atMost: 0.1 } },
    { what: 'processor time of all services, reactions included', figure: 'lifeos.cpu', unit: 'ms a request' },
    { what: 'database transactions, reactions included', figure: 'lifeos.transactions', unit: 'a request' },
  ],
};
