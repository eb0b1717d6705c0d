import type { LetterRow } from '../letter-rows.js';
import type { DeliveryLog, DeliveryMetrics } from '../ports.js';
import type { FailedLetter } from './retry-queues.js';
import type { RetryReport, RetryUnit } from './retry-run.js';

/** Tells what committed retries did. */
export function tellRetries(report: RetryReport, { subscription, topic }: RetryUnit, to: { logger: DeliveryLog; metrics: DeliveryMetrics }): void {
  const { logger, metrics } = to;
  const handler = subscription.handler.name;
  for (const call of report.calls) metrics.handled(call);
  for (const _ of report.handled) metrics.retried?.(handler, 'handled');
  tellLeftOut(report.leftOut, `${handler} no longer takes it`, { handler, ...to });
  tellLeftOut(report.refused, 'its person does not allow it', { handler, ...to });
  if (report.refused.length > 0) metrics.skipped(topic, 'consent', report.refused.length);
  if (report.handled.length > 0) logger.info(`${report.handled.length} parked events of ${topic} took effect in ${handler}`, { handler, topic, events: report.handled.length });
  for (const letter of report.failed) {
    metrics.retried?.(handler, 'failed');
    if (letter.schedule.isExhausted) metrics.exhausted?.(handler, letter.failure.reason);
    tellFailed(letter, handler, logger);
  }
}

function tellLeftOut(rows: readonly LetterRow[], why: string, { handler, logger, metrics }: { handler: string; logger: DeliveryLog; metrics: DeliveryMetrics }): void {
  for (const row of rows) {
    metrics.retried?.(handler, 'left_out');
    logger.warn(`A parked ${row.event_type} is left out: ${why}`, { handler, topic: row.topic, partition: row.partition, offset: row.record_offset, eventId: row.event_id });
  }
}

function tellFailed({ row, failure, retries, schedule }: FailedLetter, handler: string, logger: DeliveryLog): void {
  const fields = {
    handler, topic: row.topic, partition: row.partition, offset: row.record_offset, eventId: row.event_id,
    reason: failure.reason, code: failure.code, stack: failure.stack, retries, nextAttemptAt: schedule.nextAttemptAt, exhausted: schedule.isExhausted,
  };
  if (schedule.isExhausted) logger.error(`A parked ${row.event_type} has failed for the last time in ${handler} and waits for an operator, with all of its key behind it: ${failure.message}`, fields);
  else logger.warn(`A parked ${row.event_type} failed again in ${handler}: ${failure.message}`, fields);
}
