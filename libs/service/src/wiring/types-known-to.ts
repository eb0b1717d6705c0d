import { allRecordTypes, type AnyEventType } from '@lifeos/contracts';
import type { ServiceDefinition } from '../service-definition.js';

/** Everything that this build can read: the catalog, the state of consents, and the service's private events. */
export function typesKnownTo({ privateEventTypes = [] }: Pick<ServiceDefinition, 'privateEventTypes'>): readonly AnyEventType[] {
  return [...allRecordTypes, ...privateEventTypes];
}

/** What the service may publish, and so must find in a reachable registry. */
export function typesPublishedBy({ name, alsoPublishes = [] }: Pick<ServiceDefinition, 'name' | 'alsoPublishes'>, types: readonly AnyEventType[]): AnyEventType[] {
  return types.filter((type) => type.topic !== null && (type.context === name || alsoPublishes.includes(type)));
}
