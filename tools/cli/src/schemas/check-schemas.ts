import { type CheckedVersion, policyFaults, releasedFaults, releasedFiles, type SchemaFault } from '@lifeos/codegen';
import { compatibilityFaults, type RegistryClient } from '@lifeos/schema-registry';

export interface CheckOptions {
  readonly root: string;
  /** The commit whose schema files count as released. */
  readonly base: string;
  /** Asked as well when given. */
  readonly registry?: RegistryClient;
}

/** Two verdicts, apart: what the registry says to a schema, and what we ask of it beyond that. */
export interface CheckReport {
  readonly checked: number;
  readonly avro: readonly SchemaFault[];
  readonly policy: readonly SchemaFault[];
  /** Empty without a registry. */
  readonly registry: readonly SchemaFault[];
  /** What could not be looked at, and why. */
  readonly notes: readonly string[];
}

/** @throws RegistryUnreachable */
export async function checkSchemas({ root, base, registry }: CheckOptions): Promise<CheckReport> {
  const { versions, faults } = policyFaults(root);
  const released = releasedFiles(root, base);
  const isAvro = ({ rule }: SchemaFault): boolean => rule === 'avro';
  const broken = new Set(faults.filter(isAvro).map(({ file }) => file));
  const readable = versions.filter(({ file }) => !broken.has(file));
  return {
    checked: versions.length,
    avro: [...faults.filter(isAvro), ...readable.flatMap(avroFaults)],
    policy: [...faults.filter((fault) => !isAvro(fault)), ...(released ? releasedFaults(root, released) : [])],
    registry: registry ? await registryFaults(registry, readable) : [],
    notes: released ? [] : [`released files were not compared: there is no commit ${base} here; name one with --base`],
  };
}

function avroFaults({ file, schema, earlier }: CheckedVersion): SchemaFault[] {
  try {
    return compatibilityFaults(schema, earlier).map(({ field, message, direction, earlier: index }) => {
      const other = earlier[index]?.version ?? '';
      const who = direction === 'backward' ? `${schema.version} cannot read ${other}` : `${other} cannot read ${schema.version}`;
      return { file, field, rule: 'avro FULL_TRANSITIVE', message: `${who}: ${message}`, todo: 'give fields that come or go a default and keep types; else begin a new major' };
    });
  } catch (error) {
    return [{ file, field: '', rule: 'avro', message: error instanceof Error ? error.message : String(error), todo: 'make it a valid Avro schema' }];
  }
}

export async function registryFaults(registry: RegistryClient, versions: readonly CheckedVersion[]): Promise<SchemaFault[]> {
  const faults: SchemaFault[] = [];
  for (const { file, schema } of versions.filter((version) => version.file.startsWith('schemas/'))) {
    const subject = `${schema.namespace}.${schema.name}`;
    const text = JSON.stringify(schema);
    if ((await registry.idOf(subject, text)) !== null || (await registry.compatibilityOf(subject)) === null) continue;
    if (await registry.wouldTake(subject, text)) continue;
    faults.push({ file, field: '', rule: 'registry', message: `${registry.url} would refuse it under ${subject}`, todo: 'see the avro verdict; if that is clean, the registry holds versions that this checkout lacks' });
  }
  return faults;
}
