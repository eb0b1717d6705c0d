import { allEventTypes, type AnyEventType } from '@lifeos/contracts';
import type { ServiceDefinition } from '../service-definition.js';

/** Everything that this build can read: the catalog, and the service's private events. */
export function typesKnownTo({ privateEventTypes = [] }: Pick<ServiceDefinition, 'privateEventTypes'>): readonly AnyEventType[] {
  return [...allEventTypes, ...privateEventTypes];
}

/** What the service may publish, and so must find in a reachable registry. */
export function typesPublishedBy(service: string, types: readonly AnyEventType[]): AnyEventType[] {
  return types.filter(({ context, topic }) => context === service && topic !== null);
}
