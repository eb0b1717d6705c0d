export { AvroRecordDecoder } from './avro-record-decoder.js';
export { compatibilityFaults, type CompatibilityFault } from './compatibility/full-compatibility.js';
export { frame, unframe } from './framing.js';
export { openSchemaRegistry, type SchemaRegistryAccess } from './open-schema-registry.js';
export { publishSchemas, type PublishReport, type PublishSchemasOptions } from './publish-schemas.js';
export { RegisteredSchemaIds, type LocalSchema } from './registered-schema-ids.js';
export { RegistryClient, type RegistryClientOptions } from './registry-client.js';
export { WriterSchemas, type WriterSchema } from './writer-schemas.js';
