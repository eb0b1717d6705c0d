import type { AnyEventType, AvroRecordSchema } from '@lifeos/contracts';
import { IncompatibleSchema } from '@lifeos/events';
import { inParallel } from './in-parallel.js';
import { schemaText } from './registered-schema-ids.js';
import { RegistryClient } from './registry-client.js';
import { compatibility, openRegistrar, type Registrar } from './schema-registrar.js';

export interface PublishSchemasOptions {
  readonly registryUrl: string;
  readonly eventTypes: readonly AnyEventType[];
  /** Asks and reports only; nothing is registered or set. */
  readonly dryRun?: boolean;
  /** For each request, in milliseconds. Default 10000. */
  readonly timeoutMs?: number;
}

/** What was done, in a dry run what would be done. */
export interface PublishReport {
  readonly schemas: readonly { readonly subject: string; readonly version: string; readonly outcome: 'present' | 'registered'; readonly id: number | null }[];
  /** Subjects that existed without FULL_TRANSITIVE and got it. */
  readonly compatibilitySet: readonly string[];
}

/**
 * The release step: brings every version of every public event type into the registry, each subject under
 * FULL_TRANSITIVE, its versions in order. What is there already is left alone, so it can run any number of
 * times, also at once from several places.
 * @throws IncompatibleSchema (AggregateError when several are; the other subjects are done all the same),
 * RegistryUnreachable.
 */
export async function publishSchemas({ registryUrl, eventTypes, dryRun = false, timeoutMs = 10_000 }: PublishSchemasOptions): Promise<PublishReport> {
  const client = new RegistryClient({ url: registryUrl, timeoutMs });
  const register = dryRun ? null : await openRegistrar(client, { url: registryUrl, timeoutMs });
  const work: Work = { client, register, schemas: [], compatibilitySet: [] };
  const incompatible: IncompatibleSchema[] = [];
  await inParallel(eventTypes.filter((type) => type.topic !== null), async (type) => {
    await publishSubject(type, work).catch((error: unknown) => {
      if (!(error instanceof IncompatibleSchema)) throw error;
      incompatible.push(error);
    });
  });
  if (incompatible.length === 1) throw incompatible[0];
  if (incompatible.length > 1) throw new AggregateError(incompatible, incompatible.map((error) => error.message).join('\n'));
  const order = eventTypes.map((type) => type.recordName);
  return { schemas: work.schemas.sort((a, b) => order.indexOf(a.subject) - order.indexOf(b.subject)), compatibilitySet: work.compatibilitySet.sort() };
}

interface Work {
  readonly client: RegistryClient;
  /** Null in a dry run. */
  readonly register: Registrar | null;
  readonly schemas: PublishReport['schemas'][number][];
  readonly compatibilitySet: string[];
}

async function publishSubject(type: AnyEventType, work: Work): Promise<void> {
  const subject = type.recordName;
  const versions = [...type.schemas.values()];
  const [level, ...ids] = await Promise.all([work.client.compatibilityOf(subject), ...versions.map((schema) => work.client.idOf(subject, schemaText(schema)))]);
  if (level !== null && level !== compatibility) {
    if (work.register) await work.client.setCompatibility(subject, compatibility);
    work.compatibilitySet.push(subject);
  }
  for (const [index, schema] of versions.entries()) {
    const known = ids[index] ?? null;
    const id = known ?? (await (work.register ? work.register(subject, schema) : wouldRegister(work.client, schema, { subject, exists: level !== null })));
    work.schemas.push({ subject, version: schema.version, outcome: known === null ? 'registered' : 'present', id });
  }
}

async function wouldRegister(client: RegistryClient, schema: AvroRecordSchema, { subject, exists }: { subject: string; exists: boolean }): Promise<null> {
  if (exists && !(await client.wouldTake(subject, schemaText(schema)))) {
    throw new IncompatibleSchema(subject, schema.version, ['the registry would refuse it']);
  }
  return null;
}
