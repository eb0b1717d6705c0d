import type { CheckedPoints } from './check-points.js';
import { claimedType, type DataType } from './metrics.js';

/** Below this the person is told (I-7). */
export const poorBelow = 0.8;

/** I-7: good points / received points; 1 when none came. */
export const qualityOf = (good: number, received: number): number => (received === 0 ? 1 : good / received);

export const isPoor = (quality: number): boolean => quality < poorBelow;

/** Quality of each kind of data that came; a bad point that claims no kind counts in the whole alone. */
export function qualityByType({ good, bad }: CheckedPoints): Map<DataType, number> {
  const counts = new Map<DataType, { good: number; received: number }>();
  const count = (type: DataType | null, isGood: boolean): void => {
    if (type === null) return;
    const known = counts.get(type) ?? { good: 0, received: 0 };
    counts.set(type, { good: known.good + Number(isGood), received: known.received + 1 });
  };
  for (const { metric } of good) count(claimedType(metric), true);
  for (const { dataType } of bad) count(dataType, false);
  return new Map([...counts].map(([type, { good: taken, received }]) => [type, qualityOf(taken, received)]));
}

/** What the person reads when too much of what came was unusable. */
export function qualityNote(quality: number): string | null {
  return isPoor(quality) ? `Only ${Math.floor(quality * 100)} % of what came could be used. Check the source, or enter values by hand.` : null;
}
