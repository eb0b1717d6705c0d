import type { Verdict } from './history/history.js';
import type { OwnParts } from './parts/own-parts.js';

/** What a trial gets. */
export interface TrialContext {
  readonly parts: OwnParts;
  readonly seed: number;
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
  run(context: TrialContext): Promise<TrialResult>;
}

export const isKept = ({ value, atMost }: Figure): boolean => atMost === null || value <= atMost;
