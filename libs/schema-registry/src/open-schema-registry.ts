import type { AnyEventType } from '@lifeos/contracts';
import { AvroRecordDecoder } from './avro-record-decoder.js';
import { RegisteredSchemaIds } from './registered-schema-ids.js';
import { RegistryClient, type RegistryClientOptions } from './registry-client.js';
import { WriterSchemas } from './writer-schemas.js';

export interface SchemaRegistryAccess {
  readonly client: RegistryClient;
  readonly ids: RegisteredSchemaIds;
  readonly decoder: AvroRecordDecoder;
}

/** What one service needs of the registry, around one set of caches. Nothing is asked for yet, nothing has to be closed. */
export function openSchemaRegistry(options: RegistryClientOptions, eventTypes: readonly AnyEventType[]): SchemaRegistryAccess {
  const client = new RegistryClient(options);
  const ids = new RegisteredSchemaIds(client, eventTypes);
  return { client, ids, decoder: new AvroRecordDecoder(ids, new WriterSchemas(client)) };
}
