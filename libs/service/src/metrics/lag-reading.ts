import type { ConsumerState } from '@lifeos/kafka';
import type { Metrics } from './metrics.js';

/** Only of partitions that this process has; the others are told by the processes that have them. */
export function readLag({ lag, partitionsHeld }: Metrics, state: ConsumerState | null): void {
  lag.reset();
  partitionsHeld.reset();
  for (const { topic, partition, status, lag: records } of state?.partitions ?? []) {
    if (records !== null) lag.set({ consumergroup: state?.groupId ?? '', topic, partition }, records);
    partitionsHeld.inc({ status });
  }
}
