import type { DeadLetterDesk } from '@lifeos/delivery';
import { Gauge, type Registry } from 'prom-client';

export function deadLetterMetrics(registers: Registry[]) {
  const gauge = (name: string, help: string, ...labelNames: string[]) => new Gauge({ name, help, labelNames, registers });
  return {
    parked: {
      total: gauge('dead_letters', 'Parked events, those that wait behind others included.'),
      keys: gauge('dead_letters_parked_keys', 'Queues of handler, topic and key whose events wait.'),
      due: gauge('dead_letters_due', 'Parked events whose retry is due now.'),
      exhausted: gauge('dead_letters_exhausted', 'Parked events that wait for a person.'),
      oldest: gauge('dead_letters_oldest_age_seconds', 'Since the oldest parked event failed first.'),
      byReason: gauge('dead_letters_by_reason', 'First events of parked queues, by reason.', 'reason'),
      byHandler: gauge('dead_letters_by_handler', 'Parked events by handler.', 'handler'),
      byEvent: gauge('dead_letters_by_event', 'Parked events by type.', 'event'),
    },
  };
}

export type DeadLetterMetrics = ReturnType<typeof deadLetterMetrics>;

/** Asked once for each scrape. When the database is away the gauges are left out rather than shown old. */
export async function readDeadLetters({ parked }: Pick<DeadLetterMetrics, 'parked'>, desk: Pick<DeadLetterDesk, 'statistics'>, now = Date.now()): Promise<void> {
  const statistics = await desk.statistics().catch(() => null);
  if (statistics === null) return forget(parked);
  parked.total.set(statistics.total);
  parked.keys.set(statistics.parked_keys);
  parked.due.set(statistics.due_now);
  parked.exhausted.set(statistics.exhausted);
  parked.oldest.set(statistics.oldest === null ? 0 : (now - statistics.oldest.getTime()) / 1000);
  replace(parked.byReason, 'reason', statistics.by_reason);
  replace(parked.byHandler, 'handler', statistics.by_handler);
  replace(parked.byEvent, 'event', statistics.by_event);
}

function forget({ byReason, byHandler, byEvent, ...plain }: DeadLetterMetrics['parked']): void {
  for (const gauge of [byReason, byHandler, byEvent]) gauge.reset();
  for (const gauge of Object.values(plain)) gauge.remove();
}

/** A label that is gone must not keep its last value. */
function replace(gauge: Gauge, label: string, values: Readonly<Record<string, number>>): void {
  gauge.reset();
  for (const [value, count] of Object.entries(values)) gauge.set({ [label]: value }, count);
}
