import type { Batch, BatchOutcome } from '@lifeos/delivery';
import type { IncomingRecord } from '@lifeos/events';
import type { RecordProcessor } from '../consumer/worker-options.js';

/** What a test lets the processor do with a batch; null: handle it. */
export type Script = (batch: Batch, signal: AbortSignal) => Promise<BatchOutcome | null> | BatchOutcome | null;

/**
 * Behaves as `BatchProcessor` does towards a consumer: keeps a position for each partition, skips what
 * lies before it, sends the consumer back when records are missing, and stops when it is aborted.
 */
export class ScriptedProcessor implements RecordProcessor {
  readonly handled: IncomingRecord[] = [];
  readonly batches: Batch[] = [];
  readonly positions = new Map<string, number>();

  constructor(private readonly script: Script = () => null) {}

  async process(batch: Batch, signal: AbortSignal): Promise<BatchOutcome> {
    this.batches.push(batch);
    const scripted = await this.script(batch, signal);
    if (scripted) return scripted;
    if (signal.aborted) return { kind: 'done', nextOffset: batch.fetchedOffset };
    return this.handle(batch);
  }

  values(): string[] {
    return this.handled.map(({ value }) => String(value));
  }

  private handle({ topic, partition, records, fetchedOffset }: Batch): BatchOutcome {
    const key = `${topic}/${partition}`;
    const position = this.positions.get(key) ?? 0;
    if (position < fetchedOffset) return { kind: 'seek', offset: position };
    this.handled.push(...records.filter(({ offset }) => offset >= position));
    const nextOffset = (records.at(-1)?.offset ?? fetchedOffset - 1) + 1;
    this.positions.set(key, Math.max(position, nextOffset));
    return { kind: 'done', nextOffset };
  }
}

export async function until(condition: () => boolean, what: string, withinMs = 90_000): Promise<void> {
  const end = Date.now() + withinMs;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`Waited ${withinMs} ms in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
