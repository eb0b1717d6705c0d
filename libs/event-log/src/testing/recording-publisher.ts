import { QuestCompleted } from '@lifeos/contracts';
import { PublishFailed, RecordRefused } from '@lifeos/events';
import type { OutgoingRecord, RecordPublisher, SchemaIds } from '@lifeos/events';
import type { Relay } from '../relay/relay.js';

export interface Topic {
  /** Everything the broker took, in its order; also what came twice. */
  readonly records: OutgoingRecord[];
}

/** A broker in memory, with the ways in which one can fail. */
export class RecordingPublisher implements RecordPublisher {
  /** What happens around the next sends; each entry is used once. */
  readonly plan: ('fail-before' | 'fail-after')[] = [];
  readonly batches: number[] = [];
  refuses: (record: OutgoingRecord) => boolean = () => false;
  /** Each send waits for it. */
  gate: Promise<void> = Promise.resolve();
  isSending = false;

  constructor(readonly topic: Topic = { records: [] }) {}

  get records(): OutgoingRecord[] {
    return this.topic.records;
  }

  async publish(records: readonly OutgoingRecord[]): Promise<void> {
    if (this.isSending) throw new Error('two sends at once');
    this.isSending = true;
    try {
      await this.gate;
      await this.take(records);
    } finally {
      this.isSending = false;
    }
  }

  async close(): Promise<void> {}

  private async take(records: readonly OutgoingRecord[]): Promise<void> {
    const fate = this.plan.shift();
    if (fate === 'fail-before') throw new PublishFailed('no broker');
    if (records.some(this.refuses)) throw new RecordRefused('too large for this broker');
    this.batches.push(records.length);
    this.topic.records.push(...records);
    if (fate === 'fail-after') throw new PublishFailed('the reply was lost');
  }
}

export class FixedSchemaIds implements SchemaIds {
  calls = 0;
  error: Error | null = null;

  constructor(public id = 7) {}

  async idFor(): Promise<number> {
    this.calls++;
    if (this.error !== null) throw this.error;
    return this.id;
  }
}

export const idOf = (record: OutgoingRecord): string => String(record.headers['ce_id']);

/** Quest ids of a user, in the order of the topic, what came twice left out as a consumer would. */
export function questsOf(records: readonly OutgoingRecord[], userId: number): number[] {
  const seen = new Set<string>();
  const mine = records.filter((record) => record.key === String(userId) && !seen.has(idOf(record)) && seen.add(idOf(record)));
  return mine.map(({ value, headers }) => QuestCompleted.decode(value.subarray(5), String(headers['ce_eventversion'])).quest_id);
}

export async function stopAll(relays: readonly Relay[]): Promise<void> {
  await Promise.all(relays.map((relay) => relay.stop()));
}
