import type { Batch, BatchOutcome } from './batch.js';
import type { PartitionOf } from './positions.js';
import type { Stop } from './settler.js';

type Doubt = Extract<Stop, { kind: 'gap' | 'beyond_end' }>;

/** Seeking to the same offset more often than this brings nothing: the broker does not have it. */
const seeksToTry = 2;

/** Decides what a position means that does not fit what was fetched. Never resets one. */
export class PositionDoubts {
  private readonly seeks = new Map<string, { offset: number; count: number }>();

  constructor(private readonly current: ((topic: string, partition: number) => Promise<number>) | null) {}

  /** The end of the partition as it is now: a member that was cut off may hold an old fetch. */
  async highWatermark({ topic, partition, highWatermark }: PartitionOf & { highWatermark: number }): Promise<number> {
    return this.current === null ? highWatermark : Math.max(highWatermark, await this.current(topic, partition));
  }

  outcomeOf({ kind, handler, offset }: Doubt, batch: Batch): BatchOutcome {
    const where = `${batch.topic} partition ${batch.partition}`;
    if (kind === 'beyond_end') {
      return {
        kind: 'halt',
        reason:
          `Handler ${handler} has handled ${where} up to offset ${offset}, but the partition ends at ${batch.highWatermark}: the topic was ` +
          'recreated or cut off. Nothing is reset by itself: restore the topic, or accept the new one by acceptRecreatedTopic',
      };
    }
    const logStart = batch.logStartOffset ?? 0;
    if (offset < logStart || this.count(batch, offset) > seeksToTry) {
      return {
        kind: 'halt',
        reason:
          `Handler ${handler} has handled ${where} up to offset ${offset}, but the broker gives nothing before ${batch.fetchedOffset}: records were ` +
          'deleted before they were handled. Restore them, or accept the loss by setting the position',
      };
    }
    return { kind: 'seek', offset };
  }

  clear(batch: Batch): void {
    this.seeks.delete(`${batch.topic} ${batch.partition}`);
  }

  private count(batch: Batch, offset: number): number {
    const at = `${batch.topic} ${batch.partition}`;
    const before = this.seeks.get(at);
    const count = before?.offset === offset ? before.count + 1 : 1;
    this.seeks.set(at, { offset, count });
    return count;
  }
}
