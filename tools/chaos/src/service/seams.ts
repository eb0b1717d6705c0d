import type { RecordPublisher } from '@lifeos/events';
import type { RecordProcessor } from '@lifeos/kafka';
import type { Database } from '@lifeos/postgres';

/** Where a kill point can put itself around what a service is made of; the product's code knows nothing of it. */
export interface Seams {
  readonly database: (inner: Database) => Database;
  readonly publisher: (inner: RecordPublisher) => RecordPublisher;
  readonly processor: (inner: RecordProcessor) => RecordProcessor;
  /** The handler was called with an event. */
  readonly handling: () => void;
  /** The group gave this member its partitions. */
  readonly assigned: () => void;
  /** A step of the orderly stop begins or ends. */
  readonly stopping: () => void;
}

export const noSeams: Seams = {
  database: (inner) => inner,
  publisher: (inner) => inner,
  processor: (inner) => inner,
  handling: () => undefined,
  assigned: () => undefined,
  stopping: () => undefined,
};
