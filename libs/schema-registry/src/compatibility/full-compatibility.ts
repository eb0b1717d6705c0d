import { readFaults, type AvroFault } from './read-faults.js';
import { schemaModel } from './schema-model.js';

/** A fault between a version and an earlier one. */
export interface CompatibilityFault extends AvroFault {
  /** Index of the earlier version among those given. */
  readonly earlier: number;
  /** Who could not read: the new version the old one's records, or the old version the new one's. */
  readonly direction: 'backward' | 'forward';
}

/**
 * What a registry under FULL_TRANSITIVE says to a version after earlier ones, without asking it: each of
 * them must be able to read the other. Where Apicurio differs from the specification, this follows
 * Apicurio; see docs/evolve-a-schema.md.
 * @throws TypeError when one of them is no Avro schema.
 */
export function compatibilityFaults(schema: unknown, earlier: readonly unknown[]): CompatibilityFault[] {
  const model = schemaModel(schema);
  return earlier.flatMap((one, index) => {
    const other = schemaModel(one);
    return [
      ...readFaults(model, other).map((fault) => ({ ...fault, earlier: index, direction: 'backward' as const })),
      ...readFaults(other, model).map((fault) => ({ ...fault, earlier: index, direction: 'forward' as const })),
    ];
  });
}
