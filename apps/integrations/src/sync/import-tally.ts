import type { FileRow } from '../files/file-format.js';
import { type BadPoint, checkPoint, type Point } from '../points/check-points.js';
import { claimedType, type DataType } from '../points/metrics.js';
import { qualityOf } from '../points/quality.js';

export interface BadRow {
  readonly line: number;
  readonly reason: string;
}

/** Bad rows that are named; the others are counted. */
export const mostNamed = 100;

/** What of a file can be used, counted as it is read. */
export class ImportTally {
  good = 0;
  bad = 0;
  readonly badRows: BadRow[] = [];
  private readonly byType = new Map<DataType, { good: number; bad: number }>();

  /** Times after `now` lie in the future. */
  constructor(private readonly now: Date) {}

  /** Takes rows and gives back the good points. */
  take(rows: readonly FileRow[]): Point[] {
    const points: Point[] = [];
    for (const row of rows) {
      const checked: Point | BadPoint = 'point' in row ? checkPoint(row.point, this.now) : { dataType: row.dataType, reason: row.reason };
      if ('reason' in checked) this.refuse(row.line, checked);
      else points.push(checked);
    }
    this.good += points.length;
    for (const { metric } of points) this.count(claimedType(metric), 1, 0);
    return points;
  }

  get received(): number {
    return this.good + this.bad;
  }

  get quality(): number {
    return qualityOf(this.good, this.received);
  }

  qualityByType(): Map<DataType, number> {
    return new Map([...this.byType].map(([type, { good, bad }]) => [type, qualityOf(good, good + bad)]));
  }

  /** Kinds of which something was refused. */
  refusedTypes(): Set<DataType> {
    return new Set([...this.byType].flatMap(([type, { bad }]) => (bad > 0 ? [type] : [])));
  }

  private refuse(line: number, { dataType, reason }: BadPoint): void {
    this.bad += 1;
    if (this.badRows.length < mostNamed) this.badRows.push({ line, reason });
    this.count(dataType, 0, 1);
  }

  private count(type: DataType | null, good: number, bad: number): void {
    if (type === null) return;
    const known = this.byType.get(type) ?? { good: 0, bad: 0 };
    this.byType.set(type, { good: known.good + good, bad: known.bad + bad });
  }
}
