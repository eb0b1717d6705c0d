import type { HandlerContext } from '@lifeos/delivery';
import type { EventEnvelope } from '@lifeos/events';
import type { ConsentPurpose } from './consents.js';

/** What one person allowed until now and allows no longer. */
export interface EndedConsent {
  readonly user_id: number;
  readonly purposes: ReadonlySet<ConsentPurpose>;
  /** Names of sensitive events that may not be made or handled any more. */
  readonly eventTypes: ReadonlySet<string>;
  /** The consent record that says so: the cause of what is raised because of it. */
  readonly cause: EventEnvelope;
}

/**
 * What a service does when consent ends: stop, and drop what was derived (V-9, AN-8, I-10). A provider
 * of the service's module, named in `ServiceDefinition.consentListeners`; runs in the transaction that
 * stores the new state, under the person's key lock.
 */
export interface ConsentListener {
  consentsEnded(ended: readonly EndedConsent[], context: HandlerContext): Promise<void>;
}
