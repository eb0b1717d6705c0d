import type { Role } from '../service/job.js';
import { afterStatement, aroundCommit, aroundSend } from './around.js';
import type { KillPoint } from './kill-point.js';

const logPoints: readonly KillPoint[] = [
  {
    name: 'before-log-commit', victim: 'quests', passings: 20,
    what: 'state and event are written, COMMIT is not sent',
    seams: (pass) => ({ database: (inner) => aroundCommit(inner, { before: pass }) }),
  },
  {
    name: 'after-log-commit', victim: 'quests', passings: 20,
    what: 'the event is committed, the relay not woken, the caller not answered',
    seams: (pass) => ({ database: (inner) => aroundCommit(inner, { after: pass }) }),
  },
];

const relayPoints: readonly KillPoint[] = [
  {
    name: 'before-send', victim: 'quests', passings: 20,
    what: 'the relay has read events, nothing is sent',
    seams: (pass) => ({ publisher: (inner) => aroundSend(inner, { before: pass }) }),
  },
  {
    name: 'during-send', victim: 'quests', passings: 20,
    what: 'records are on their way to the broker',
    seams: (pass) => ({ publisher: (inner) => aroundSend(inner, { during: pass }) }),
  },
  {
    name: 'after-send', victim: 'quests', passings: 20,
    what: 'the broker has the records, the checkpoint does not say so',
    seams: (pass) => ({ publisher: (inner) => aroundSend(inner, { after: pass }) }),
  },
  {
    name: 'relay-in-shutdown', victim: 'quests', passings: 3, provoke: 'stop',
    what: 'the publishing service is stopping',
    seams: (pass) => ({ stopping: pass }),
  },
];

const consumerPoints: readonly KillPoint[] = [
  {
    name: 'mid-batch', victim: 'dashboard', passings: 30,
    what: 'some events of a batch are handled',
    seams: (pass) => ({ handling: pass }),
  },
  {
    name: 'before-effect-commit', victim: 'dashboard', passings: 20,
    what: 'all of a batch is written, COMMIT is not sent',
    seams: (pass) => ({ database: (inner) => aroundCommit(inner, { before: pass }) }),
  },
  {
    name: 'after-effect', victim: 'dashboard', passings: 20,
    what: 'the effects are committed, the offset is not',
    seams: (pass) => ({ database: (inner) => aroundCommit(inner, { after: pass }) }),
  },
  {
    name: 'while-parking', victim: 'dashboard', passings: 2,
    what: 'a dead letter is written, COMMIT is not sent',
    seams: (pass) => ({ database: (inner) => afterStatement(inner, 'INSERT INTO dead_letters', pass) }),
  },
  {
    name: 'while-retrying', victim: 'dashboard', passings: 4,
    what: 'parked events were handled and leave their queue, COMMIT is not sent',
    seams: (pass) => ({ database: (inner) => afterStatement(inner, 'DELETE FROM dead_letters', pass) }),
  },
  {
    name: 'in-rebalance', victim: 'dashboard', passings: 1, provoke: 'another-member',
    what: 'another member has joined, the new partitions are being taken up',
    seams: (pass) => ({ assigned: afterFirst(pass) }),
  },
  {
    name: 'batch-cut-off', victim: 'dashboard', passings: 1, provoke: 'another-member',
    what: 'a rebalance cuts off a batch in work',
    seams: (pass) => ({
      processor: (inner) => ({
        process: async (batch, signal) => {
          signal.addEventListener('abort', pass);
          return inner.process(batch, signal).finally(() => signal.removeEventListener('abort', pass));
        },
      }),
    }),
  },
  {
    name: 'in-shutdown', victim: 'dashboard', passings: 5, provoke: 'stop',
    what: 'the consuming service is stopping: draining, drained, relay stopped',
    seams: (pass) => ({ stopping: pass }),
  },
];

/** In the order of an event's way. A new one needs an entry here and nothing else. */
export const allPoints: readonly KillPoint[] = [...logPoints, ...relayPoints, ...consumerPoints];

export function pointNamed(name: string): KillPoint {
  const found = allPoints.find((point) => point.name === name);
  if (found === undefined) throw new Error(`No kill point ${name}; there are ${allPoints.map((point) => point.name).join(', ')}`);
  return found;
}

export const pointsOf = (points: readonly KillPoint[], victim: Role): KillPoint[] => points.filter((point) => point.victim === victim);

/** The first assignment is the member's own start. */
function afterFirst(pass: () => void): () => void {
  let isFirst = true;
  return () => {
    if (!isFirst) pass();
    isFirst = false;
  };
}
