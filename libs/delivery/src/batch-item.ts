import type { AnyEventType } from '@lifeos/contracts';
import type { EventEnvelope, EventHeaders, IncomingRecord } from '@lifeos/events';
import type { Subscription } from './subscriptions.js';

/** A record that concerns somebody: an event for its subscriptions, or a fault to be parked for them. */
export interface BatchItem {
  readonly record: IncomingRecord;
  /** Null: the record goes nowhere because nobody can tell what it is. */
  readonly ceType: string | null;
  readonly type: AnyEventType | null;
  readonly headers: EventHeaders | null;
  /** Null when the record has none that can be used. */
  readonly key: string | null;
  readonly subscriptions: readonly Subscription[];
  /** Set when decoded. */
  event: EventEnvelope | null;
  /** Why no handler can be called with it. */
  fault: Error | null;
}
