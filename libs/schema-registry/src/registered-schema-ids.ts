import type { AnyEventType, AvroRecordSchema } from '@lifeos/contracts';
import { SchemaNotRegistered, type SchemaIds } from '@lifeos/events';
import { inParallel } from './in-parallel.js';
import type { RegistryClient } from './registry-client.js';

/** A schema of this build that the registry knows under an id. */
export interface LocalSchema {
  readonly type: AnyEventType;
  readonly version: string;
}

/** The text that stands for a schema in the registry; registering and looking up must agree on it. */
export const schemaText = (schema: AvroRecordSchema): string => JSON.stringify(schema);

/**
 * The registry's ids of the schemas that this build brings along, asked for by the exact schema and then
 * kept for ever. It also knows the way back, so that records written under these schemas are read
 * without asking the registry.
 */
export class RegisteredSchemaIds implements SchemaIds {
  private readonly types: ReadonlyMap<string, AnyEventType>;
  private readonly ids = new Map<string, number>();
  private readonly locals = new Map<number, LocalSchema>();
  private readonly asked = new Map<string, Promise<number>>();

  constructor(
    private readonly client: Pick<RegistryClient, 'idOf'>,
    types: readonly AnyEventType[],
  ) {
    this.types = new Map(types.map((type) => [type.recordName, type]));
  }

  async idFor(recordName: string, version: string): Promise<number> {
    const key = `${recordName} ${version}`;
    const known = this.ids.get(key);
    if (known !== undefined) return known;
    let request = this.asked.get(key);
    if (!request) {
      request = this.ask(recordName, version).finally(() => this.asked.delete(key));
      this.asked.set(key, request);
    }
    return request;
  }

  /**
   * Learns the ids of every version of these types ahead of use.
   * @throws SchemaNotRegistered for the first that the registry lacks, RegistryUnreachable.
   */
  async prefetch(types: Iterable<AnyEventType>): Promise<void> {
    const wanted = [...types].flatMap((type) => [...type.schemas.keys()].map((version) => [type.recordName, version] as const));
    await inParallel(wanted, async ([recordName, version]) => void (await this.idFor(recordName, version)));
  }

  /** The schema of this build that an id stands for, as far as it has been learnt. */
  localSchema(id: number): LocalSchema | undefined {
    return this.locals.get(id);
  }

  private async ask(recordName: string, version: string): Promise<number> {
    const type = this.types.get(recordName);
    const schema = type?.schemas.get(version);
    if (!type || !schema) throw new SchemaNotRegistered(recordName, version);
    const id = await this.client.idOf(recordName, schemaText(schema));
    if (id === null) throw new SchemaNotRegistered(recordName, version);
    this.ids.set(`${recordName} ${version}`, id);
    this.locals.set(id, { type, version });
    return id;
  }
}
