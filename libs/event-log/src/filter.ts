import type { AnyEventType } from '@lifeos/contracts';
import type { LogPosition } from './position.js';

/** Which events to read; what is left out does not narrow. */
export interface EventFilter {
  /** Older majors that are read as one of these count as it. */
  readonly types?: readonly AnyEventType[];
  /** Reads through the whole log: no index pays for what is asked this seldom. */
  readonly key?: string;
  readonly stream?: string;
  /** Time of the fact, included. */
  readonly from?: Date;
  /** Time of the fact, not included. */
  readonly to?: Date;
}

/**
 * Of a table without statistics the planner believes that next to nothing matches, and would sort all
 * that is left for every page. Written so, it expects every other row and follows the log's order.
 */
const unindexed = (condition: string): string => `CASE WHEN ${condition} THEN true ELSE false END`;

/** A WHERE clause and its values, numbered from $1. */
export class Conditions {
  readonly values: unknown[] = [];
  private readonly parts: string[] = [];

  constructor(filter: EventFilter, recordNamesOf: (types: readonly AnyEventType[]) => string[]) {
    if (filter.types !== undefined) this.add((n) => unindexed(`type = ANY(${n})`), recordNamesOf(filter.types));
    if (filter.key !== undefined) this.add((n) => unindexed(`key = ${n}`), filter.key);
    if (filter.stream !== undefined) this.add((n) => `stream = ${n}`, filter.stream);
    if (filter.from !== undefined) this.add((n) => `occurred_at >= ${n}`, filter.from);
    if (filter.to !== undefined) this.add((n) => `occurred_at < ${n}`, filter.to);
  }

  add(condition: (placeholder: string) => string, value: unknown): void {
    this.values.push(value);
    this.parts.push(condition(`$${this.values.length}`));
  }

  after(position: LogPosition): void {
    this.values.push(position.epoch, position.xid, position.seq);
    const n = this.values.length;
    this.parts.push(`(epoch, xid, seq) > ($${n - 2}::int, $${n - 1}::xid8, $${n}::bigint)`);
  }

  /** Only what no transaction that is still open can come before. */
  settled(): void {
    this.parts.push(`(xid < pg_snapshot_xmin(pg_current_snapshot()) OR epoch < (SELECT epoch FROM event_log_epoch))`);
  }

  get where(): string {
    return this.parts.length === 0 ? '' : `WHERE ${this.parts.join(' AND ')}`;
  }
}
