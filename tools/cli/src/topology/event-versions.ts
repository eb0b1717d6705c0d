import { allRecordTypes, catalogUpcasts, eventTypeByRecordName } from '@lifeos/contracts';
import type { RegistryClient } from '@lifeos/schema-registry';
import { type EventVersion, eventIn, type Leads } from './who-breaks.js';

/** Every version of every event of this checkout. */
export const compiledVersions = (): EventVersion[] =>
  allRecordTypes.flatMap(({ recordName, schemas }) => [...schemas.keys()].map((version) => ({ recordName, version })));

/** Whether the upcasters of this checkout lead from one record to another. */
export const catalogLeads: Leads = (from, to) => {
  const [older, newer] = [eventTypeByRecordName(from), eventTypeByRecordName(to)];
  return older !== undefined && newer !== undefined && catalogUpcasts.between(older, newer) !== null;
};

/**
 * What the registry holds of the events of this checkout, also versions and majors that it does not know.
 * @throws RegistryUnreachable
 */
export async function registeredVersions(client: RegistryClient): Promise<EventVersion[]> {
  const events = new Set(allRecordTypes.map(({ recordName }) => eventIn(recordName)));
  const versions: EventVersion[] = [];
  for (const subject of (await client.subjects()).filter((name) => events.has(eventIn(name))).sort()) {
    for (const text of await client.schemasOf(subject)) {
      const { version } = Object(JSON.parse(text)) as { version?: unknown };
      if (typeof version === 'string') versions.push({ recordName: subject, version });
    }
  }
  return versions;
}

/** Both, each version once. */
export function mergedVersions(...lists: readonly EventVersion[][]): EventVersion[] {
  return [...new Map(lists.flat().map((one) => [`${one.recordName} ${one.version}`, one])).values()];
}
