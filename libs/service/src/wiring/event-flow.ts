import type { INestApplication } from '@nestjs/common';
import type { CustomTransportStrategy } from '@nestjs/microservices';
import type { AnyEventType } from '@lifeos/contracts';
import type { EventLog } from '@lifeos/event-log';
import type { Database } from '@lifeos/postgres';
import type { Probe } from '../health/readiness.js';
import type { ServiceDefinition } from '../service-definition.js';
import type { ShutdownStep } from '../shutdown/shutdown.js';
import type { CommonParts } from './open-parts.js';
import type { Parts } from './parts.js';

/** Everything between the service and the broker. */
export interface EventFlow {
  /** Feeds the reactions. */
  readonly strategy: CustomTransportStrategy | null;
  readonly relay: Parts['relay'];
  readonly probes: readonly Probe[];
  /** What ends after consumption, in order. */
  readonly steps: readonly ShutdownStep[];
  /** Relay and consumption begin; a broker that is away is waited for in the background. */
  start(app: INestApplication): Promise<void>;
}

export async function openEventFlow(
  _definition: ServiceDefinition,
  _types: readonly AnyEventType[],
  _parts: CommonParts & { readonly database: Database; readonly eventLog: EventLog },
): Promise<EventFlow> {
  return { strategy: null, relay: { wake: () => undefined }, probes: [], steps: [], start: () => Promise.resolve() };
}
