import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

const seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Everything that a service measures, under the names that Prometheus users look for. One a process. */
export function createMetrics(service: string) {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  return {
    registry,
    httpDuration: new Histogram({ name: 'http_server_request_duration_seconds', help: 'Time to answer a request.', labelNames: ['method', 'route', 'status'], buckets: seconds, registers }),
    lag: new Gauge({ name: 'kafka_consumergroup_lag', help: 'Records of a partition that the group has yet to handle.', labelNames: ['consumergroup', 'topic', 'partition'], registers }),
    processDuration: new Histogram({ name: 'messaging_process_duration_seconds', help: 'Time of one batch in its handlers and database.', labelNames: ['topic'], buckets: seconds, registers }),
    criticalTime: new Histogram({ name: 'messaging_critical_time_seconds', help: 'From the fact to its effect here.', labelNames: ['topic'], buckets: [...seconds, 30, 60, 300, 3600], registers }),
    deadLetters: new Counter({ name: 'messaging_dead_letters_total', help: 'Events parked, by reason.', labelNames: ['reason', 'handler'], registers }),
    retries: new Counter({ name: 'messaging_retries_total', help: 'Tries again of parked events.', labelNames: ['outcome'], registers }),
    skipped: new Counter({ name: 'messaging_skipped_total', help: 'Events that were not handled, by reason.', labelNames: ['reason'], registers }),
    duplicates: new Counter({ name: 'inbox_duplicates_total', help: 'Events that came again and had no effect.', registers }),
    outboxPending: new Gauge({ name: 'outbox_pending', help: 'Events in the log that the relay has yet to publish.', registers }),
    outboxAge: new Gauge({ name: 'outbox_oldest_age_seconds', help: 'Age of the oldest event that is not published.', registers }),
    horizonAge: new Gauge({ name: 'outbox_horizon_still_seconds', help: 'How long an open transaction has held the relay back.', labelNames: ['database', 'pid'], registers }),
    published: new Counter({ name: 'outbox_published_total', help: 'Events published.', labelNames: ['event'], registers }),
  };
}

export type Metrics = ReturnType<typeof createMetrics>;
