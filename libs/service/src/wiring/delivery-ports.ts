import type { DeliveryLog, DeliveryMetrics } from '@lifeos/delivery';
import type { Logger } from '../logging/logger.js';
import type { Metrics } from '../metrics/metrics.js';

/** The logger writes out an error, with its stack and causes, under `err` alone. */
function readable({ error, ...fields }: Readonly<Record<string, unknown>>): object {
  return error === undefined ? fields : { ...fields, err: error };
}

export function deliveryLog(logger: Logger): DeliveryLog {
  return {
    info: (message, fields) => logger.info(readable(fields), message),
    warn: (message, fields) => logger.warn(readable(fields), message),
    error: (message, fields) => logger.error(readable(fields), message),
  };
}

export function deliveryMetrics(metrics: Metrics): DeliveryMetrics {
  return {
    skipped: (topic, reason, records) => {
      metrics.skipped.inc({ topic, reason }, records);
      if (reason === 'duplicate') metrics.duplicates.inc(records);
    },
    handled: ({ handler, topic, events, processingMs, criticalMs }) => {
      metrics.handled.inc({ handler, topic }, events);
      metrics.processDuration.observe({ handler, topic }, processingMs / 1000);
      metrics.criticalTime.observe({ handler, topic }, criticalMs / 1000);
    },
    parked: (handler, reason) => metrics.deadLetters.inc({ handler, reason }),
    exhausted: (handler, reason) => metrics.exhausted.inc({ handler, reason }),
    retried: (handler, outcome) => metrics.retries.inc({ handler, outcome }),
    rerun: (topic, reason) => metrics.reruns.inc({ topic, reason }),
  };
}
