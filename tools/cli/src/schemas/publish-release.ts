import { type AnyEventType, allRecordTypes } from '@lifeos/contracts';
import { publishSchemas } from '@lifeos/schema-registry';
import { catalogLeads } from '../topology/event-versions.js';
import type { ConsumerManifest } from '../topology/manifest.js';
import { type EventVersion, type Leads, type Verdict, whoBreaks } from '../topology/who-breaks.js';

export interface PublishOptions {
  /** With user and password when it needs them. */
  readonly registryUrl: string;
  readonly manifests: readonly ConsumerManifest[];
  /** Asks and reports only. */
  readonly dryRun: boolean;
  /** Publishes a major although services would park it. */
  readonly allowParking: boolean;
  /** Default: everything that this checkout publishes. */
  readonly types?: readonly AnyEventType[];
  readonly leads?: Leads;
}

export interface Publication {
  /** As `lifeos.quests.v1.QuestCompleted 1.0.0`; in a dry run what would be. */
  readonly registered: readonly string[];
  readonly compatibilitySet: readonly string[];
  /** Who misses facts once a new major is produced; not empty only when that was allowed. */
  readonly breaking: readonly Verdict[];
}

/** A major is about to be published that services cannot handle yet. */
export class MajorBreaksConsumers extends Error {
  readonly code = 'MAJOR_BREAKS_CONSUMERS';
  readonly retryable = false;

  constructor(readonly breaking: readonly Verdict[]) {
    const who = breaking.map(({ recordName, version, service, handler, reaction }) => `  ${recordName} ${version}: ${service} ${reaction} it (${handler})`);
    super(`Nothing was published: services would miss events of a new major.\n${who.join('\n')}\nLet them take it first, or publish with --allow-parking: they keep its events as dead letters until they know it.`);
    this.name = 'MajorBreaksConsumers';
  }
}

/**
 * The release step. It looks first, so that a refused major leaves the registry as it was; doing it again
 * changes nothing.
 * @throws MajorBreaksConsumers, IncompatibleSchema, RegistryUnreachable
 */
export async function publishRelease({ registryUrl, manifests, dryRun, allowParking, types = allRecordTypes, leads = catalogLeads }: PublishOptions): Promise<Publication> {
  const planned = await publishSchemas({ registryUrl, eventTypes: types, dryRun: true });
  const missing = new Set(planned.schemas.flatMap(({ subject, version, outcome }) => (outcome === 'registered' ? [`${subject} ${version}`] : [])));
  const majors = types.filter(({ major }) => major > 1).flatMap(({ recordName, schemas }) => [...schemas.keys()].map((version): EventVersion => ({ recordName, version })));
  const breaking = whoBreaks(manifests, majors.filter(({ recordName, version }) => missing.has(`${recordName} ${version}`)), leads).filter(({ breaks }) => breaks);
  if (breaking.length > 0 && !allowParking) throw new MajorBreaksConsumers(breaking);
  const { compatibilitySet } = dryRun ? planned : await publishSchemas({ registryUrl, eventTypes: types });
  return { registered: [...missing], compatibilitySet, breaking };
}
