import type { LogRow } from './log-rows.js';

/** Which partition a record goes to, as far as sizes are concerned; a wrong guess only makes batches smaller or larger. */
export type PartitionOf = (topic: string, key: string) => number;

/** Headers, key and framing of a usual record. */
const overheadBytes = 450;

/** How many rows, from the first on, go into one send: no partition gets more than `maxBytes`, but at least one row goes. */
export function cutBatch(rows: readonly LogRow[], partitionOf: PartitionOf, maxBytes: number): number {
  const bytes = new Map<string, number>();
  for (const [i, { topic, key, payload }] of rows.entries()) {
    if (topic === null || payload === null) continue;
    const partition = `${partitionOf(topic, key)} ${topic}`;
    const sum = (bytes.get(partition) ?? 0) + payload.length + overheadBytes;
    if (sum > maxBytes && i > 0) return i;
    bytes.set(partition, sum);
  }
  return rows.length;
}
