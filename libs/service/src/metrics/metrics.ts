import { deadLetterMetrics } from '../operator/dead-letter-metrics.js';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

const seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const untilAnHour = [...seconds, 30, 60, 300, 3_600];

/** Everything that a service measures, under the names that Prometheus users look for. One a process. */
export function createMetrics(service: string) {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  return { registry, ...httpMetrics([registry]), ...deliveryMetrics([registry]), ...outboxMetrics([registry]), ...deadLetterMetrics([registry]) };
}

export type Metrics = ReturnType<typeof createMetrics>;

function httpMetrics(registers: Registry[]) {
  return {
    httpDuration: new Histogram({
      name: 'http_server_request_duration_seconds', help: 'Time to answer a request.', labelNames: ['method', 'route', 'status'], buckets: seconds, registers,
    }),
  };
}

function deliveryMetrics(registers: Registry[]) {
  const labelNames = ['handler', 'topic'] as const;
  return {
    lag: new Gauge({ name: 'kafka_consumergroup_lag', help: 'Records of a partition that the group has yet to handle.', labelNames: ['consumergroup', 'topic', 'partition'], registers }),
    partitionsHeld: new Gauge({ name: 'messaging_partitions', help: 'Partitions that this process consumes, by status; a halted one needs a person.', labelNames: ['status'], registers }),
    handled: new Counter({ name: 'messaging_handled_total', help: 'Events that took effect.', labelNames, registers }),
    processDuration: new Histogram({ name: 'messaging_process_duration_seconds', help: 'Time of one call of a handler.', labelNames, buckets: seconds, registers }),
    criticalTime: new Histogram({ name: 'messaging_critical_time_seconds', help: 'From the oldest fact of a call to its effect here.', labelNames, buckets: untilAnHour, registers }),
    deadLetters: new Counter({ name: 'messaging_dead_letters_total', help: 'Events parked.', labelNames: ['handler', 'reason'], registers }),
    exhausted: new Counter({ name: 'messaging_dead_letters_exhausted_total', help: 'Parked events that are not tried again and wait for a person.', labelNames: ['handler', 'reason'], registers }),
    retries: new Counter({ name: 'messaging_retries_total', help: 'Parked events tried again.', labelNames: ['handler', 'outcome'], registers }),
    skipped: new Counter({ name: 'messaging_skipped_total', help: 'Records that went to no handler, or not to one of them.', labelNames: ['topic', 'reason'], registers }),
    reruns: new Counter({ name: 'messaging_batch_reruns_total', help: 'Batches that ran again although no handler was at fault.', labelNames: ['topic', 'reason'], registers }),
    duplicates: new Counter({ name: 'inbox_duplicates_total', help: 'Events that came again and had no effect.', registers }),
  };
}

function outboxMetrics(registers: Registry[]) {
  return {
    published: new Counter({ name: 'outbox_published_total', help: 'Events that the broker took.', labelNames: ['event'], registers }),
    outboxPending: new Gauge({ name: 'outbox_pending', help: 'Events in the log that wait to be published.', registers }),
    outboxAge: new Gauge({ name: 'outbox_oldest_age_seconds', help: 'Age of the oldest of them.', registers }),
    outboxBlocked: new Gauge({ name: 'outbox_blocked_events', help: 'Events that the broker refuses and all after them of their key: they wait for a person.', registers }),
    horizonStill: new Gauge({ name: 'outbox_horizon_still_seconds', help: 'How long events have waited for an open transaction somewhere on the server.', registers }),
    horizonHolder: new Gauge({
      name: 'outbox_horizon_holder_open_seconds', help: 'Age of the oldest open transaction of the server, which no relay can pass.', labelNames: ['database', 'pid', 'application'], registers,
    }),
    relayLeads: new Gauge({ name: 'outbox_relay_leads', help: '1 while this process publishes, 0 while another does.', registers }),
  };
}
