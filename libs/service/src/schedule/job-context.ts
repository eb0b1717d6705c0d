import type { EventLog } from '@lifeos/event-log';
import { derivedEventId } from '@lifeos/events';
import type { Transaction } from '@lifeos/postgres';
import { currentContext } from '../context/request-context.js';
import type { JobContext } from './daily-job.js';

export interface JobBatch {
  readonly service: string;
  readonly job: string;
  readonly day: string;
  readonly now: Date;
  readonly eventLog: Pick<EventLog, 'append'>;
}

export function jobContext({ service, job, day, now, eventLog }: JobBatch, tx: Transaction): JobContext {
  const eventId: JobContext['eventId'] = (eventName, userId, fact) =>
    derivedEventId({ context: service, eventName, userId, fact: [job, day, ...(fact === undefined ? [] : [fact])].join(' ') });
  return {
    day,
    now,
    tx,
    eventId,
    raise(type, input, { fact, timestamp = now } = {}) {
      const id = eventId(type.name, input.user_id, fact);
      const correlationId = currentContext()?.correlationId ?? null;
      const place = { key: String(input.user_id), correlationId, causationId: null, traceparent: null };
      eventLog.append(tx, [{ eventId: id, type, timestamp, ...place, payload: type.build(input) }]);
      return id;
    },
  };
}
