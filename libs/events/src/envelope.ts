import type { AnyEventType, EventType } from '@lifeos/contracts';

/** An event as a handler gets it: the payload in the newest version that the service was compiled with. */
export interface EventEnvelope<Payload extends object = object> {
  /** UUID; the same on every redelivery. */
  readonly eventId: string;
  readonly type: AnyEventType;
  /** Semver of the schema it was written with. */
  readonly version: string;
  /** Time of the fact, UTC. */
  readonly timestamp: Date;
  /** Kafka key and key of the lock; the user's id as text for all Life OS events. */
  readonly key: string;
  /** Common to a whole flow. */
  readonly correlationId: string | null;
  /** `eventId` of the event that led to this one. */
  readonly causationId: string | null;
  /** Publishing service, for example `quests`. */
  readonly source: string;
  /** W3C trace context of the producer. */
  readonly traceparent: string | null;
  readonly payload: Payload;
}

/** The envelope of a given event type: `EventOf<typeof QuestCompleted>`. */
export type EventOf<T> = T extends EventType<infer P, infer _I> ? EventEnvelope<P> : never;

/** An event about to be appended: built payload and identity, not yet encoded. */
export interface NewEvent {
  readonly eventId: string;
  readonly type: AnyEventType;
  readonly timestamp: Date;
  readonly key: string;
  readonly correlationId: string | null;
  readonly causationId: string | null;
  readonly traceparent: string | null;
  /** As `type.build` returned it. */
  readonly payload: object;
}
