import { listBlocked, retryBlocked, skipBlocked, type BlockedEvent } from '@lifeos/event-log';
import type { Database, Queryable } from '@lifeos/postgres';
import { writeAudit, type By } from './audit.js';
import { LetterNotFound } from './errors.js';
import type { LetterFilter } from './letter-filter.js';
import type { LetterView } from './letter-view.js';

/** What the relay could not publish is shown as if a handler of this name had failed. */
export const relayHandler = '(relay)';
const relayRefused = 'relay_refused';
const prefix = 'relay:';
/** More are found by their topic or key. */
const most = 1_000;

export const isBlockedId = (id: string): boolean => id.startsWith(prefix);

/** Blocked events that the filter means, in log order, at most 1 000. */
export async function readBlocked(db: Queryable, filter: LetterFilter): Promise<LetterView[]> {
  if (![relayHandler, undefined].includes(filter.handler)) return [];
  const { topic, key } = filter;
  const events = await listBlocked(db, { ...(topic === undefined ? {} : { topic }), ...(key === undefined ? {} : { key }), limit: most });
  return events.map(viewOfBlocked).filter((view) => isMeant(view, filter));
}

function isMeant(view: LetterView, { id, reason, eventType, eventId, status }: LetterFilter): boolean {
  const isOfType = eventType === undefined || view.event_type === eventType || view.event_type?.endsWith(`.${eventType}`) === true;
  const pairs = [[id, view.id], [reason, view.reason], [eventId, view.event_id], [status, view.status]];
  return isOfType && pairs.every(([wanted, actual]) => wanted === undefined || wanted === actual);
}

function viewOfBlocked({ eventId, topic, key, type, version, reason, attempts, blockedAt, retryRequested }: BlockedEvent): LetterView {
  const isHead = reason !== null;
  return {
    id: `${prefix}${eventId}`, handler: relayHandler, topic, key, partition: -1, offset: null,
    event_id: eventId, event_type: type, event_version: version, status: isHead ? 'exhausted' : 'follower',
    reason: isHead ? relayRefused : null, error_code: isHead ? 'RECORD_REFUSED' : null, error_message: reason,
    attempts, retries: attempts, max_retries: 0, first_failed_at: isHead ? blockedAt : null, last_failed_at: null,
    next_attempt_at: retryRequested ? blockedAt : null, parked_at: blockedAt, is_edited: false,
  };
}

/** Asks the relay to send the queues of these events again, each in its order. Returns how many events that are. */
export async function retryBlockedEvents(database: Database, filter: LetterFilter, { by, dryRun }: { by: By; dryRun: boolean }): Promise<number> {
  const views = await readBlocked(database, filter);
  if (dryRun || views.length === 0) return views.length;
  const queues = new Map(views.flatMap(({ topic, key }) => (key === null ? [] : [[`${topic} ${key}`, { topic, key }]])));
  return database.transaction({ keys: [...queues.values()].map(({ key }) => key) }, async (tx) => {
    let events = 0;
    for (const queue of queues.values()) events += await retryBlocked(tx, queue);
    await writeAudit(tx, { action: 'retry', by, filter: { ...filter, handler: relayHandler }, letters: events });
    return events;
  });
}

/** Never publishes this event; those behind it go out. @throws LetterNotFound */
export async function skipBlockedEvent(database: Database, id: string, by: By & { reason: string }): Promise<void> {
  const [view] = await readBlocked(database, { id });
  if (view === undefined || view.key === null || view.event_id === null) throw new LetterNotFound(id);
  const { key, event_id: eventId, topic, event_type } = view;
  await database.transaction({ keys: [key] }, async (tx) => {
    if (!(await skipBlocked(tx, eventId, by.reason))) throw new LetterNotFound(id);
    await writeAudit(tx, { action: 'skip', by, filter: { id }, letters: 1, detail: { handler: relayHandler, topic, key, event_id: eventId, event_type } });
  });
}
