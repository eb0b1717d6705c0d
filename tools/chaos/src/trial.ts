import type { Verdict } from './history/history.js';
import type { OwnParts } from './parts/own-parts.js';

/** What a trial gets. */
export interface TrialContext {
  readonly parts: OwnParts;
  /** Those that are played at once: one, or up to `seedsAtOnce`. */
  readonly seeds: readonly number[];
  /** Shorter waits and smaller numbers: shows that it works. */
  readonly quick: boolean;
  readonly say: (line: string) => void;
}

/** A figure with the bound that it must keep. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: 's' | 'MB' | 'records' | 'transactions';
  /** Null: for information. */
  readonly atMost: number | null;
}

export interface TrialResult {
  /** Null where there is no history to check. */
  readonly verdict: Verdict | null;
  readonly figures: readonly Figure[];
  /** What else went wrong. */
  readonly troubles: readonly string[];
}

/** Something that is done to the system, and what must hold afterwards. */
export interface Trial {
  readonly name: string;
  readonly what: string;
  /** `fault`: once for each seed; `measure`: once. */
  readonly kind: 'fault' | 'measure';
  /** Needs a cluster. */
  readonly brokers?: 3;
  /** Seeds that live through one occurrence together: a part that goes away is away for all. Default 1. */
  readonly seedsAtOnce?: number;
  /** Unless the caller says how many. Default: as many as a kill point has. */
  readonly seedsByDefault?: number;
  /** Resolves with a result for each of the seeds, in their order. */
  run(context: TrialContext): Promise<readonly TrialResult[]>;
}

/** What a trial gets that plays its seeds one after the other. */
export interface OneSeed extends Omit<TrialContext, 'seeds'> {
  readonly seed: number;
}

export const oneByOne = (run: (context: OneSeed) => Promise<TrialResult>): Trial['run'] => async ({ seeds, ...shared }) => {
  const results: TrialResult[] = [];
  for (const seed of seeds) results.push(await run({ ...shared, seed }));
  return results;
};

export const isKept = ({ value, atMost }: Figure): boolean => atMost === null || value <= atMost;
