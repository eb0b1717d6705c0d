import { RecordRefused } from '@lifeos/events';
import type { OutgoingRecord, RecordPublisher } from '@lifeos/events';
import type { BlockedRow } from './leadership.js';
import { positionOf } from './log-rows.js';
import type { LogRow } from './log-rows.js';
import type { RecordBuilder } from './record-builder.js';

export interface SendOutcome {
  readonly sent: number;
  readonly blocked: readonly BlockedRow[];
}

interface Entry {
  readonly row: LogRow;
  readonly queue: string;
  readonly record: OutgoingRecord;
}

/** Sends rows in their order and finds the ones that the broker refuses for good. */
export class Sender {
  /** Topics and keys whose events wait in `relay_blocked`. */
  readonly blockedQueues = new Set<string>();

  constructor(private readonly publisher: RecordPublisher, private readonly builder: RecordBuilder) {}

  /** @throws whatever the publisher throws but RecordRefused; then the same rows are to be sent again. */
  async send(rows: readonly LogRow[]): Promise<SendOutcome> {
    const blocked: BlockedRow[] = [];
    const entries = rows.flatMap((row) => (row.topic === null ? [] : { row, queue: queueOf(row), record: this.builder.build(row) }));
    try {
      return { sent: await this.sendAll(entries, blocked), blocked };
    } catch (error) {
      // Nothing of this send is stored, so the next one must find the refused record again, with its reason.
      for (const { topic, key, reason } of blocked) if (reason !== null) this.blockedQueues.delete(queueOf({ topic, key }));
      throw error;
    }
  }

  private async sendAll(entries: readonly Entry[], blocked: BlockedRow[]): Promise<number> {
    const free = this.withoutBlocked(entries, blocked);
    if (free.length === 0) return 0;
    try {
      await this.publisher.publish(free.map(({ record }) => record));
      return free.length;
    } catch (error) {
      if (!(error instanceof RecordRefused)) throw error;
      const [only] = free;
      if (free.length > 1 || only === undefined) return this.sendHalves(free, blocked);
      this.blockedQueues.add(only.queue);
      blocked.push(blockedRow(only, error.message));
      return 0;
    }
  }

  /** In order: the second half must know which keys the first one blocked. */
  private async sendHalves(entries: readonly Entry[], blocked: BlockedRow[]): Promise<number> {
    const middle = entries.length >> 1;
    const first = await this.sendAll(entries.slice(0, middle), blocked);
    return first + (await this.sendAll(entries.slice(middle), blocked));
  }

  private withoutBlocked(entries: readonly Entry[], blocked: BlockedRow[]): readonly Entry[] {
    if (this.blockedQueues.size === 0) return entries;
    return entries.filter((entry) => {
      const isBlocked = this.blockedQueues.has(entry.queue);
      if (isBlocked) blocked.push(blockedRow(entry, null));
      return !isBlocked;
    });
  }
}

/** Topics hold no space, so two queues never share a name. */
export function queueOf({ topic, key }: { topic: string | null; key: string }): string {
  return `${topic} ${key}`;
}

function blockedRow({ row, record }: Entry, reason: string | null): BlockedRow {
  return { position: positionOf(row), topic: record.topic, key: row.key, reason };
}
