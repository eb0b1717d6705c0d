import { QuestCompleted } from '@lifeos/contracts';
import { newEventId, type NewEvent } from '@lifeos/events';
import type { Transaction } from '@lifeos/postgres';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Random, randomFrom } from '../harness/random.js';
import type { Job } from './job.js';
import type { Seams } from './seams.js';
import { openParts, type ServiceParts } from './service-parts.js';
import type { TestService } from './test-service.js';

class RolledBack extends Error {}

/** Completes quests of random users as fast as it is told, and relays what it logged. */
export function openQuests(job: Job, seams: Seams, committed: (ids: readonly string[]) => void): TestService {
  const parts = openParts(job, seams);
  const isQuiet = new AbortController();
  let writing: Promise<unknown> = Promise.resolve();
  return {
    start: async () => {
      parts.relay.start();
      const writers = Array.from({ length: job.load.writers }, (_, n) => new Writer(job, parts, randomFrom(job.seed + n)));
      writing = Promise.all(writers.map((writer) => writer.write(isQuiet.signal, committed)));
    },
    quiet: async () => {
      isQuiet.abort();
      await writing;
    },
    stop: async () => {
      seams.stopping();
      isQuiet.abort();
      await writing;
      seams.stopping();
      await parts.relay.stop();
      seams.stopping();
      await parts.closeAll();
    },
  };
}

class Writer {
  constructor(private readonly job: Job, private readonly parts: ServiceParts, private readonly random: Random) {}

  async write(quiet: AbortSignal, committed: (ids: readonly string[]) => void): Promise<void> {
    while (!quiet.aborted) {
      const ids = await this.complete().catch((error: unknown) => {
        // Whether the transaction was committed is not known; the writer goes on as a client would.
        if (!(error instanceof RolledBack)) return sleep(100, []);
        return [];
      });
      if (ids.length > 0) committed(ids);
      await sleep(this.random.upTo(this.job.load.pauseMs));
    }
  }

  /** One transaction: one to three users, state and event of each. */
  private async complete(): Promise<readonly string[]> {
    const { random, parts, job } = this;
    const users = [...new Set(Array.from({ length: 1 + random.upTo(2) }, () => 1 + random.upTo(job.load.users - 1)))];
    const [rollsBack, holdMs] = [random.chance(0.1), random.chance(0.1) ? random.upTo(30) : 0];
    return parts.database.transaction({ keys: users.map(String) }, async (tx) => {
      const events: NewEvent[] = [];
      for (const user of users) events.push(eventOf(user, await countUp(tx, user)));
      parts.eventLog.append(tx, events);
      if (holdMs > 0) await sleep(holdMs);
      if (rollsBack) throw new RolledBack();
      return events.map(({ eventId }) => eventId);
    });
  }
}

async function countUp(tx: Transaction, user: number): Promise<number> {
  const { rows } = await tx.query<{ n: number }>('UPDATE completed SET n = n + 1 WHERE user_id = $1 RETURNING n', [user]);
  return rows[0]?.n ?? 0;
}

function eventOf(user: number, n: number): NewEvent {
  const timestamp = new Date();
  return {
    eventId: newEventId(),
    type: QuestCompleted,
    timestamp,
    key: String(user),
    correlationId: newEventId(),
    causationId: null,
    traceparent: null,
    payload: QuestCompleted.build({ user_id: user, quest_id: n, quest_type: 'daily', experience_reward: 10, completion_timestamp: timestamp, auto_completed: false }),
  };
}
