import { setTimeout as sleep } from 'node:timers/promises';
import { topicOffsets } from '@lifeos/kafka';
import type { ServiceProcess } from '../harness/service-process.js';
import type { Stage } from '../harness/stage.js';
import { kafkaOf } from '../harness/world.js';
import { topicOf } from '../service/job.js';
import type { Figure } from '../trial.js';

/** Another instance every 5 s, the one before it stops; how long did a partition with records stand still? */
export async function churn(stage: Stage, forMs: number): Promise<Figure[]> {
  const over = new AbortController();
  const watching = watchPartitions(stage, over.signal);
  const until = Date.now() + forMs;
  let second: ServiceProcess | null = null;
  while (Date.now() < until) {
    const before = second;
    second = stage.start('dashboard');
    if (before !== null) await stage.stop(before);
    await sleep(5_000);
  }
  over.abort();
  return [{ what: 'longest time without progress of a partition', value: (await watching) / 1_000, unit: 's', atMost: 60 }];
}

interface Seen {
  next: number;
  movedAt: number;
}

/** Resolves with the longest ms for which a partition had records and did not move. */
async function watchPartitions(stage: Stage, over: AbortSignal): Promise<number> {
  const seen = new Map<number, Seen>();
  let longest = 0;
  while (!over.aborted) {
    const [positions, ends] = await Promise.all([positionsOf(stage), endsOf(stage)]);
    for (const [partition, end] of ends) {
      const next = positions.get(partition) ?? 0;
      const last = seen.get(partition);
      if (last === undefined || last.next !== next || next >= end) seen.set(partition, { next, movedAt: Date.now() });
      else longest = Math.max(longest, Date.now() - last.movedAt);
    }
    await sleep(250);
  }
  return longest;
}

async function positionsOf(stage: Stage): Promise<Map<number, number>> {
  const { rows } = await stage.world.databases.dashboard.query<{ partition: number; next: string }>('SELECT partition, next_offset AS next FROM consumer_positions');
  return new Map(rows.map(({ partition, next }) => [partition, Number(next)]));
}

async function endsOf({ world }: Stage): Promise<Map<number, number>> {
  return new Map((await topicOffsets(kafkaOf(world), topicOf('quests', world.run))).map(({ partition, high }) => [partition, high]));
}
