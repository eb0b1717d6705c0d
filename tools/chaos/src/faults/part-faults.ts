import { setTimeout as sleep } from 'node:timers/promises';
import { type Random } from '../harness/random.js';
import { secondsUntilProcessing, underWay } from '../harness/progress.js';
import { Stage } from '../harness/stage.js';
import type { OwnParts } from '../parts/own-parts.js';
import type { Figure, Trial, TrialContext, TrialResult } from '../trial.js';

/** What is done to the parts while the services run. */
type Hurt = (parts: OwnParts, random: Random, stage: Stage) => Promise<Figure[] | void>;

/** A part goes away under load and comes back; both services live through it. */
function partFault(name: string, what: string, hurt: Hurt, more: Pick<Trial, 'brokers'> = {}): Trial {
  return { name, what, kind: 'fault', ...more, run: (context) => liveThrough(context, hurt) };
}

async function liveThrough({ parts, seed, say }: TrialContext, hurt: Hurt): Promise<TrialResult> {
  const stage = await Stage.open({ addresses: parts.addresses, seed });
  try {
    await Promise.all([stage.start('quests').ready, stage.start('dashboard').ready]);
    await underWay(stage);
    await sleep(stage.random.upTo(500));
    const figures = (await hurt(parts, stage.random, stage)) ?? [];
    say('the part is back');
    await sleep(500 + stage.random.upTo(1_000));
    const { verdict } = await stage.rest();
    return { verdict, figures, troubles: stage.troubles };
  } finally {
    await stage.end();
  }
}

const brokerOf = (parts: OwnParts, random: Random): number => random.upTo(parts.brokerCount - 1);

export const partFaults: readonly Trial[] = [
  partFault('broker-restart', 'a broker is stopped in order and comes back', async (parts, random) => {
    const broker = brokerOf(parts, random);
    await parts.stopBroker(broker);
    await sleep(random.upTo(2_000));
    await parts.startBroker(broker);
  }),
  partFault('broker-killed', 'a broker is killed and comes back', async (parts, random) => {
    const broker = brokerOf(parts, random);
    await parts.killBroker(broker);
    await sleep(random.upTo(2_000));
    await parts.startBroker(broker);
  }),
  partFault('one-of-three-killed', 'one of three brokers is killed; the others go on alone', async (parts, random, stage) => {
    const broker = brokerOf(parts, random);
    await parts.killBroker(broker);
    // What was fetched before does not count.
    await sleep(1_000);
    const value = 1 + (await secondsUntilProcessing(stage));
    await sleep(random.upTo(4_000));
    await parts.startBroker(broker);
    return [{ what: 'processing again on two of three brokers', value, unit: 's', atMost: 60 }];
  }, { brokers: 3 }),
  partFault('database-restart', 'PostgreSQL is stopped in order and comes back', async (parts, random) => {
    await parts.stopDatabase('fast');
    await sleep(random.upTo(2_000));
    await parts.startDatabase();
  }),
  partFault('database-crash', 'PostgreSQL is ended where it stands and recovers', async (parts, random) => {
    await parts.stopDatabase('crash');
    await sleep(random.upTo(2_000));
    await parts.startDatabase();
  }),
];
