import type { BenchEnv, Outcome, Prepared } from './scenario.js';

/** What a new process is told to do. */
export interface Job {
  readonly scenario: string;
  readonly task: 'prepare' | 'run' | 'role';
  /** The contestant's or the role's name; empty for what the whole scenario prepares. */
  readonly name: string;
  readonly env: BenchEnv;
}

export interface ProcessNote {
  readonly pid: number;
  readonly what: string;
}

/** What it answers. */
export type Answer =
  | { readonly kind: 'prepared'; readonly prepared: Prepared }
  | { readonly kind: 'outcome'; readonly outcome: Outcome; readonly helpers: readonly ProcessNote[] }
  | { readonly kind: 'ready' }
  | { readonly kind: 'told'; readonly message: Prepared }
  | { readonly kind: 'failed'; readonly error: string };

/** What a run says to a role's process after the job. */
export type ToRole = { readonly kind: 'tell'; readonly message: Prepared } | { readonly kind: 'end' };
