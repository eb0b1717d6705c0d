import { allRecordTypes, allUpcasters, UpcastChains, type AnyEventType } from '@lifeos/contracts';
import { requireNoGaps } from '@lifeos/delivery';
import { declaredHandlers } from '@lifeos/kafka';
import type { ServiceDefinition } from '../service-definition.js';

/** Everything that this build can read: the catalog, the state of consents, and the service's private events. */
export function typesKnownTo({ privateEventTypes = [] }: Pick<ServiceDefinition, 'privateEventTypes'>): readonly AnyEventType[] {
  return [...allRecordTypes, ...privateEventTypes];
}

/** How it reads older majors as newer ones, from the wire and from its log. */
export function upcastsOf({ privateUpcasters = [] }: Pick<ServiceDefinition, 'privateUpcasters'>): UpcastChains {
  return new UpcastChains([...allUpcasters, ...privateUpcasters]);
}

/**
 * Asked before anything is opened: no wait for a database may hide a fault that no restart will mend.
 * @throws InvalidVersionRange, VersionGapsInRange
 */
export function requireReadable(definition: Pick<ServiceDefinition, 'module' | 'privateEventTypes' | 'privateUpcasters'>): void {
  const handlers = declaredHandlers(definition.module).map(({ name, types, versions }) => ({ name, versions, types: types === '*' ? types : [types].flat() }));
  requireNoGaps(handlers, typesKnownTo(definition), upcastsOf(definition));
}

/** What the service may publish, and so must find in a reachable registry. */
export function typesPublishedBy({ name, alsoPublishes = [] }: Pick<ServiceDefinition, 'name' | 'alsoPublishes'>, types: readonly AnyEventType[]): AnyEventType[] {
  return types.filter((type) => type.topic !== null && (type.context === name || alsoPublishes.includes(type)));
}
