import type { RunReport } from './batch-run.js';
import { tellMissingUsers } from './consent/gate-run.js';
import type { DeadLetter } from './dead-letters.js';
import type { DeliveryLog, DeliveryMetrics } from './ports.js';

/** Tells what a committed transaction did; never called for one that was rolled back. */
export function tellReport({ calls, letters, copies, refused }: RunReport, topic: string, to: { logger: DeliveryLog; metrics: DeliveryMetrics }): void {
  for (const call of calls) to.metrics.handled(call);
  if (copies > 0) to.metrics.skipped(topic, 'duplicate', copies);
  if (refused.length > 0) to.metrics.skipped(topic, 'consent', refused.length);
  tellMissingUsers(refused, to.logger);
  for (const letter of letters) tellLetter(letter, to);
  const followers = letters.filter(({ failure }) => failure === null).length;
  if (followers > 0) to.logger.info(`${followers} events of ${topic} wait behind parked ones of their keys`, { topic, followers });
}

function tellLetter(letter: DeadLetter, { logger, metrics }: { logger: DeliveryLog; metrics: DeliveryMetrics }): void {
  const { handler, failure, schedule } = letter;
  metrics.parked(handler, failure?.reason ?? 'follower');
  if (failure === null) return;
  logger.error(sentenceOn(letter), fieldsOf(letter));
  if (schedule?.isExhausted === true) metrics.exhausted?.(handler, failure.reason);
}

function sentenceOn({ handler, item, failure, schedule }: DeadLetter): string {
  const what = `${item.ceType ?? 'A record'} is parked for ${handler}: ${failure?.message}`;
  return schedule?.isExhausted === true ? `${what}; no retry can help, it waits for an operator` : what;
}

function fieldsOf({ handler, item: { record, headers }, failure, schedule }: DeadLetter): Record<string, unknown> {
  const { topic, partition, offset } = record;
  const identity = headers === null ? {} : { eventId: headers.eventId, correlationId: headers.correlationId };
  const cause = failure === null ? {} : { reason: failure.reason, code: failure.code, stack: failure.stack };
  return { handler, topic, partition, offset, ...identity, ...cause, nextAttemptAt: schedule?.nextAttemptAt ?? null, exhausted: schedule?.isExhausted ?? false };
}
