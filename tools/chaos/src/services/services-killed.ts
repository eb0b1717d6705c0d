import { setTimeout as sleep } from 'node:timers/promises';
import { randomFrom, type Random } from '../harness/random.js';
import { checkHistory } from '../history/check-history.js';
import { isClean, type Verdict } from '../history/history.js';
import { oneByOne, type OneSeed, type Trial, type TrialResult } from '../trial.js';
import { Achiever } from './achiever.js';
import { contradictions, readRealHistory } from './read-real-history.js';
import { type RealName, realServices, RealWorld } from './real-world.js';

const settledWithinMs = 120_000;
/** Longer than a dead member's session, so that some kills meet a service that works and others one that waits. */
const longestLifeMs = 12_000;

interface Killing {
  readonly world: RealWorld;
  readonly random: Random;
  readonly kills: number;
  readonly say: (line: string) => void;
}

async function run({ parts, seed, quick, say }: OneSeed): Promise<TrialResult> {
  const random = randomFrom(seed);
  const world = await RealWorld.open(parts.addresses);
  try {
    const { dashboard, quests } = world.services;
    const people = await Promise.all(Array.from({ length: 4 + random.upTo(6) }, () => Achiever.signUp(dashboard, quests)));
    const enough = new AbortController();
    const work = Promise.all(people.map((person) => person.work(enough.signal)));
    const killing = Promise.all(realServices.map((name) => killAgain(name, { world, random: randomFrom(random.upTo(1e9)), kills: quick ? 1 : 3, say })));
    await Promise.race([killing, work]);
    await killing.finally(() => enough.abort());
    await work;
    const { verdict, found } = await settled(world, people);
    return { verdict, figures: [], troubles: [...found, ...(await world.stop())] };
  } finally {
    await world.end();
  }
}

/** Ends with a service that lives. */
async function killAgain(name: RealName, { world, random, kills, say }: Killing): Promise<void> {
  const service = world.services[name];
  for (let left = kills; left > 0; left -= 1) {
    const livesMs = random.upTo(longestLifeMs);
    await sleep(livesMs);
    await service.kill();
    say(`killed: ${name}, ${livesMs} ms after it was ready`);
    await service.start();
  }
}

/** Looks until everything has arrived, then once more: what comes twice comes late. */
async function settled(world: RealWorld, people: readonly Achiever[]): Promise<{ verdict: Verdict; found: string[] }> {
  const look = async (): Promise<{ verdict: Verdict; found: string[] }> => {
    const found = await contradictions(world, people);
    return { verdict: checkHistory(await readRealHistory(world, people)), found };
  };
  const deadline = Date.now() + settledWithinMs;
  for (let now = await look(); Date.now() < deadline && !(isClean(now.verdict) && now.found.length === 0); now = await look()) await sleep(500);
  await sleep(2_000);
  return look();
}

export const servicesKilled: Trial = {
  name: 'services',
  what: 'quests, dashboard and achievements as they are deployed, killed at any moment while people complete quests over HTTP',
  kind: 'fault',
  seedsByDefault: 2,
  run: oneByOne(run),
};
