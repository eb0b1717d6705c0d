import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { AchievementUnlocked } from '@lifeos/contracts';
import { readHeaders } from '@lifeos/events';
import { followTopics } from '@lifeos/kafka';
import { size, type BenchEnv, type Outcome, type Scenario } from '../harness/scenario.js';
import { percentile } from '../harness/statistics.js';
import { Person } from '../parts/person.js';
import { topicOf } from '../parts/quest-events.js';
import { type RunningServices, startAllServices } from '../parts/services.js';

const warm = 5;
const waitMs = 10_000;

/** One person after the other completes a first quest, which unlocks an achievement in another service. */
async function firstQuests(env: BenchEnv): Promise<Outcome> {
  const services = await startAllServices(env);
  const unlockedAt = new Map<string, number>();
  const following = await followTopics({ brokers: env.brokers, clientId: 'bench' }, [topicOf(AchievementUnlocked)], ({ headers }) => {
    const event = readHeaders(headers);
    if ('correlationId' in event && event.type === AchievementUnlocked.recordName) unlockedAt.set(event.correlationId ?? '', performance.now());
  });
  const count = warm + size(env, 60, 10);
  const answered: number[] = [];
  const unlocked: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const person = await Person.register(services);
    const questId = await person.createQuest();
    await sleep(150);
    const correlationId = randomUUID();
    const started = performance.now();
    await person.completeQuest(questId, correlationId);
    answered.push(performance.now() - started);
    while (!unlockedAt.has(correlationId) && performance.now() - started < waitMs) await sleep(1);
    unlocked.push((unlockedAt.get(correlationId) ?? Number.NaN) - started);
  }
  await following.close();
  const heeded = await consents(services, size(env, 20, 4));
  await services.stop();
  const [commands, stories] = [answered.slice(warm), unlocked.slice(warm)];
  return {
    figures: {
      commandP50: percentile(commands, 0.5),
      unlockedP50: percentile(stories, 0.5),
      unlockedP99: percentile(stories, 0.99),
      heededP50: percentile(heeded, 0.5),
      heededMost: Math.max(...heeded),
    },
    checks: [
      { what: 'achievements unlocked', expected: count, actual: unlocked.filter(Number.isFinite).length },
      { what: 'changes of consent that did not count in time', expected: 0, actual: heeded.filter((ms) => !Number.isFinite(ms)).length },
    ],
  };
}

/** V-8: how long each of so many changes takes, from the answer to the person until four other services act by it, in ms. */
async function consents(services: RunningServices, changes: number): Promise<number[]> {
  const person = await Person.register(services);
  const taken: number[] = [];
  for (let change = 0; change < changes; change += 1) {
    const granted = change % 2 === 0;
    await person.decide(granted);
    const started = performance.now();
    let isHeeded = await person.isHeeded(granted);
    for (; !isHeeded && performance.now() - started < waitMs; isHeeded = await person.isHeeded(granted)) await sleep(1);
    taken.push(isHeeded ? performance.now() - started : Number.NaN);
  }
  return taken;
}

export const story: Scenario = {
  name: 'story',
  about: 'all services running: from the command that completes a quest to the unlocked achievement, read from its topic; and from a change of consent until it counts',
  needs: ['postgres', 'kafka', 'registry'],
  contestants: [{ name: 'lifeos', run: firstQuests }],
  rows: [
    { what: 'the command itself, p50', figure: 'lifeos.commandP50', unit: 'ms' },
    { what: 'command to achievement unlocked, p50', figure: 'lifeos.unlockedP50', unit: 'ms', target: { of: 'value', atMost: 80 } },
    { what: 'command to achievement unlocked, p99', figure: 'lifeos.unlockedP99', unit: 'ms' },
    { what: 'change of consent until four services act by it, p50', figure: 'lifeos.heededP50', unit: 'ms' },
    { what: 'change of consent until four services act by it, longest', figure: 'lifeos.heededMost', unit: 'ms', target: { of: 'value', atMost: 5_000 } },
  ],
};
