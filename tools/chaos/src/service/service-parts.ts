import { connect } from 'node:net';
import { allEventTypes } from '@lifeos/contracts';
import { adoptServer, EventLog, Relay } from '@lifeos/event-log';
import type { RecordPublisher } from '@lifeos/events';
import { type KafkaConfig, KafkaRecordPublisher, partitionFor } from '@lifeos/kafka';
import { type Database, openDatabase } from '@lifeos/postgres';
import { openSchemaRegistry, type SchemaRegistryAccess } from '@lifeos/schema-registry';
import { type Job, topicOf } from './job.js';
import type { Seams } from './seams.js';

/** Partitions of each topic in a run. */
export const partitions = 3;

/** What both services are made of, wired as a real one is. */
export interface ServiceParts {
  readonly kafka: KafkaConfig;
  readonly registry: SchemaRegistryAccess;
  readonly database: Database;
  readonly eventLog: EventLog;
  readonly relay: Relay;
  closeAll(): Promise<void>;
}

export function openParts(job: Job, seams: Seams): ServiceParts {
  const kafka = kafkaConfig(job);
  const registry = openSchemaRegistry({ url: job.registryUrl }, allEventTypes);
  const database = seams.database(
    openDatabase({ url: job.databaseUrl, applicationName: job.role, max: job.load.writers + 4, onConnect: adoptServer, onBackgroundError: () => undefined }),
  );
  const eventLog = new EventLog({ database, service: job.role, types: allEventTypes });
  const publisher = seams.publisher(ownTopic(job, new KafkaRecordPublisher(kafka)));
  const relay = new Relay({
    connection: { url: job.databaseUrl, applicationName: `${job.role} relay` },
    service: job.role,
    publisher,
    schemaIds: registry.ids,
    partitionOf: (_, key) => partitionFor(key, partitions),
    takeOverMs: 100,
  });
  eventLog.onAppended(() => relay.wake());
  const closeAll = async (): Promise<void> => {
    await publisher.close();
    await database.close();
  };
  return { kafka, registry, database, eventLog, relay, closeAll };
}

function kafkaConfig({ role, brokers, via }: Job): KafkaConfig {
  return {
    brokers,
    clientId: role,
    // Kafka tells clients its own address, so those that are to meet a proxy are led there.
    socketFactory: ({ host, port, onConnect }) => connect({ host, port: via[port] ?? port }, onConnect),
  };
}

/** Runs share a broker, so each has topics of its own. */
function ownTopic({ role, run }: Job, inner: RecordPublisher): RecordPublisher {
  const topic = topicOf(role, run);
  return { publish: (records) => inner.publish(records.map((record) => ({ ...record, topic }))), close: () => inner.close() };
}
