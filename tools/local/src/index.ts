export { LocalError } from './errors.js';
export { findPort } from './free-port.js';
export { type KafkaOptions, type RunningKafka, startKafka } from './kafka/start-kafka.js';
export { type Log } from './log.js';
export { ensureDatabase } from './postgres/databases.js';
export { type PostgresOptions, type RunningPostgres, startPostgres } from './postgres/start-postgres.js';
export { type RegistryOptions, type RunningRegistry, startRegistry } from './registry/start-registry.js';
export { images, versions } from './versions.js';
