import { setTimeout as sleep } from 'node:timers/promises';
import { secondsUntilProcessing, underWay } from '../harness/progress.js';
import { Stage } from '../harness/stage.js';
import { oneByOne, type OneSeed, type Trial, type TrialResult } from '../trial.js';

/** Services start while the registry is away, so nothing is known to them: commands go on, everything else waits. */
export async function startWithoutRegistry({ parts, seed }: OneSeed, awayMs: number): Promise<TrialResult & { backAfterS: number }> {
  const stage = await Stage.open({ addresses: parts.addresses, seed, load: { refuseEvery: 0 } });
  try {
    const first = [stage.start('quests'), stage.start('dashboard')];
    await Promise.all(first.map(({ ready }) => ready));
    await underWay(stage);
    await parts.stopRegistry();
    await Promise.all(first.map((process) => process.kill()));
    const before = await stage.committed('quests');
    await Promise.all([stage.start('quests').ready, stage.start('dashboard').ready]);
    await sleep(awayMs);
    if ((await stage.committed('quests')) === before) stage.troubles.push('no command succeeded while the registry was away');
    await parts.startRegistry();
    const backAfterS = await secondsUntilProcessing(stage);
    const { verdict, everParked } = await stage.rest();
    if (everParked > 0) stage.troubles.push(`${everParked} events were parked, though only the registry was away`);
    return { verdict, figures: [], troubles: stage.troubles, backAfterS };
  } finally {
    await stage.end();
  }
}

export const registryDown: Trial = {
  name: 'registry-down',
  what: 'services start with cold caches while the registry is away',
  kind: 'fault',
  seedsByDefault: 5,
  run: oneByOne((context) => startWithoutRegistry(context, 2_000)),
};
