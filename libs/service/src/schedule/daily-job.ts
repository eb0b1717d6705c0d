import type { EventType } from '@lifeos/contracts';
import type { Queryable, Transaction } from '@lifeos/postgres';

/** Which people a batch of a day's work may concern. */
export interface PeoplePage {
  /** YYYY-MM-DD. */
  readonly day: string;
  /** Ids above this one only. */
  readonly after: number;
  readonly limit: number;
}

/** What a job may touch: its transaction, and events that it raises in it. */
export interface JobContext {
  /** The day that is worked off, YYYY-MM-DD; after downtime it lies further back. */
  readonly day: string;
  readonly now: Date;
  readonly tx: Transaction;
  /** Id of an event that this job raises: UUID v5 with job, day and `fact`, so that a second run raises the same one. */
  eventId(eventName: string, userId: number, fact?: string): string;
  /**
   * Raises an event, key = the payload's user_id, who must be among the people of the batch. `fact` tells
   * events of one name, person and day apart. Returns the event's id.
   * @throws InvalidEvent
   */
  raise<P extends object, I extends { readonly user_id: number }>(type: EventType<P, I>, input: I, options?: { fact?: string; timestamp?: Date }): string;
}

/**
 * Work that is due once a day: a provider of the service's module, named in `ServiceDefinition.jobs`.
 * A day may be run again, by command; then nothing may change, so it decides by what stands in `tx`.
 */
export interface DailyJob {
  /** Persisted, and part of the ids of its events: never renamed. */
  readonly name: string;
  /** Hours after the end of the day (UTC) at which its work is due; from 12 on the day is over in every time zone. */
  readonly hoursAfterDay: number;
  /** Ids rising, at most `limit`; fewer mean that these are the last. May name people whom nothing concerns. */
  peopleAfter(db: Queryable, page: PeoplePage): Promise<number[]>;
  /** The people's key locks are held. Touches the transaction alone. */
  run(context: JobContext, userIds: readonly number[]): Promise<void>;
}
