import type { Transaction } from '@lifeos/postgres';
import type { DeadLetter } from './dead-letters.js';
import { writeDeadLetters } from './dead-letters.js';
import type { PartitionOf } from './positions.js';

/** The letters of one key that a handler could not take, and those waiting behind them. */
export interface Queue {
  readonly handler: string;
  readonly key: string;
}

/** Tells whether a handler already has letters of that key, so that a later event must wait behind them. */
export type IsParked = (queue: Queue) => boolean;

/** What delivery asks of the dead letters. Both calls come under the locks of all keys concerned. */
export interface Parking {
  /** Reads which queues hold letters. Called before any handler. */
  parkedQueues(tx: Transaction, at: PartitionOf, queues: { handlers: readonly string[]; keys: readonly string[] }): Promise<IsParked>;
  /** Writes letters in the batch's own transaction. */
  park(tx: Transaction, letters: readonly DeadLetter[]): Promise<void>;
}

/** Each failed event is parked for itself; those after it go on. */
export const parkSingly: Parking = {
  parkedQueues: async () => () => false,
  park: writeDeadLetters,
};
