import { derivedEventId, type EventEnvelope, newEventId } from '@lifeos/events';
import { currentContext, type JobContext } from '@lifeos/service';

/** Why quest events are raised now, and what their ids follow from. */
export interface Origin {
  readonly at: Date;
  readonly correlationId: string | null;
  readonly causationId: string | null;
  readonly traceparent: string | null;
  eventId(eventName: string, quest: { readonly user_id: number; readonly quest_id: number }): string;
}

/** A person's wish: new ids. */
export function ofCommand(at: Date): Origin {
  const context = currentContext();
  return { at, correlationId: context?.correlationId ?? null, causationId: null, traceparent: context?.traceparent ?? null, eventId: newEventId };
}

/** A daily job; `fact` tells apart what it does to one quest on one day. */
export function ofJob({ now, eventId }: JobContext, fact: string): Origin {
  return {
    at: now,
    correlationId: currentContext()?.correlationId ?? null,
    causationId: null,
    traceparent: null,
    eventId: (name, { user_id, quest_id }) => eventId(name, user_id, `${quest_id} ${fact}`),
  };
}

/** Another event: the same ids whenever it is handled again. */
export function ofEvent(cause: Pick<EventEnvelope, 'eventId' | 'correlationId' | 'traceparent'>, at: Date): Origin {
  return {
    at,
    correlationId: cause.correlationId,
    causationId: cause.eventId,
    traceparent: cause.traceparent,
    eventId: (eventName, { user_id, quest_id }) =>
      derivedEventId({ context: 'quests', eventName, userId: user_id, fact: `${cause.eventId} ${quest_id}` }),
  };
}
