import type { RunReport } from './batch-run.js';
import type { DeadLetter } from './dead-letters.js';
import type { DeliveryLog, DeliveryMetrics } from './ports.js';

/** Tells what a committed transaction did; never called for one that was rolled back. */
export function tellReport({ calls, letters, copies }: RunReport, topic: string, to: { logger: DeliveryLog; metrics: DeliveryMetrics }): void {
  for (const call of calls) to.metrics.handled(call);
  if (copies > 0) to.metrics.skipped(topic, 'duplicate', copies);
  for (const letter of letters) {
    to.metrics.parked(letter.handler, letter.failure?.reason ?? 'follower');
    to.logger.error(sentenceOn(letter), fieldsOf(letter));
  }
}

function sentenceOn({ handler, item, failure }: DeadLetter): string {
  return `${item.ceType ?? 'A record'} is parked for ${handler}: ${failure?.message ?? 'it follows a parked event'}`;
}

function fieldsOf({ handler, item: { record, headers }, failure }: DeadLetter): Record<string, unknown> {
  const { topic, partition, offset } = record;
  const identity = headers === null ? {} : { eventId: headers.eventId, correlationId: headers.correlationId };
  const cause = failure === null ? {} : { reason: failure.reason, code: failure.code, stack: failure.stack };
  return { handler, topic, partition, offset, ...identity, ...cause };
}
