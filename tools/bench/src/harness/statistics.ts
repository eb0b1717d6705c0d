export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/** The value below which the share `rank` (0..1) of the values lies, by nearest rank. */
export function percentile(values: readonly number[], rank: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(rank * sorted.length) - 1)] ?? Number.NaN;
}

/** Middle value; the mean of the middle two when the count is even. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

export function spread(values: readonly number[]): Spread {
  return { min: Math.min(...values), median: median(values), max: Math.max(...values) };
}

/** Each value over the reference of its own repetition, so that a slow minute hits both. */
export function ratios(values: readonly number[], references: readonly number[]): number[] {
  return values.flatMap((value, repetition) => {
    const reference = references[repetition];
    return reference === undefined ? [] : [value / reference];
  });
}
