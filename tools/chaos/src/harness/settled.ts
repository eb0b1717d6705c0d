import { setTimeout as sleep } from 'node:timers/promises';
import { readBacklog } from '@lifeos/event-log';
import type { World } from './world.js';

const withinMs = 120_000;

/** Waits until nothing is on its way any more. Resolves with what still is when that takes too long. */
export async function untilSettled(world: World): Promise<string | null> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const left = await onTheirWay(world);
    if (left === null) return null;
    if (Date.now() > deadline) return `after ${withinMs / 1_000} s without commands ${left}`;
    await sleep(50);
  }
}

async function onTheirWay({ databases: { quests, dashboard } }: World): Promise<string | null> {
  const [toPublish, raised] = await Promise.all([readBacklog(quests), readBacklog(dashboard)]);
  if (toPublish.pending > 0) return `${toPublish.pending} events of quests are not published`;
  const { rows: [logged] } = await quests.query<{ count: string }>('SELECT count(*) FROM event_log');
  const { rows: [held] } = await dashboard.query<{ settled: string; parked: string }>(
    `SELECT (SELECT count(*) FROM (SELECT event_id FROM effects UNION SELECT event_id FROM dead_letters) AS held) AS settled,
       (SELECT count(*) FROM dead_letters) AS parked`,
  );
  const missing = Number(logged?.count) - Number(held?.settled);
  if (missing > 0) return `${missing} events are neither handled nor parked`;
  if (Number(held?.parked) > 0) return `${held?.parked} events are still parked`;
  return raised.pending > 0 ? `${raised.pending} events of dashboard are not published` : null;
}
