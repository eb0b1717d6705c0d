import { readHeaders, type OutgoingRecord, type RecordPublisher } from '@lifeos/events';
import type { Logger } from '../logging/logger.js';
import type { Metrics } from '../metrics/metrics.js';

/** N-2: every event that the broker took is logged with its context, and counted. */
export function logPublished(publisher: RecordPublisher, logger: Logger, metrics: Metrics): RecordPublisher {
  return {
    async publish(records) {
      await publisher.publish(records);
      for (const record of records) logRecord(record, logger, metrics);
    },
    close: () => publisher.close(),
  };
}

function logRecord({ topic, key, headers }: OutgoingRecord, logger: Logger, metrics: Metrics): void {
  const read = readHeaders(headers);
  if ('fault' in read) return logger.warn({ topic, key, fault: read.fault }, 'Published a record without an event in its headers.');
  const { eventId: event_id, type, version, correlationId: correlation_id, causationId: causation_id } = read;
  metrics.published.inc({ event: type.split('.').at(-1) ?? type });
  logger.info({ topic, key, event_id, type, version, correlation_id, causation_id }, 'Published.');
}
