import { setTimeout as sleep } from 'node:timers/promises';
import { secondsUntilProcessing, underWay } from '../harness/progress.js';
import { type Random, randomFrom } from '../harness/random.js';
import { Stage } from '../harness/stage.js';
import type { OwnParts } from '../parts/own-parts.js';
import type { Figure, Trial, TrialContext, TrialResult } from '../trial.js';

interface PartFault extends Pick<Trial, 'name' | 'what' | 'brokers'> {
  /** Resolves with what brings the part back. */
  takeAway(parts: OwnParts, random: Random): Promise<() => Promise<void>>;
  /** Looked at in each seed's services before the part may come back. */
  whileAway?(stage: Stage): Promise<Figure[]>;
  readonly longestAwayMs?: number;
}

/** What a part's end and its new start cost, these share; more of them would wait for the processor. */
const seedsAtOnce = 5;
/** Each starts parts anew, which takes longer than what it shows. */
const seedsByDefault = 10;

const brokerOf = (parts: OwnParts, random: Random): number => random.upTo(parts.brokerCount - 1);

const faults: readonly PartFault[] = [
  {
    name: 'broker-restart', what: 'a broker is stopped in order and comes back',
    takeAway: async (parts, random) => {
      const broker = brokerOf(parts, random);
      await parts.stopBroker(broker);
      return () => parts.startBroker(broker);
    },
  },
  { name: 'broker-killed', what: 'a broker is killed and comes back', takeAway: killBroker },
  {
    name: 'one-of-three-killed', what: 'one of three brokers is killed; the others go on alone', brokers: 3, takeAway: killBroker, longestAwayMs: 4_000,
    whileAway: async (stage) => {
      // What was fetched before does not count.
      await sleep(1_000);
      return [{ what: 'processing again on two of three brokers', value: 1 + (await secondsUntilProcessing(stage)), unit: 's', atMost: 60 }];
    },
  },
  { name: 'database-restart', what: 'PostgreSQL is stopped in order and comes back', takeAway: (parts) => stopDatabase(parts, 'fast') },
  { name: 'database-crash', what: 'PostgreSQL is ended where it stands and recovers', takeAway: (parts) => stopDatabase(parts, 'crash') },
];

async function killBroker(parts: OwnParts, random: Random): Promise<() => Promise<void>> {
  const broker = brokerOf(parts, random);
  await parts.killBroker(broker);
  return () => parts.startBroker(broker);
}

async function stopDatabase(parts: OwnParts, how: 'fast' | 'crash'): Promise<() => Promise<void>> {
  await parts.stopDatabase(how);
  return () => parts.startDatabase();
}

/** Each seed has services and data of its own, under load; the part goes away once for all of them. */
async function liveThrough(fault: PartFault, { parts, seeds, say }: TrialContext): Promise<TrialResult[]> {
  // The same absence for a seed that is played again without its neighbours.
  const random = randomFrom(Math.floor((seeds[0] ?? 0) / seedsAtOnce));
  const stages = await Promise.all(seeds.map((seed) => Stage.open({ addresses: parts.addresses, seed })));
  try {
    await Promise.all(stages.map(getUnderWay));
    const bringBack = await fault.takeAway(parts, random);
    const figures = await Promise.all(stages.map((stage) => fault.whileAway?.(stage) ?? []));
    await sleep(random.upTo(fault.longestAwayMs ?? 2_000));
    await bringBack();
    say('the part is back');
    return await Promise.all(stages.map(async (stage, index) => {
      await sleep(500 + stage.random.upTo(1_000));
      const { verdict } = await stage.rest();
      return { verdict, figures: figures[index] ?? [], troubles: stage.troubles };
    }));
  } finally {
    await Promise.all(stages.map((stage) => stage.end()));
  }
}

async function getUnderWay(stage: Stage): Promise<void> {
  await Promise.all([stage.start('quests').ready, stage.start('dashboard').ready]);
  await underWay(stage);
  await sleep(stage.random.upTo(500));
}

/** A part goes away under load and comes back; the services live through it. */
export const partFaults: readonly Trial[] = faults.map((fault) => ({
  name: fault.name, what: fault.what, kind: 'fault', seedsAtOnce, seedsByDefault, ...(fault.brokers === undefined ? {} : { brokers: fault.brokers }), run: (context) => liveThrough(fault, context),
}));
